"""What the detail page of a booking shows, to either of its two people."""

from datetime import datetime
from enum import StrEnum

from app import clock, policy, verdicts
from app.blueprints.messages import thread_context
from app.blueprints.objection_line import line_of_booking
from app.bookings import cancelling, completions, settlements
from app.bookings.models import Booking, BookingState
from app.desk import timeline
from app.people import devices
from app.people.models import Account, Role
from app.talks import rating, reserved, settling
from app.talks.models import Party


class Phase(StrEnum):
    """Where a booking stands at a moment, for its page."""

    AHEAD = "ahead"
    OPEN = "open"  # the room can be entered
    OVER = "over"  # its time is over, nothing is decided yet
    CANCELLED = "cancelled"
    SETTLED = "settled"


def phase_of(booking: Booking, *, now: datetime) -> Phase:
    if booking.state is not BookingState.CONFIRMED:
        return Phase(booking.state.value)
    if now < booking.starts_at:
        return Phase.AHEAD
    return Phase.OPEN if now < booking.talk_ends_at else Phase.OVER


def facts_of(booking: Booking, viewer: Account) -> dict[str, object]:
    now = clock.now()
    party = Party.CAST if viewer.role is Role.CAST else Party.GUEST
    settlement = settlements.find(booking.id)
    talk = reserved.find_talk(booking)
    phase = phase_of(booking, now=now)
    return {
        "booking": booking,
        "party": party.value,
        "other": booking.guest.nickname if party is Party.CAST else booking.cast.name,
        "phase": phase.value,
        "why_not_enter": reserved.why_not_enter(booking, now=now),
        "may_cancel": not cancelling.why_not_cancel(booking, now=now),
        "gets_points_back": cancelling.gets_points_back(booking, now=now),
        "settlement": settlement,
        "said": verdicts.say(booking, settlement, to=party) if settlement else "",
        "drawn": _drawn(booking) if phase in {Phase.OVER, Phase.SETTLED} else None,
        "talk": talk,
        "rating": rating.find(talk) if talk else None,
        "may_rate": bool(talk and not rating.why_not_rate(talk, now=now)),
        "report": completions.find(booking),
        "why_not_report": completions.why_not_file(booking, now=now),
        "is_in_time": completions.is_in_time(booking, now=now),
        "test": devices.last_of(viewer.id),
        "is_tested": devices.has_passed(
            viewer.id, since=booking.starts_at - policy.DEVICE_TEST_HOLDS
        ),
        "test_by": booking.starts_at - policy.DEVICE_TEST_BY,
        **thread_context(booking, viewer),
        "objection": line_of_booking(booking, settlement, party),
    }


def _drawn(booking: Booking) -> timeline.Timeline:
    return timeline.of_booking(booking, settling.presence_of(booking))
