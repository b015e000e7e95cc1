"""What a batch would pay: of each cast the claims that wait, where to, and every amount.

It writes nothing. The same plan is shown before a batch is made, makes it, and is drawn up once more
before it is approved.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app import workdays
from app.casts.bank_models import BankAccount
from app.casts.models import Cast
from app.db import session
from app.payouts import grounds
from app.payouts.grounds import Amounts, Grounds
from app.payouts.left_out import LeftOutReason
from app.payouts.models import (
    BatchState,
    Claim,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    Remitter,
)

FIRST, CHANGED, AS_BEFORE = "1", "2", "0"  # 新規コード


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
    known = grounds.of([own[0].cast_id for own in by_cast], pay_on=pay_on, remitter=remitter)
    return [_planned(own, known) for own in by_cast]


def new_codes(accounts: Collection[BankAccount]) -> dict[int, str]:
    """What the file says of transfers to these: the first of the cast, to another account, or neither."""
    cast_ids = [each.account_id for each in accounts]
    reached = (Payout.state != PayoutState.WITHDRAWN) & PayoutBatch.state.in_(
        [BatchState.ACCEPTED, BatchState.PAID]
    )
    wanted = (
        select(Payout.cast_id, Payout.state, *_SENT_TO)
        .join(PayoutBatch)
        .where(Payout.cast_id.in_(cast_ids), reached, PayoutBatch.forgotten_at.is_(None))
        .order_by(Payout.cast_id, Payout.id.desc())
        .ext(distinct_on(Payout.cast_id))
    )
    last = {row.cast_id: row for row in session.execute(wanted)}
    codes = {}
    for each in accounts:
        now = (each.bank_code, each.branch_code, each.kind, each.number, each.holder)
        before = last.get(each.account_id)
        if before is None:
            codes[each.account_id] = FIRST
        elif before.state is PayoutState.RETURNED or tuple(before[2:]) != now:
            codes[each.account_id] = CHANGED
        else:
            codes[each.account_id] = AS_BEFORE
    return codes


_SENT_TO = (
    Payout.bank_code,
    Payout.branch_code,
    Payout.account_kind,
    Payout.account_number,
    Payout.holder,
)


def _planned(own: list[Claim], known: Grounds) -> Planned:
    cast_id, claimed_yen = own[0].cast_id, sum(each.yen for each in own)
    reason = known.why_no_account.get(cast_id)
    return Planned(
        cast=own[0].cast,
        claims=own,
        claimed_yen=claimed_yen,
        account=known.accounts.get(cast_id),
        amounts=None if reason else known.amounts_of(cast_id, claimed_yen),
        reason=reason,
    )
