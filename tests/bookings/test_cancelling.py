from datetime import timedelta

import pytest
from sqlalchemy import select

from app import letters
from app.bookings import cancelling, settlements
from app.bookings.models import BookingState, Notice, NoticeKind, Outcome, Slot
from app.db import session
from app.errors import Refused
from app.mail import Mail, MailState
from app.points import lots
from tests.factories import MINUTE, NOON, SECOND, book, give_points, japan, make_cast, make_guest
from tests.reservations import make_booking, state_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EARLY = NOON + DAY  # a start for which there is time to cancel


def points_of(booking, *, now=NOON):
    return lots.purse_of(booking.guest_id, now=now).points


def slots_of(booking):
    """What stands on the schedule in the booking's time: how many slots, and how many are free."""
    found = session.scalars(
        select(Slot.booking_id).where(
            Slot.cast_id == booking.cast_id,
            Slot.starts_at >= booking.starts_at,
            Slot.starts_at < booking.ends_at,
        )
    ).all()
    return len(found), found.count(None)


def by_guest(booking, now, *, accepts_loss=False):
    return state_of(cancelling.by_guest(booking.id, accepts_loss=accepts_loss, now=now))


@pytest.mark.req("G24", "G25", "D1")
@pytest.mark.parametrize("before", [24 * HOUR, 12 * HOUR + SECOND, 12 * HOUR])
def test_up_to_12_hours_before_all_points_come_back(before):
    booking = make_booking(start=EARLY, slots=2)

    assert by_guest(booking, EARLY - before) == ("guest_cancelled", 600, 0)

    assert points_of(booking) == 10_000
    assert slots_of(booking) == (2, 2)


@pytest.mark.req("G27", "D40")
def test_a_second_later_nothing_comes_back_and_the_guest_must_say_so_first():
    booking = make_booking(start=EARLY)
    late = EARLY - 12 * HOUR + SECOND

    with pytest.raises(Refused) as refusal, session.begin_nested():
        cancelling.by_guest(booking.id, accepts_loss=False, now=late)
    assert refusal.value.codes == {"loss_not_accepted"}

    assert by_guest(booking, late, accepts_loss=True) == ("guest_cancelled_late", 0, 0)
    assert points_of(booking) == 10_000 - 300
    assert slots_of(booking) == (1, 1)


@pytest.mark.req("D40")
@pytest.mark.parametrize(
    ("before", "earned", "reopened"), [(HOUR, 0, 1), (HOUR - SECOND, 150, 0), (SECOND, 150, 0)]
)
def test_in_the_last_hour_the_cast_has_kept_the_time_free_and_is_paid(before, earned, reopened):
    booking = make_booking(start=EARLY)

    settled = by_guest(booking, EARLY - before, accepts_loss=True)

    assert settled == ("guest_cancelled_late", 0, earned)
    assert slots_of(booking) == (1, reopened)


@pytest.mark.req("D1", "G27")
def test_a_booking_made_11_hours_ahead_never_was_free_to_cancel():
    booking = make_booking(start=NOON + 11 * HOUR)

    assert booking.free_cancel_until < booking.booked_at
    assert not cancelling.gets_points_back(booking, now=NOON)


@pytest.mark.req("C39", "D39")
def test_a_cast_cancels_up_to_an_hour_before_and_the_guest_gets_all_back():
    booking = make_booking(start=EARLY, slots=2)

    settled = cancelling.by_cast(booking.id, words="風邪をひきました。", now=EARLY - HOUR)

    assert state_of(settled) == ("cast_cancelled", 600, 0)
    assert points_of(booking) == 10_000
    assert slots_of(booking) == (0, 0)  # the cast is not there at that time


@pytest.mark.req("C40", "D38")
def test_in_the_last_hour_a_cast_has_only_the_emergency():
    booking = make_booking(start=EARLY)
    late = EARLY - HOUR + SECOND

    with pytest.raises(Refused) as refusal, session.begin_nested():
        cancelling.by_cast(booking.id, words="", now=late)
    assert refusal.value.codes == {"last_hour"}
    with pytest.raises(Refused) as refusal, session.begin_nested():
        cancelling.in_emergency(booking.id, words="  ", now=late)
    assert refusal.value.codes == {"no_reason"}

    settled = cancelling.in_emergency(booking.id, words="停電です。", now=late)

    assert state_of(settled) == ("cast_emergency", 300, 0)
    assert points_of(booking) == 10_000


@pytest.mark.parametrize("late", [timedelta(0), MINUTE, DAY])
def test_from_the_start_on_nobody_cancels(late):
    booking = make_booking(start=EARLY)

    for cancel in (
        lambda: cancelling.by_guest(booking.id, accepts_loss=True, now=EARLY + late),
        lambda: cancelling.by_cast(booking.id, words="a", now=EARLY + late),
        lambda: cancelling.in_emergency(booking.id, words="a", now=EARLY + late),
    ):
        with pytest.raises(Refused) as refusal, session.begin_nested():
            cancel()
        assert refusal.value.codes == {"begun"}


def test_what_is_cancelled_is_not_cancelled_again():
    booking = make_booking(start=EARLY)
    by_guest(booking, NOON)

    with pytest.raises(Refused) as refusal:
        cancelling.by_cast(booking.id, words="", now=NOON)

    assert refusal.value.codes == {"cancelled"}
    assert points_of(booking) == 10_000


def test_a_cancelled_time_can_be_booked_again_by_anybody():
    cast = make_cast()
    first = make_booking(start=EARLY, cast=cast)
    by_guest(first, NOON)

    second = book(make_guest(points=300), cast, EARLY)

    assert second.state is BookingState.CONFIRMED


@pytest.mark.req("D34")
def test_points_that_expired_meanwhile_come_back_as_a_free_lot():
    guest = make_guest()
    give_points(guest, 300, expires_at=japan(2026, 11, 22, 20))
    booking = make_booking(guest=guest, start=EARLY)
    later = EARLY - 12 * HOUR

    by_guest(booking, later)

    purse = lots.purse_of(guest.id, now=later)
    assert (purse.points, purse.next_expiry_at) == (300, later + timedelta(days=30))


@pytest.mark.req("D42")
def test_nothing_of_a_cancelled_booking_is_told_any_more(queue, at):
    booking = make_booking(start=EARLY)
    at(NOON)
    queue.do(letters.tell_of_bookings)
    assert len(session.scalars(select(Mail)).all()) == 2

    by_guest(booking, NOON)
    queue.do(letters.tell_of_bookings)

    states = session.scalars(select(Mail.state).order_by(Mail.id)).all()
    assert states == [MailState.WITHDRAWN] * 2 + [MailState.WAITING] * 2
    subjects = session.scalars(select(Mail.subject).where(Mail.state == MailState.WAITING)).all()
    assert all("キャンセルされました" in subject for subject in subjects)
    open_ = session.scalars(select(Notice.kind).where(Notice.withdrawn_at.is_(None))).all()
    assert open_ == [NoticeKind.CANCELLED] * 2


def test_a_settlement_says_who_gets_what():
    booking = make_booking(start=EARLY)

    by_guest(booking, NOON)

    settlement = settlements.find(booking.id)
    assert settlement.outcome is Outcome.GUEST_CANCELLED
    assert settlements.by_booking([booking.id]) == {booking.id: settlement}
