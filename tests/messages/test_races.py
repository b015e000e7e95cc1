"""Messages at the same instant, over real connections."""

from datetime import timedelta

import pytest

from app.bookings import cancelling
from app.bookings.models import Notice, NoticeKind
from app.db import session
from app.errors import Refused
from app.messages import thread
from app.messages.models import Message
from app.talks.models import Party
from tests.factories import NOON, book, make_cast, make_guest, publish

pytestmark = pytest.mark.committed

START = NOON + timedelta(hours=20)


@pytest.fixture
def booking_id():
    cast = make_cast()
    publish(cast, START)
    return book(make_guest(points=10_000), cast, START).id


def write(booking_id):
    thread.write(booking_id, by=Party.CAST, words="こんばんは", knows_warning=False, now=NOON)


def test_ten_presses_at_the_same_instant_write_and_tell_once(at_once, booking_id):
    at_once(*[lambda: write(booking_id)] * 10)

    assert session.query(Message).count() == 1
    assert session.query(Notice).filter_by(kind=NoticeKind.MESSAGE).count() == 1


def test_a_message_and_a_cancellation_at_once_leave_nothing_to_be_told_of_the_message(
    at_once, booking_id
):
    written, cancelled = at_once(
        lambda: write(booking_id),
        lambda: cancelling.by_guest(booking_id, accepts_loss=True, now=NOON),
    )

    assert not isinstance(cancelled, Refused)
    assert written is None or written.codes == {"cancelled"}
    told = session.query(Notice).filter_by(kind=NoticeKind.MESSAGE, withdrawn_at=None)
    assert told.count() == 0
