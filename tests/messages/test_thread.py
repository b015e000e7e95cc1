"""Writing to each other about a reservation: who, until when, once, and what the other hears."""

from datetime import timedelta

import pytest

from app import policy
from app.bookings import cancelling, notices
from app.bookings.models import Notice, NoticeKind
from app.db import session
from app.errors import Refused
from app.messages import thread
from app.messages.models import Message
from app.talks.models import Party
from tests.factories import MINUTE, NOON, SECOND, book, make_cast, make_guest, publish

HOUR = timedelta(hours=1)
START = NOON + 20 * HOUR
GUEST, CAST = Party.GUEST, Party.CAST
BOTH = pytest.mark.parametrize("by", [GUEST, CAST])


@pytest.fixture
def booking():
    cast = make_cast()
    publish(cast, START)
    return book(make_guest(points=10_000), cast, START)


def write(booking, words="よろしくお願いします", *, by=CAST, knows_warning=False, now=NOON):
    return thread.write(booking.id, by=by, words=words, knows_warning=knows_warning, now=now)


def refused(booking, **given):
    with pytest.raises(Refused) as refusal:
        write(booking, **given)
    return refusal.value.codes


def told(account_id):
    wanted = session.query(Notice).filter_by(account_id=account_id, kind=NoticeKind.MESSAGE)
    return [notice.number for notice in wanted]


@pytest.mark.req("C36", "D41")
@BOTH
def test_what_one_writes_the_other_is_told_of(booking, by):
    message = write(booking, "  はじめまして\n楽しみです ", by=by)

    assert (message.words, message.flagged) == ("はじめまして\n楽しみです", False)
    mine, other = booking.guest_id, booking.cast_id
    if by is CAST:
        mine, other = other, mine
    assert (told(other), told(mine)) == ([message.id], [])


@pytest.mark.req("D41")
@BOTH
def test_until_a_day_after_the_end_both_may_write_and_not_a_second_longer(booking, by):
    last = booking.ends_at + policy.THREAD_OPEN

    assert write(booking, by=by, now=last).at == last
    assert refused(booking, words="もう一度", by=by, now=last + SECOND) == {"too_late"}


@BOTH
def test_a_cancelled_reservation_takes_no_messages_and_its_own_are_told_no_more(booking, by):
    write(booking, by=CAST)
    cancelling.by_guest(booking.id, accepts_loss=True, now=NOON + MINUTE)

    assert refused(booking, by=by, now=NOON + 2 * MINUTE) == {"cancelled"}
    kinds = {notice.kind for notice in notices.unseen_of(booking.guest_id, now=NOON)}
    assert kinds == {NoticeKind.CANCELLED}
    assert [each.words for each in thread.of_booking(booking)] == ["よろしくお願いします"]


@pytest.mark.parametrize(
    ("words", "code"), [("", "no_words"), (" \n ", "no_words"), ("あ" * 501, "too_long")]
)
def test_a_message_has_1_to_500_characters(booking, words, code):
    assert refused(booking, words=words) == {code}
    assert write(booking, "あ" * 500).words == "あ" * 500
    assert write(booking, "い").words == "い"


@pytest.mark.req("G48", "D41")
def test_contact_data_is_refused_once_and_flagged_when_sent_all_the_same(booking):
    words = "LINE交換しませんか？"

    assert refused(booking, words=words) == {"contact_data"}
    assert not thread.of_booking(booking)
    assert not told(booking.guest_id)
    assert write(booking, words, knows_warning=True).flagged


def test_who_knows_the_warning_and_drops_the_contact_data_is_not_flagged(booking):
    assert not write(booking, "20:30にお待ちしています", knows_warning=True).flagged


def test_pressing_twice_writes_once(booking):
    first = write(booking, now=NOON)

    assert write(booking, now=NOON + 10 * SECOND) is first
    assert told(booking.guest_id) == [first.id]
    assert write(booking, now=NOON + 11 * SECOND) is not first
    assert write(booking, by=GUEST, now=NOON).party is GUEST
    assert len(thread.of_booking(booking)) == 3


def test_reading_marks_the_others_messages_only(booking):
    theirs, mine = write(booking, by=CAST), write(booking, by=GUEST)
    assert [thread.unread_of(booking, by=by) for by in (GUEST, CAST)] == [1, 1]

    thread.mark_read(booking.id, by=GUEST, now=NOON + MINUTE)
    thread.mark_read(booking.id, by=GUEST, now=NOON + 2 * MINUTE)

    session.expire_all()
    assert (theirs.read_at, mine.read_at) == (NOON + MINUTE, None)
    assert [thread.unread_of(booking, by=by) for by in (GUEST, CAST)] == [0, 1]


def test_what_arrived_after_the_page_was_drawn_stays_unread(booking):
    shown, later = write(booking, "一つ目"), write(booking, "二つ目")

    thread.mark_read(booking.id, by=GUEST, until=shown.public_id, now=NOON + MINUTE)

    session.expire_all()
    assert (shown.read_at, later.read_at) == (NOON + MINUTE, None)


def test_a_thread_shows_its_newest_messages_in_order_and_no_other_bookings(booking, monkeypatch):
    monkeypatch.setattr(thread, "SHOWN", 3)
    cast = make_cast()
    publish(cast, START)
    other = book(make_guest(points=10_000), cast, START)
    write(other, "別の予約")
    for number in range(5):
        write(booking, f"{number}", by=(GUEST, CAST)[number % 2])

    assert [each.words for each in thread.of_booking(booking)] == ["2", "3", "4"]
    assert session.query(Message).count() == 6
