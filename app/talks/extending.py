"""One more slot for a reserved talk that runs: with the second of two taps its room stays open longer."""

from datetime import datetime

from app.bookings import lengthening, settlements
from app.bookings.models import Booking
from app.casts import standby
from app.db import session
from app.errors import N_, Problem, Refused
from app.points import lots
from app.talks import metering, reserved
from app.talks.models import Party, TalkState


def want(booking_id: int, *, by: Party, extended: int, now: datetime) -> Booking:
    """One of the two wants more; with the other's tap the talk goes on. Raises Refused.

    `extended` is how often it had been when the button was drawn: a press of an older one, or
    a second press, does nothing.
    """
    booking = settlements.get_locked(booking_id)
    talk = reserved.find_talk_locked(booking)
    if talk is None or talk.state is not TalkState.RUNNING:
        raise Refused(Problem(code="not_running", text=N_("Only a talk that runs can go on.")))
    if booking.extended != extended:
        return booking
    lots.lock_guest(booking.guest_id)
    standby.get_locked(booking.cast_id)  # whoever takes a slot holds its cast
    person = booking.guest_id if by is Party.GUEST else booking.cast_id
    if lengthening.wish(booking, by=person, now=now):
        talk.ends_by = booking.talk_ends_at
        session.flush()
        metering.set_closing(talk, now=now)
    session.flush()
    return booking
