"""What a batch would pay: of each cast the claims that wait, where to, and every amount.

It writes nothing. The same plan is shown before a batch is made, makes it, and is drawn up once more
before it is approved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app import bank_kana, workdays
from app.casts import account_reviews, bank_accounts, banks
from app.casts.bank_models import BankAccount, Verdict
from app.casts.models import Cast
from app.db import session
from app.payouts import fees, withholding
from app.payouts.left_out import LeftOutReason
from app.payouts.models import (
    BatchState,
    Claim,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    Remitter,
    WithholdingClass,
)

FIRST, CHANGED, AS_BEFORE = "1", "2", "0"  # 新規コード
_OF_ACCOUNT = {"holder": LeftOutReason.OTHER_HOLDER, "shared": LeftOutReason.SHARED}


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What is taken from a sum before it is sent, and what the bank takes for sending it."""

    claimed_yen: int
    tax_class: WithholdingClass
    withheld_yen: int
    bank_fee_yen: int
    fee_yen: int

    @property
    def transfer_yen(self) -> int:
        return self.claimed_yen - self.withheld_yen - self.fee_yen


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A cast's claims that wait, with where they would go, or why they go nowhere yet."""

    cast: Cast
    claims: list[Claim]
    claimed_yen: int
    account: BankAccount | None
    amounts: Amounts | None
    reason: LeftOutReason | None


def waiting(*, until: date | None = None) -> list[Claim]:
    """The claims that no payout pays: those due until a day, or all."""
    pays = exists().where(PayoutClaim.claim_id == Claim.id, PayoutClaim.live)
    wanted = select(Claim).where(~pays).options(joinedload(Claim.cast))
    if until:
        wanted = wanted.where(Claim.pay_on <= until)
    return list(session.scalars(wanted.order_by(Claim.cast_id, Claim.id)))


def proposed_day(claims: Sequence[Claim], *, today: date) -> date | None:
    """The first promised day, or the next bank day where it is over; None where nothing waits."""
    if not claims:
        return None
    day = max(today, min(each.pay_on for each in claims))
    while not workdays.is_bank_day(day):
        day += workdays.DAY
    return day


def plan(claims: Sequence[Claim], *, pay_on: date, remitter: Remitter | None) -> list[Planned]:
    """One payout a cast, or the reason why not. Without a remitter no fee is known yet."""
    by_cast = [list(own) for _cast_id, own in groupby(claims, key=lambda each: each.cast_id)]
    unreviewed = account_reviews.waiting_among([own[0].cast_id for own in by_cast])
    return [_planned(own, unreviewed, pay_on=pay_on, remitter=remitter) for own in by_cast]


def why_left_out(account: BankAccount | None, unreviewed: Iterable[str]) -> LeftOutReason | None:
    """Why nothing can be paid to this account today."""
    if account is None:
        return LeftOutReason.NO_ACCOUNT
    if account.came_back_at:
        return LeftOutReason.CAME_BACK
    if account.verdict is Verdict.CORRECTION:
        return LeftOutReason.CORRECTION
    for each in unreviewed:
        return _OF_ACCOUNT[each]
    return _why_not_write(account)


def amounts_of(
    cast_id: int, claimed_yen: int, *, account: BankAccount, pay_on: date, remitter: Remitter | None
) -> Amounts:
    """Tax on the sum, then the fee on what is left of it (D25)."""
    tax_class = withholding.class_of(cast_id, on=pay_on)
    withheld = withholding.withheld_yen(tax_class, claimed_yen)
    left = claimed_yen - withheld
    place = (account.bank_code, account.branch_code)
    fee = 0
    if remitter and remitter.cast_bears_fee:
        fee = fees.deducted(*place, left, on=pay_on)
    sent = left - fee
    return Amounts(
        claimed_yen=claimed_yen,
        tax_class=tax_class,
        withheld_yen=withheld,
        bank_fee_yen=fees.fee_of(*place, sent, on=pay_on) if sent > 0 else fee,
        fee_yen=fee,
    )


def new_code(cast_id: int, account: BankAccount) -> str:
    """What the file says of this transfer: the first, to another account than before, or neither."""
    wanted = (
        select(Payout)
        .join(PayoutBatch)
        .where(
            Payout.cast_id == cast_id,
            Payout.state != PayoutState.WITHDRAWN,
            PayoutBatch.state.in_([BatchState.ACCEPTED, BatchState.PAID]),
            PayoutBatch.forgotten_at.is_(None),
        )
        .order_by(Payout.id.desc())
        .limit(1)
    )
    last = session.scalars(wanted).one_or_none()
    if last is None:
        return FIRST
    before = (last.bank_code, last.branch_code, last.account_kind, last.account_number, last.holder)
    today = (account.bank_code, account.branch_code, account.kind, account.number, account.holder)
    return CHANGED if last.state is PayoutState.RETURNED or before != today else AS_BEFORE


def _why_not_write(account: BankAccount) -> LeftOutReason | None:
    if banks.find_branch(account.bank_code, account.branch_code) is None:
        return LeftOutReason.NO_BRANCH
    if bank_kana.why_not_write(account.holder, about="holder"):
        return LeftOutReason.UNWRITABLE
    return None


def _planned(
    own: list[Claim],
    unreviewed: dict[int, list[str]],
    *,
    pay_on: date,
    remitter: Remitter | None,
) -> Planned:
    cast_id, claimed_yen = own[0].cast_id, sum(each.yen for each in own)
    account = bank_accounts.find(cast_id)
    reason = why_left_out(account, unreviewed.get(cast_id, []))
    amounts = None
    if account and reason is None:
        amounts = amounts_of(
            cast_id, claimed_yen, account=account, pay_on=pay_on, remitter=remitter
        )
        reason = LeftOutReason.NOTHING_LEFT if amounts.transfer_yen <= 0 else None
    return Planned(
        cast=own[0].cast,
        claims=own,
        claimed_yen=claimed_yen,
        account=account,
        amounts=amounts,
        reason=reason,
    )
