"""What our bank takes for a transfer: rows of the operator, each from a day on, and how they are read.

Of the rows that hold, the one that names more counts (a branch, then a bank, then any), and of those
the one with the highest amount reached. Without a row a transfer costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app import policy
from app.db import session
from app.payouts.models import TransferFee


@dataclass(frozen=True)
class Tariff:
    """The rows of one day: read once for many transfers."""

    rows: Sequence[TransferFee]

    def fee_of(self, bank_code: str, branch_code: str, amount_yen: int) -> int:
        """What the bank takes when it sends this amount."""
        scopes = ((bank_code, branch_code), (bank_code, ""), ("", ""))
        fitting = (row for scope in scopes for row in self._of(scope, amount_yen))
        row = next(fitting, None)
        return row.fee_yen if row else 0

    def deducted(self, bank_code: str, branch_code: str, amount_yen: int) -> int:
        """What is taken of an amount whose receiver bears the fee: never more than the bank takes.

        With 110 yen below 30,000 and 330 from there on, 30,329 yen would arrive as 29,999 for
        which the bank takes only 110: so 110 are taken, 30,219 arrive, and the rest is ours (D25).
        What the fee would eat up whole arrives whole, at our cost: each reward is paid (D26).
        """
        fee_yen = self.fee_of(bank_code, branch_code, amount_yen)
        while True:
            arriving_yen = max(amount_yen - fee_yen, 0)
            less_yen = self.fee_of(bank_code, branch_code, arriving_yen)
            if less_yen >= fee_yen:
                return fee_yen if fee_yen < amount_yen else 0
            fee_yen = less_yen

    def _of(self, scope: tuple[str, str], amount_yen: int) -> list[TransferFee]:
        """The rows of a scope that the amount reaches, the one that counts first."""
        reached = (
            row
            for row in self.rows
            if (row.bank_code, row.branch_code) == scope and row.from_yen <= amount_yen
        )
        return sorted(reached, key=lambda row: (row.from_yen, row.holds_from), reverse=True)


def tariff(*, on: date) -> Tariff:
    return Tariff(list(session.scalars(select(TransferFee).where(TransferFee.holds_from <= on))))


def fee_of(bank_code: str, branch_code: str, amount_yen: int, *, on: date) -> int:
    """What the bank takes for sending this amount on a day. For many transfers: `tariff`."""
    return tariff(on=on).fee_of(bank_code, branch_code, amount_yen)


def deducted(bank_code: str, branch_code: str, amount_yen: int, *, on: date) -> int:
    """What is taken of this amount where the receiver bears the fee. For many: `tariff`."""
    return tariff(on=on).deducted(bank_code, branch_code, amount_yen)


@dataclass(frozen=True, kw_only=True)
class Example:
    """What becomes of an amount on its way to a cast."""

    amount_yen: int
    taken_yen: int  # of it
    bank_fee_yen: int

    @property
    def arrives_yen(self) -> int:
        return self.amount_yen - self.taken_yen

    @property
    def ours_yen(self) -> int:
        return self.bank_fee_yen - self.taken_yen


def examples(bank_code: str, branch_code: str, *, on: date, cast_bears_fee: bool) -> list[Example]:
    """Some amounts around the usual steps, sent to this branch on a day."""
    rows, found = tariff(on=on), []
    for amount_yen in policy.FEE_EXAMPLES_YEN:
        taken = rows.deducted(bank_code, branch_code, amount_yen) if cast_bears_fee else 0
        bank_fee = rows.fee_of(bank_code, branch_code, max(amount_yen - taken, 0))
        found.append(Example(amount_yen=amount_yen, taken_yen=taken, bank_fee_yen=bank_fee))
    return found
