"""What our bank takes for a transfer: rows of the operator, each from a day on, and how they are read.

Of the rows that hold, the one that names more counts (a branch, then a bank, then any), and of those
the one with the highest amount reached. Without a row a transfer costs nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, policy
from app.casts import banks
from app.clock import JAPAN
from app.db import session
from app.errors import N_, Problem, Refused
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
        A fee as high as the amount leaves nothing to send.
        """
        fee_yen = self.fee_of(bank_code, branch_code, amount_yen)
        while True:
            arriving_yen = max(amount_yen - fee_yen, 0)
            less_yen = self.fee_of(bank_code, branch_code, arriving_yen)
            if less_yen >= fee_yen:
                return fee_yen
            fee_yen = less_yen

    def _of(self, scope: tuple[str, str], amount_yen: int) -> list[TransferFee]:
        """The rows of a scope that the amount reaches, the one that counts first."""
        reached = (
            row
            for row in self.rows
            if (row.bank_code, row.branch_code) == scope and row.from_yen <= amount_yen
        )
        return sorted(reached, key=lambda row: (row.from_yen, row.holds_from), reverse=True)


@dataclass(frozen=True, kw_only=True)
class Fee:
    """A row that is to be added; empty codes mean any bank, any branch."""

    bank_code: str = ""
    branch_code: str = ""
    from_yen: int = 0
    fee_yen: int
    holds_from: date


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


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row as its page shows it."""

    row: TransferFee
    bank: str  # in words; empty for any
    branch: str
    until: date | None  # the day from which another row of the same kind counts
    is_ahead: bool
    holds: bool  # today


def lines(*, today: date) -> list[Line]:
    """Every row: any bank first, then by bank and branch; by amount, and of each the newest first."""
    wanted = select(TransferFee).order_by(
        TransferFee.bank_code,
        TransferFee.branch_code,
        TransferFee.from_yen,
        TransferFee.holds_from.desc(),
    )
    found: list[Line] = []
    after: TransferFee | None = None
    for row in session.scalars(wanted):
        same = after is not None and _kind(after) == _kind(row)
        found.append(_line(row, until=after.holds_from if after and same else None, today=today))
        after = row
    return found


def find(bank_code: str, branch_code: str, from_yen: int, holds_from: date) -> TransferFee | None:
    """The row, held until the end of the transaction: it is removed once."""
    if from_yen > policy.MOST_TRANSFER_YEN:
        return None
    wanted = select(TransferFee).filter_by(
        bank_code=bank_code, branch_code=branch_code, from_yen=from_yen, holds_from=holds_from
    )
    return session.scalars(wanted.with_for_update()).one_or_none()


def why_not_add(fee: Fee, *, today: date) -> list[Problem]:
    """Why a row cannot be added; an empty list where it can."""
    problems = _of_place(fee.bank_code, fee.branch_code)
    for name, amount, most in (
        ("from_yen", fee.from_yen, policy.MOST_TRANSFER_YEN),
        ("fee_yen", fee.fee_yen, policy.MOST_FEE_YEN),
    ):
        if not 0 <= amount <= most:
            text = N_("Please give an amount from 0 to %(most)s yen.")
            values = {"most": f"{most:,}"}
            problems.append(Problem(code="out_of_range", about=name, text=text, values=values))
    if fee.holds_from < today:
        text = N_("A fee can hold from today on: what was paid before stays as it was.")
        problems.append(Problem(code="too_early", about="holds_from", text=text))
    if not problems and _is_taken(fee):
        text = N_("There is such a fee from that day on already.")
        problems.append(Problem(code="taken", about="holds_from", text=text))
    return problems


def add(fee: Fee, *, by: int | None, now: datetime) -> TransferFee:
    """Count with this fee from its day on. Raises Refused."""
    today = now.astimezone(JAPAN).date()
    if problems := why_not_add(fee, today=today):
        raise Refused(*problems)
    row = TransferFee(**asdict(fee))
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another operator was faster
        raise Refused(*why_not_add(fee, today=today)) from None
    _note("added", row, by=by, now=now)
    return row


def why_not_remove(row: TransferFee, *, today: date) -> list[Problem]:
    if row.holds_from <= today:
        text = N_("This fee has begun to hold, so it stays. Please add another one.")
        return [Problem(code="begun", text=text)]
    return []


def remove(row: TransferFee, *, by: int, now: datetime) -> None:
    """Take back a row that has not begun. Raises Refused."""
    if problems := why_not_remove(row, today=now.astimezone(JAPAN).date()):
        raise Refused(*problems)
    _note("removed", row, by=by, now=now)
    session.delete(row)
    session.flush()


def _of_place(bank_code: str, branch_code: str) -> list[Problem]:
    if branch_code and not bank_code:
        text = N_("Please give the bank of this branch, too.")
        return [Problem(code="no_bank", about="bank_code", text=text)]
    if bank_code and banks.find_bank(bank_code) is None:
        text = N_("There is no bank with this code.")
        return [Problem(code="no_bank", about="bank_code", text=text)]
    if branch_code and banks.find_branch(bank_code, branch_code) is None:
        text = N_("This bank has no branch with this code.")
        return [Problem(code="no_branch", about="branch_code", text=text)]
    return []


def _is_taken(fee: Fee) -> bool:
    same = select(TransferFee.id).filter_by(
        bank_code=fee.bank_code,
        branch_code=fee.branch_code,
        from_yen=fee.from_yen,
        holds_from=fee.holds_from,
    )
    return session.scalar(same) is not None


def _kind(row: TransferFee) -> tuple[str, str, int]:
    return row.bank_code, row.branch_code, row.from_yen


def _line(row: TransferFee, *, until: date | None, today: date) -> Line:
    bank = banks.find_bank(row.bank_code) if row.bank_code else None
    branch = banks.find_branch(row.bank_code, row.branch_code) if row.branch_code else None
    return Line(
        row=row,
        bank=bank.full_name if bank else row.bank_code,
        branch=branch.name if branch else row.branch_code,
        until=until,
        is_ahead=row.holds_from > today,
        holds=row.holds_from <= today and (until is None or until > today),
    )


def _note(did: str, row: TransferFee, *, by: int | None, now: datetime) -> None:
    audit.note(
        f"transfer_fee.{did}",
        about=f"transfer_fee:{row.id}",
        by=by,
        now=now,
        bank=row.bank_code,
        branch=row.branch_code,
        from_yen=row.from_yen,
        fee_yen=row.fee_yen,
        holds_from=str(row.holds_from),
    )
