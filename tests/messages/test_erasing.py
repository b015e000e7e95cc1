from app import policy
from app.db import session
from app.messages import thread
from app.talks.models import Party
from tests.factories import NOON, SECOND
from tests.reservations import make_booking


def test_words_go_half_a_year_after_their_talk_and_not_before():
    booking = make_booking()
    for by in Party:
        thread.write(booking.id, by=by, words="こんばんは", knows_warning=False, now=NOON)
    due = booking.ends_at + policy.WORDS_KEPT

    assert thread.erase_old(due) == 0
    assert thread.erase_old(due + SECOND) == 2
    assert thread.erase_old(due + SECOND) == 0

    session.expire_all()
    assert [each.words for each in thread.of_booking(booking)] == [thread.ERASED] * 2
