"""Taking a booking back before its start: by guest, cast or office, or in an emergency."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update

from app import audit
from app.bookings import settlements
from app.bookings.models import Booking, BookingState, Outcome, Settlement, Slot
from app.db import session
from app.errors import N_, Problem, Refused

WORDS_LENGTH = 500  # characters


def why_not_cancel(booking: Booking, *, now: datetime) -> list[Problem]:
    """Why nobody can take this booking back any more; an empty list where somebody can."""
    if booking.state is BookingState.CANCELLED:
        return [Problem(code="cancelled", text=N_("This booking has been cancelled already."))]
    if booking.state is BookingState.SETTLED or now >= booking.starts_at:
        text = N_("The reserved time has begun, so it cannot be cancelled any more.")
        return [Problem(code="begun", text=text)]
    return []


def gets_points_back(booking: Booking, *, now: datetime) -> bool:
    """Does a guest who cancels now get everything back (G24, G27)? The last moment counts."""
    return now <= booking.free_cancel_until


def may_cast_cancel(booking: Booking, *, now: datetime) -> bool:
    """Can the cast cancel without an emergency (C39, C40)? The last moment counts."""
    return now <= booking.cast_cancel_until


def by_guest(booking_id: int, *, accepts_loss: bool, now: datetime) -> Settlement:
    """The guest cancels: all back in time (G25), and nothing later (D40).

    In the last hour the cast has kept the time free and is paid; before that the slots are free
    again. Raises Refused, also where points would be lost and the guest has not said yes to it.
    """
    booking = _held(booking_id, now=now)
    if gets_points_back(booking, now=now):
        settlement = settlements.settle(
            booking, Outcome.GUEST_CANCELLED, returned_points=booking.points, earned_yen=0, now=now
        )
        _reopen(booking)
        return settlement
    if not accepts_loss:
        text = N_("Please confirm that no points are returned.")
        raise Refused(Problem(code="loss_not_accepted", about="accepts_loss", text=text))
    in_last_hour = not may_cast_cancel(booking, now=now)
    settlement = settlements.settle(
        booking,
        Outcome.GUEST_CANCELLED_LATE,
        returned_points=0,
        earned_yen=booking.full_reward_yen if in_last_hour else 0,
        now=now,
    )
    if not in_last_hour:
        _reopen(booking)
    return settlement


def by_cast(booking_id: int, *, words: str, now: datetime) -> Settlement:
    """The cast cancels in time; the guest gets everything back (D39). Raises Refused."""
    booking = _held(booking_id, now=now)
    if not may_cast_cancel(booking, now=now):
        text = N_("In the last hour a talk can only be cancelled as an emergency.")
        raise Refused(Problem(code="last_hour", text=text))
    return _by_cast(booking, Outcome.CAST_CANCELLED, words=words, now=now)


def in_emergency(booking_id: int, *, words: str, now: datetime) -> Settlement:
    """The cast cannot come, in the last hour (D38): all back at once, and a case for the office.

    Raises Refused, also where no reason is given.
    """
    booking = _held(booking_id, now=now)
    if not words.strip():
        text = N_("Please tell the office what has happened.")
        raise Refused(Problem(code="no_reason", about="words", text=text))
    return _by_cast(booking, Outcome.CAST_EMERGENCY, words=words, now=now)


def by_office(
    booking_id: int, *, cast_stays: bool, words: str, by: int, now: datetime
) -> Settlement:
    """The office takes it back for somebody suspended: the guest gets everything, always.

    Where it is the guest who is suspended, the slots are free again. Raises Refused.
    """
    booking = _held(booking_id, now=now)
    settlement = settlements.settle(
        booking,
        Outcome.OFFICE_CANCELLED,
        returned_points=booking.points,
        earned_yen=0,
        words=words,
        now=now,
    )
    _reopen(booking)
    if not cast_stays:
        session.flush()
        _unpublish(booking)
    audit.note("booking.cancelled_by_office", about=booking.about, by=by, now=now)
    return settlement


def _held(booking_id: int, *, now: datetime) -> Booking:
    booking = settlements.get_locked(booking_id)
    if problems := why_not_cancel(booking, now=now):
        raise Refused(*problems)
    return booking


def _by_cast(booking: Booking, outcome: Outcome, *, words: str, now: datetime) -> Settlement:
    """The slots leave the schedule: the cast is not there at that time."""
    kept = words.strip()[:WORDS_LENGTH]
    settlement = settlements.settle(
        booking, outcome, returned_points=booking.points, earned_yen=0, words=kept, now=now
    )
    _reopen(booking)
    session.flush()
    _unpublish(booking)
    audit.note(f"booking.{outcome}", about=booking.about, by=booking.cast_id, now=now)
    return settlement


def _reopen(booking: Booking) -> None:
    """Its slots are free again."""
    freed = update(Slot).where(*_its_time(booking), Slot.booking_id == booking.id)
    unsynchronized = {"synchronize_session": False}
    session.execute(freed.values(booking_id=None), execution_options=unsynchronized)


def _unpublish(booking: Booking) -> None:
    gone = delete(Slot).where(*_its_time(booking), Slot.booking_id.is_(None))
    session.execute(gone, execution_options={"synchronize_session": False})


def _its_time(booking: Booking) -> tuple[ColumnElement[bool], ...]:
    """The cast's slots from its start to its end."""
    return (
        Slot.cast_id == booking.cast_id,
        Slot.starts_at >= booking.starts_at,
        Slot.starts_at < booking.ends_at,
    )
