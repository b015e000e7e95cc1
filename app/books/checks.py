"""The books of the whole house, checked: every room's own checks together."""

from app.bookings import settlements
from app.payouts import checks as payouts
from app.points import checks as points
from app.talks import replay, settling


def problems() -> list[str]:
    """Every difference there is, in words; an empty list is a good day."""
    return [
        *points.problems(),
        *settlements.problems(),
        *replay.problems(),
        *settling.problems(),
        *payouts.problems(),
    ]
