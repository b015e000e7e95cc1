"""The tax in a reward, and how much of it the house may deduct when its payee is no registered business.

消費税法附則 of the invoice system, as the reform of 2026 left it (facts: Japan 3.10): the share
depends on the day of the service.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from app import policy

FULL = 100  # percent: of a registered business

# Until and with which day which share of the tax may be deducted without a registration, in percent.
SHARES = (
    (date(2026, 9, 30), 80),
    (date(2028, 9, 30), 70),
    (date(2030, 9, 30), 50),
    (date(2031, 9, 30), 30),
)


def share_of(served_on: date, *, is_registered: bool) -> int:
    """Percent of the tax in a service of this day that the house may deduct."""
    if is_registered:
        return FULL
    return next((percent for last, percent in SHARES if served_on <= last), 0)


def tax_in(yen: int) -> int:
    """The consumption tax in an amount that holds it: of 11,000 yen 1,000, rounded down."""
    return yen * policy.TAX_PERCENT // (100 + policy.TAX_PERCENT)


def by_share(served: Iterable[tuple[date, bool, int]]) -> dict[int, int]:
    """Yen by their share: of services by day, with or without a registration. The highest first."""
    found: Counter[int] = Counter()
    for served_on, is_registered, yen in served:
        found[share_of(served_on, is_registered=is_registered)] += yen
    return dict(sorted(found.items(), reverse=True))


def deductible(yen_by_share: dict[int, int]) -> int:
    """What of the tax in these yen the house may deduct."""
    return sum(tax_in(yen) * share // 100 for share, yen in yen_by_share.items())
