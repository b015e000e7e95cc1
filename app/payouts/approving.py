"""What is looked at before a batch is approved: day, remitter, sums, accounts, and every amount anew."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import clock, policy, workdays
from app.casts import bank_accounts, banks
from app.casts.bank_models import BankAccount
from app.db import session
from app.errors import N_, Problem
from app.payouts import banks_file, grounds, remitters
from app.payouts.banks_file import Transfer
from app.payouts.grounds import Grounds
from app.payouts.left_out import LeftOutReason
from app.payouts.models import (
    ClaimItem,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    Remitter,
)
from app.payouts.planning import Planned

NO_BANK_DAY = N_("Banks rest on this day. Please choose a bank day.")


def why_not_pay_on(pay_on: date, *, now: datetime) -> list[Problem]:
    """Why banks would not pay on this day."""
    if pay_on < now.astimezone(clock.JAPAN).date():
        text = N_("This day is over. Please choose today or a later day.")
        return [Problem(code="day_is_over", about="pay_on", text=text)]
    if not workdays.is_bank_day(pay_on):
        return [Problem(code="no_bank_day", about="pay_on", text=NO_BANK_DAY)]
    if pay_on - now.astimezone(clock.JAPAN).date() > policy.PAY_DAY_AHEAD:
        text = N_("This day is more than %(days)s days ahead; banks do not take such files yet.")
        values = {"days": policy.PAY_DAY_AHEAD.days}
        return [Problem(code="too_far", about="pay_on", text=text, values=values)]
    return []


def why_not_approve(batch: PayoutBatch, *, now: datetime) -> list[Problem]:
    """Everything that stands in the way, each with what to do; an empty list where nothing does."""
    payouts = payouts_of(batch)
    if not payouts:
        text = N_("No payout is left in this batch. Please withdraw it.")
        return [Problem(code="empty", text=text)]
    remitter = session.get_one(Remitter, batch.remitter_id)
    known = grounds.of(
        [payout.cast_id for payout in payouts], pay_on=batch.pay_on, remitter=remitter
    )
    problems = [
        *why_not_pay_on(batch.pay_on, now=now),
        *_why_remitter_stops(remitter),
        *_why_sums_stop(batch, payouts),
        *_why_accounts_stop(payouts, known.accounts, known.why_no_account),
    ]
    if problems:
        return problems
    transfers = [transfer_of(payout) for payout in payouts]
    today = now.astimezone(clock.JAPAN).date()
    return [
        *_why_amounts_stop(payouts, known),
        *banks_file.why_not_write(remitter, batch.pay_on, transfers, today=today),
    ]


def why_accounts_stop(batch: PayoutBatch) -> list[Problem]:
    """The casts whose account is another one, or cannot be paid to, since the batch was made."""
    payouts = payouts_of(batch)
    cast_ids = [payout.cast_id for payout in payouts]
    accounts = bank_accounts.of_casts(cast_ids)
    return _why_accounts_stop(payouts, accounts, grounds.why_no_account(cast_ids, accounts))


def twins_in(batch: PayoutBatch) -> list[Payout]:
    """Payouts that send the same sum to the same account; somebody should make sure that it is meant."""
    payouts = payouts_of(batch)
    twins = banks_file.twins_among([transfer_of(payout) for payout in payouts])
    alike = {each.customer_number for each in twins}
    return [payout for payout in payouts if payout.id in alike]


def is_late(batch: PayoutBatch, *, now: datetime) -> bool:
    """Whether most banks would take its file no more. Each has an hour of its own, so nobody is stopped."""
    last_day = workdays.bank_days_before(batch.pay_on, 1)
    until = datetime.combine(last_day, policy.BANKS_TAKE_FILES_UNTIL, tzinfo=clock.JAPAN)
    return now >= until


def payouts_of(batch: PayoutBatch) -> list[Payout]:
    """Those that the file pays, in the order of its records."""
    wanted = (
        select(Payout)
        .where(Payout.batch_id == batch.id, Payout.state != PayoutState.WITHDRAWN)
        .options(joinedload(Payout.cast))
        .order_by(Payout.id)
    )
    return list(session.scalars(wanted))


def payout_of(batch: PayoutBatch, planned: Planned, *, new_code: str) -> Payout:
    """The transfer as planned, with the account and every amount as they are now."""
    account, amounts = planned.account, planned.amounts
    assert account and amounts
    names = banks.names_in_file(account.bank_code, account.branch_code)
    assert names, "looked at when it was planned"
    return Payout(
        batch_id=batch.id,
        cast_id=planned.cast.account_id,
        bank_account_id=account.id,
        bank_code=account.bank_code,
        bank_name=names[0],
        branch_code=account.branch_code,
        branch_name=names[1],
        account_kind=account.kind,
        account_number=account.number,
        holder=account.holder,
        new_code=new_code,
        claimed_yen=amounts.claimed_yen,
        tax_class=amounts.tax_class,
        withheld_yen=amounts.withheld_yen,
        bank_fee_yen=amounts.bank_fee_yen,
        fee_yen=amounts.fee_yen,
        transfer_yen=amounts.transfer_yen,
    )


def transfer_of(payout: Payout) -> Transfer:
    """A payout as the banks' file writes it."""
    return Transfer(
        bank_code=payout.bank_code,
        bank_name=payout.bank_name,
        branch_code=payout.branch_code,
        branch_name=payout.branch_name,
        account_kind=payout.account_kind,
        account_number=payout.account_number,
        holder=payout.holder,
        yen=payout.transfer_yen,
        new_code=payout.new_code,
        customer_number=payout.id,
    )


