"""The books of the whole house, checked: every room's own checks together."""

from app.bookings import settlements
from app.points import checks
from app.talks import replay, settling


def problems() -> list[str]:
    """Every difference there is, in words; an empty list is a good day."""
    return checks.problems() + settlements.problems() + replay.problems() + settling.problems()
