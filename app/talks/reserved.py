"""The reserved talk: its room opens at the start and closes at its fixed end, whatever happens.

Whoever comes first opens it. There is no per-minute charging here, leaving is no ending, and who
is late still ends at the reserved time (G33, G34).
"""

from datetime import datetime

from sqlalchemy import or_, select

from app import audit
from app.bookings import settlements
from app.bookings.models import Booking, BookingState
from app.casts import standby
from app.db import session
from app.errors import N_, Problem, Refused
from app.points import lots
from app.talks import endings, entering, metering
from app.talks.models import LIVE_STATES, Talk, TalkState
from app.video import rooms


def why_not_enter(booking: Booking, *, now: datetime) -> list[Problem]:
    """Why nobody can enter this talk's room now; an empty list where both may."""
    if booking.state is BookingState.CANCELLED:
        return [Problem(code="cancelled", text=N_("This booking has been cancelled."))]
    if now < booking.starts_at:
        text = N_("The room opens at the reserved time.")
        return [Problem(code="too_early", text=text)]
    if now >= booking.talk_ends_at:
        return [Problem(code="over", text=N_("The reserved time is over."))]
    talk = find_talk(booking)
    if talk and talk.state is TalkState.ENDED:
        return [Problem(code="ended", text=N_("This talk was ended before its time."))]
    return []


def enter(booking_id: int, *, now: datetime) -> Talk:
    """The talk of a booking, with its room open. Entering again leads to the same one.

    Raises Refused.
    """
    booking = settlements.get_locked(booking_id)  # two who come at once open one room
    if problems := why_not_enter(booking, now=now):
        raise Refused(*problems)
    return find_talk(booking) or _open(booking, now=now)


def find_talk(booking: Booking) -> Talk | None:
    """The talk of this booking, once somebody has come."""
    return session.scalars(select(Talk).where(Talk.booking_id == booking.id)).one_or_none()


def find_talk_locked(booking: Booking) -> Talk | None:
    """The same as it is now, held until the end of the transaction, so that nobody adds evidence."""
    held = select(Talk).where(Talk.booking_id == booking.id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _open(booking: Booking, *, now: datetime) -> Talk:
    _clear_the_way(booking, now=now)
    room = rooms.open_room(guest_id=booking.guest_id, cast_id=booking.cast_id, now=now)
    talk = Talk(
        guest_id=booking.guest_id,
        cast_id=booking.cast_id,
        state=TalkState.RUNNING,
        price_points=0,  # paid with the booking
        reward_yen=0,  # earned by its settlement
        asked_at=now,
        answer_by=now,
        answered_at=now,
        room=room.name,
        booking_id=booking.id,
        ends_by=booking.talk_ends_at,
    )
    session.add(talk)
    session.flush()
    standby.engage(booking.cast_id)
    metering.set_closing(talk, now=now)
    audit.note("talk.opened", about=f"talk:{talk.id}", by=None, now=now, booking=booking.id)
    return talk


def _clear_the_way(booking: Booking, *, now: datetime) -> None:
    """End what the timetable should have ended minutes ago, if no worker was there to do it."""
    live = select(Talk).where(
        Talk.state.in_(LIVE_STATES),
        or_(Talk.guest_id == booking.guest_id, Talk.cast_id == booking.cast_id),
    )
    held = live.order_by(Talk.id).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(held).all()
    for guest_id in sorted(talk.guest_id for talk in found):  # all guests before any room or cast
        lots.lock_guest(guest_id)
    for talk in found:
        if talk.state is TalkState.RINGING:
            entering.withdraw(talk, now=now)
        else:
            endings.end_for_reservation(talk.id, now=now)
    session.flush()
