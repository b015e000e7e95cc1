"""Words for where the reward of a talk stands, for pages and for the cast's own file."""

from flask_babel import lazy_gettext as _

from app import clock
from app.bookings.models import Outcome
from app.payouts.ledger import State

STATES = {
    State.PENDING: _("Being counted"),
    State.PAYABLE: _("Can be claimed"),
    State.NOT_PAYABLE: _("Not paid"),
    State.ON_HOLD: _("On hold"),
    State.CLAIMED: _("Claim made"),
    State.IN_PAYOUT: _("Transfer under way"),
    State.CAME_BACK: _("Came back from the bank"),
    State.PAID: _("Transfer done"),
}
LOOKS = {  # classes of a state's badge
    State.PENDING: "off",
    State.PAYABLE: "live",
    State.NOT_PAYABLE: "off",
    State.ON_HOLD: "soon",
    State.CLAIMED: "busy",
    State.IN_PAYOUT: "busy",
    State.CAME_BACK: "wrong",
    State.PAID: "live",
}
IN_DISPUTE = _("The office looks at this talk. It can be claimed once it is decided.")
REASONS = {
    "running": _("The talk is going on."),
    "unsettled": _("It is settled ten minutes after its end."),
    "counting": _("The last minutes are still being counted."),
    "free": _("The talk stayed within the guest's free minute."),
    "returned": _("All minutes went back to the guest."),
    "dispute": IN_DISPUTE,
    "came_back": _("It is paid with the next transfers, once your account is right."),
    Outcome.CAST_ABSENT: _("You were not in the room; the guest got all points back."),
    Outcome.BOTH_ABSENT: _("Neither of you was in the room; the guest got all points back."),
    Outcome.TROUBLE: _("You reported a trouble; the guest got all points back."),
    Outcome.CAST_LATE: _("What you missed of the talk went back to the guest."),
    Outcome.UNCLEAR: _("The office has decided that this talk is not paid."),
    Outcome.COMPLETED: _("The office has decided that this talk is not paid."),
    Outcome.GUEST_ABSENT: _("The office has decided that this talk is not paid."),
}

# What the small line of a talk needs (cast_room/_reward_line.html).
SAID = {"reward_states": STATES, "midnight": clock.start_of}