def hash_of(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def _why_remitter_stops(remitter: Remitter) -> list[Problem]:
    current = remitters.current()
    if current and current.id == remitter.id:
        return []
    text = N_(
        "Who pays, or how fees are borne, was changed since this batch was made."
        " Please withdraw it and make a new one."
    )
    return [Problem(code="remitter_changed", text=text)]


def _why_accounts_stop(
    payouts: list[Payout],
    accounts: Mapping[int, BankAccount],
    why_no_account: Mapping[int, LeftOutReason],
) -> list[Problem]:
    problems = []
    for payout in payouts:
        account = accounts.get(payout.cast_id)
        is_same = account is not None and account.id == payout.bank_account_id
        if not is_same or payout.cast_id in why_no_account:
            values = {"name": payout.cast.name}
            problems.append(Problem(code="account_changed", text=_ACCOUNT_CHANGED, values=values))
    return problems


def _why_sums_stop(batch: PayoutBatch, payouts: list[Payout]) -> list[Problem]:
    """Payouts whose sum is not that of their claims' talks in the books."""
    wanted = (
        select(PayoutClaim.payout_id, func.sum(ClaimItem.yen).label("yen"))
        .join(Payout, Payout.id == PayoutClaim.payout_id)
        .join(ClaimItem, ClaimItem.claim_id == PayoutClaim.claim_id)
        .where(Payout.batch_id == batch.id, PayoutClaim.live)
        .group_by(PayoutClaim.payout_id)
    )
    sums = {row.payout_id: row.yen for row in session.execute(wanted)}
    text = N_(
        "The payout of %(name)s does not fit the talks that it pays."
        " Please take it out of the batch, and tell who keeps the system."
    )
    return [
        Problem(code="sum_differs", text=text, values={"name": payout.cast.name})
        for payout in payouts
        if sums.get(payout.id) != payout.claimed_yen
    ]


def _why_amounts_stop(payouts: list[Payout], known: Grounds) -> list[Problem]:
    """Payouts with another tax or fee than they would have now."""
    text = N_(
        "The tax or the fee of %(name)s has changed since this batch was made."
        " Please take this payout out, or withdraw the batch and make a new one."
    )
    problems = []
    for payout in payouts:
        now = known.amounts_of(payout.cast_id, payout.claimed_yen)
        frozen = (payout.tax_class, payout.withheld_yen, payout.bank_fee_yen, payout.fee_yen)
        if frozen != (now.tax_class, now.withheld_yen, now.bank_fee_yen, now.fee_yen):
            values = {"name": payout.cast.name}
            problems.append(Problem(code="amount_changed", text=text, values=values))
    return problems


_ACCOUNT_CHANGED = N_(
    "The account of %(name)s was changed, or cannot be paid to, since this batch was made."
    " Please take this payout out, or withdraw the batch and make a new one."
)
