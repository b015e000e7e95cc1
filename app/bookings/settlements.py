"""How a booking ends: one row says who gets what, and the points go back with it, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text

from app.bookings import notices
from app.bookings.models import Booking, BookingState, NoticeKind, Outcome, Settlement
from app.bookings.reserving import paid_key
from app.bookings.terms import part_of
from app.db import rows, session
from app.points.models import Reason
from app.points.returning import give_back

CANCELLED = {
    Outcome.GUEST_CANCELLED,
    Outcome.GUEST_CANCELLED_LATE,
    Outcome.CAST_CANCELLED,
    Outcome.CAST_EMERGENCY,
    Outcome.OFFICE_CANCELLED,
}


def get_locked(booking_id: int) -> Booking:
    """The booking as it is now, held until the end of the transaction: it ends once."""
    held = {"key_share": True}
    return session.get_one(Booking, booking_id, with_for_update=held, populate_existing=True)


def settle(
    booking: Booking,
    outcome: Outcome,
    *,
    returned_points: int,
    earned_yen: int,
    now: datetime,
    missed: timedelta = timedelta(0),
    words: str = "",
) -> Settlement:
    """End a booking whose row is held. Both people are told."""
    assert booking.state is BookingState.CONFIRMED, f"{booking.about} has ended already"
    is_off = outcome in CANCELLED
    booking.state = BookingState.CANCELLED if is_off else BookingState.SETTLED
    settlement = Settlement(
        booking_id=booking.id,
        outcome=outcome,
        returned_points=0,
        earned_yen=earned_yen,
        missed_seconds=int(missed.total_seconds()),
        words=words,
        settled_at=now,
    )
    session.add(settlement)
    session.flush()
    return_points(booking, settlement, returned_points, key=f"{booking.about}:settled", now=now)
    if is_off:
        notices.withdraw(booking.id, now=now)
    kind = NoticeKind.CANCELLED if is_off else NoticeKind.SETTLED
    notices.tell(booking.id, (booking.guest_id, booking.cast_id), kind, now=now)
    return settlement


def return_points(
    booking: Booking, settlement: Settlement, points: int, *, key: str, now: datetime
) -> None:
    """Give so many more points of a booking back, what was paid last first, once for each key."""
    assert 0 <= points <= booking.points - settlement.returned_points, "more than was paid"
    left = points
    for spent in reversed(payments_of(booking)):
        if left:
            back = give_back(
                spent,
                points=left,
                reason=Reason.BOOKING_RETURNED,
                key=f"{key}:{spent.rpartition(':')[2]}",
                now=now,
            )
            left -= back
    assert not left, f"{booking.about} could not return {left} points"
    settlement.returned_points += points


def decide(
    booking: Booking,
    settlement: Settlement,
    *,
    returned_points: int,
    earned_yen: int,
    key: str,
    now: datetime,
) -> int:
    """The two amounts in all, as an operator decided; returns the points that go back by it.

    The booking's row is held.
    """
    more = returned_points - settlement.returned_points
    return_points(booking, settlement, more, key=key, now=now)
    settlement.earned_yen, settlement.decided_at = earned_yen, now
    return more


def payments_of(booking: Booking) -> Sequence[str]:
    """The keys under which its points were taken, in order: at booking, and for each extension."""
    return [
        paid_key(booking.id),
        *(extension_key(booking.id, number) for number in range(1, booking.extended + 1)),
    ]


def extension_key(booking_id: int, number: int) -> str:
    """The key under which the points of the n-th extension are taken."""
    return f"booking:{booking_id}:extension{number}"


def earned_after(booking: Booking, returned_points: int) -> int:
    """What the cast earns where so many points went back: the rest's share, rounded for the cast."""
    kept = booking.points - returned_points
    return part_of(booking.full_reward_yen, part=kept, of=booking.points)


def find(booking_id: int) -> Settlement | None:
    return session.get(Settlement, booking_id, populate_existing=True)


def by_booking(ids: Sequence[int]) -> dict[int, Settlement]:
    found = session.scalars(select(Settlement).where(Settlement.booking_id.in_(ids)))
    return {each.booking_id: each for each in found}


_CHECKS = {
    "booking {0}: is {1}, but has {2} settlements": text("""
        SELECT booking.id, booking.state, count(settlement.booking_id)
        FROM booking LEFT JOIN settlement ON settlement.booking_id = booking.id
        GROUP BY booking.id
        HAVING count(settlement.booking_id) <> (booking.state <> 'confirmed')::int
    """),
    "booking {0}: costs {1}, but its entries took {2}": text("""
        SELECT booking.id, booking.slots * booking.price_points, -coalesce(sum(entry.delta), 0)
        FROM booking LEFT JOIN point_entry AS entry
          ON entry.about = 'booking:' || booking.id AND entry.reason = 'booking'
        GROUP BY booking.id
        HAVING booking.slots * booking.price_points <> -coalesce(sum(entry.delta), 0)
    """),
    "booking {0}: returned {1}, but its entries gave back {2}": text("""
        SELECT booking.id, coalesce(settlement.returned_points, 0), coalesce(sum(entry.delta), 0)
        FROM booking LEFT JOIN settlement ON settlement.booking_id = booking.id
        LEFT JOIN point_entry AS entry
          ON entry.about = 'booking:' || booking.id AND entry.reason = 'booking_returned'
        GROUP BY booking.id, settlement.returned_points
        HAVING coalesce(settlement.returned_points, 0) <> coalesce(sum(entry.delta), 0)
    """),
    "booking {0}: has {1} slots, but holds {2}": text("""
        SELECT booking.id, booking.slots, count(slot.starts_at)
        FROM booking LEFT JOIN slot ON slot.booking_id = booking.id
          AND slot.cast_id = booking.cast_id
          AND slot.starts_at >= booking.starts_at AND slot.ends_at <= booking.ends_at
        WHERE booking.state <> 'cancelled' GROUP BY booking.id
        HAVING booking.slots <> count(slot.starts_at)
    """),
}


def problems() -> list[str]:
    """Every difference between bookings, their settlements, slots and entries, in words."""
    return [words.format(*row) for words, statement in _CHECKS.items() for row in rows(statement)]
