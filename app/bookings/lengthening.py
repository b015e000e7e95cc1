"""A booking that runs, made longer by the next slot once both of its people have asked for it.

The points are taken at the booking's own price, and its moments move with its end.
"""

from datetime import datetime

from sqlalchemy import text

from app import policy
from app.bookings import settlements
from app.bookings.models import Booking, BookingState
from app.db import rows, session
from app.errors import N_, Problem, Refused
from app.points import lots
from app.points.models import Reason
from app.points.spending import Wanted, spend_held

_NEXT_IS_FREE = text("""
    SELECT EXISTS (SELECT FROM slot WHERE cast_id = :cast_id AND starts_at = :at
                      AND booking_id IS NULL)
       AND NOT EXISTS (SELECT FROM booking WHERE guest_id = :guest_id AND state <> 'cancelled'
                          AND starts_at < :until AND ends_at > :at)
""")

_CLAIM = text("""
    UPDATE slot SET booking_id = :booking_id
    WHERE cast_id = :cast_id AND starts_at = :at AND booking_id IS NULL RETURNING starts_at
""")


def why_not_lengthen(booking: Booking, *, now: datetime) -> list[Problem]:
    """Why this booking cannot go on for a slot; an empty list where it can."""
    is_on = booking.starts_at <= now < booking.talk_ends_at
    if booking.state is not BookingState.CONFIRMED or not is_on:
        return [Problem(code="not_running", text=N_("Only a talk that runs can go on."))]
    if booking.slots >= policy.MOST_SLOTS or not _next_is_free(booking):
        text = N_("The time after this talk is not free.")
        return [Problem(code="not_free", text=text)]
    points = lots.purse_of(booking.guest_id, now=now).points
    if points < booking.price_points:
        return [
            Problem(
                code="too_few_points",
                text=N_("Three minutes more cost %(needed)s pt; %(missing)s pt are missing."),
                values={
                    "needed": f"{booking.price_points:,}",
                    "missing": f"{booking.price_points - points:,}",
                },
            )
        ]
    return []


def holds(wanted_at: datetime | None, *, now: datetime) -> bool:
    """Does a tap still count? It lapses, so that nobody pays for a wish of long ago."""
    return wanted_at is not None and now <= wanted_at + policy.WISH_HOLDS


def wish(booking: Booking, *, by: int, now: datetime) -> bool:
    """One of its two people, by account, asks for the next slot; says whether that made it longer.

    The rows of booking, guest and cast are held. Raises Refused.
    """
    if problems := why_not_lengthen(booking, now=now):
        raise Refused(*problems)
    if by == booking.guest_id:
        booking.guest_wants_more_at = now
    else:
        assert by == booking.cast_id, "a stranger"
        booking.cast_wants_more_at = now
    wishes = (booking.guest_wants_more_at, booking.cast_wants_more_at)
    if not all(holds(each, now=now) for each in wishes):
        return False
    _lengthen(booking, now=now)
    return True


def _lengthen(booking: Booking, *, now: datetime) -> None:
    number = booking.extended + 1
    key = settlements.extension_key(booking.id, number)
    wanted = Wanted(booking.guest_id, booking.price_points, booking.about, key)
    claimed = rows(_CLAIM, booking_id=booking.id, cast_id=booking.cast_id, at=booking.ends_at)
    if not claimed or spend_held([wanted], reason=Reason.BOOKING, now=now):
        raise Refused(Problem(code="not_free", text=N_("The time after this talk is not free.")))
    booking.extended, booking.slots = number, booking.slots + 1
    booking.ends_at += policy.SLOT
    booking.talk_ends_at += policy.SLOT
    booking.report_until += policy.SLOT
    booking.guest_wants_more_at = booking.cast_wants_more_at = None
    session.flush()


def _next_is_free(booking: Booking) -> bool:
    """Published, not booked, and the guest has nothing else then."""
    at = booking.ends_at
    found = rows(
        _NEXT_IS_FREE,
        cast_id=booking.cast_id,
        guest_id=booking.guest_id,
        at=at,
        until=at + policy.SLOT,
    )
    return bool(found[0][0])
