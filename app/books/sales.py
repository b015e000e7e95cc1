"""Sales of a month: paid points when they are used or end, what casts get of them, and what is left.

Selling points is no sale: the yen are owed until the points are used, expire, or are replaced by
free ones. Free points were bought for nothing, so using them is a sale of 0 yen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app import policy
from app.books.movements import Line, name_of
from app.points.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """Yen, tax included. Each may be negative, where more came back than was used."""

    used: int  # less what was returned in this month, of whatever month
    expired: int  # on their last day, or given up by a guest who left
    moved: int  # replaced by free points, so never to be used as paid ones
    rewards: int  # of casts, with what the house bears and corrections of closed months
    withheld: int  # income tax, taken from payouts
    cast_fees: int  # transfer fees, taken from payouts
    bank_fees: int  # all that the bank takes
    sent: int  # to casts' accounts

    @property
    def total(self) -> int:
        return self.used + self.expired + self.moved

    @property
    def tax(self) -> int:
        """Consumption tax within, floored by class; expired points stand apart for who files it."""
        return tax_within(self.used) + tax_within(self.expired) + tax_within(self.moved)

    @property
    def house_fees(self) -> int:
        return self.bank_fees - self.cast_fees

    @property
    def margin(self) -> int:
        """What is left to the house, tax included."""
        return self.total - self.rewards - self.house_fees


def of(figures: Mapping[str, int]) -> Sales:
    def paid(*lines: Line) -> int:
        return -sum(figures.get(name_of(Kind.PAID, line, "yen"), 0) for line in lines)

    return Sales(
        used=paid(Line.USED, Line.RETURNED),
        expired=paid(Line.EXPIRED, Line.GIVEN_UP),
        moved=paid(Line.MOVED),
        rewards=figures.get("rewards_yen", 0),
        withheld=figures.get("withheld_yen", 0),
        cast_fees=figures.get("cast_fees_yen", 0),
        bank_fees=figures.get("bank_fees_yen", 0),
        sent=figures.get("sent_yen", 0),
    )


def tax_within(yen: int) -> int:
    """The tax in an amount that includes it, in whole yen, towards nothing: 110 has 10, 109 has 9."""
    tax = abs(yen) * policy.TAX_PERCENT // (100 + policy.TAX_PERCENT)
    return tax if yen >= 0 else -tax
