"""How a booking ended, in plain words for each of the two: on their pages and in their mails."""

from flask_babel import gettext

from app import policy
from app.bookings.models import Booking, Outcome, Settlement
from app.talks.models import Party


def say(booking: Booking, settlement: Settlement, *, to: Party) -> str:
    """What happened and what follows, as it was settled at first."""
    of_party = _to_guest if to is Party.GUEST else _to_cast
    return of_party(booking, settlement)


def _to_guest(booking: Booking, settlement: Settlement) -> str:
    name = booking.cast.name
    minutes, seconds = divmod(settlement.missed_seconds, 60)
    words: dict[Outcome, str] = {
        Outcome.GUEST_CANCELLED: gettext("You cancelled in time, so all points were returned."),
        Outcome.GUEST_CANCELLED_LATE: gettext(
            "You cancelled too late for the points to be returned."
        ),
        Outcome.CAST_CANCELLED: gettext(
            "%(name)s had to cancel. We are sorry; all points were returned.", name=name
        ),
        Outcome.CAST_EMERGENCY: gettext(
            "%(name)s had to cancel at short notice. We are sorry; all points were returned.",
            name=name,
        ),
        Outcome.OFFICE_CANCELLED: gettext(
            "The office has cancelled this talk, so all points were returned."
        ),
        Outcome.COMPLETED: gettext("The talk took place as booked. Thank you."),
        Outcome.GUEST_ABSENT: gettext(
            "The record shows no entry of yours, while %(name)s waited for you in the room. So the"
            " points are not returned.",
            name=name,
        ),
        Outcome.CAST_ABSENT: gettext(
            "%(name)s did not come into the room. We are sorry; all points were returned.",
            name=name,
        ),
        Outcome.BOTH_ABSENT: gettext(
            "The record shows neither of you in the room, so all points were returned."
        ),
        Outcome.CAST_LATE: gettext(
            "For %(time)s of the talk %(name)s was not there. The points for that were returned.",
            name=name,
            time=f"{minutes}:{seconds:02}",
        ),
        Outcome.TROUBLE: gettext(
            "%(name)s could not take part because of a trouble. All points were returned.",
            name=name,
        ),
        Outcome.UNCLEAR: _unclear(),
    }
    return words[settlement.outcome]


def _to_cast(booking: Booking, settlement: Settlement) -> str:
    name = booking.guest.nickname
    minutes, seconds = divmod(settlement.missed_seconds, 60)
    words: dict[Outcome, str] = {
        Outcome.GUEST_CANCELLED: gettext(
            "%(name)s cancelled in time. The slots are free again.", name=name
        ),
        Outcome.GUEST_CANCELLED_LATE: _late_cancel(booking, settlement, name),
        Outcome.CAST_CANCELLED: gettext("You cancelled. The guest got all points back."),
        Outcome.CAST_EMERGENCY: gettext(
            "You cancelled in an emergency. The guest got all points back, and the office looks"
            " at it."
        ),
        Outcome.OFFICE_CANCELLED: gettext(
            "The office has cancelled this talk. The guest got all points back; it does not count"
            " against you."
        ),
        Outcome.COMPLETED: gettext("The talk took place as booked. Thank you for your work."),
        Outcome.GUEST_ABSENT: gettext(
            "%(name)s did not come. You waited in the room and are paid in full.", name=name
        ),
        Outcome.CAST_ABSENT: gettext(
            "The record shows no entry of yours, so the guest got all points back and nothing is"
            " paid."
        ),
        Outcome.BOTH_ABSENT: gettext(
            "The record shows neither of you in the room, so the guest got all points back and"
            " nothing is paid."
        ),
        Outcome.CAST_LATE: gettext(
            "For %(time)s of the talk you were not in the room while the guest was. That part went"
            " back to the guest; the rest is paid.",
            time=f"{minutes}:{seconds:02}",
        ),
        Outcome.TROUBLE: gettext(
            "You reported a trouble, so the guest got all points back and nothing is paid."
        ),
        Outcome.UNCLEAR: _unclear(),
    }
    return words[settlement.outcome]


def _late_cancel(booking: Booking, settlement: Settlement, name: str) -> str:
    if settlement.settled_at > booking.cast_cancel_until:
        words = gettext(
            "%(name)s cancelled in the last hour. You are paid for the time that you kept free.",
            name=name,
        )
    else:
        words = gettext("%(name)s cancelled. The slots are free again.", name=name)
    return str(words)


def _unclear() -> str:
    words = gettext(
        "The record alone does not say what happened, so the office looks at it and answers within"
        " %(days)s days. Until then nothing moves.",
        days=policy.CASE_PROMISE_DAYS,
    )
    return str(words)
