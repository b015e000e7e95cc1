"""Payouts as rows, for tests of what is read from them: statements, letters, yearly sums.

Each talk is one that was given (tests/wages.py), so its yen stand on real minutes.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.casts import bank_accounts
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.payouts import payday, statements
from app.payouts.models import (
    BatchState,
    Claim,
    ClaimItem,
    ClaimKind,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    Remitter,
    ReturnReason,
    WithholdingClass,
)
from app.talks.models import Talk
from tests import factories, wages
from tests.factories import NOON

DAY = timedelta(days=1)


def make_claim(
    cast: Cast,
    talks: Sequence[Talk] = (),
    *,
    kind: ClaimKind = ClaimKind.ASKED,
    now: datetime = NOON + DAY,
) -> Claim:
    """Of these talks, or of one that earned 100 yen."""
    talks = talks or [wages.talk_for(cast)]
    items = [_item(talk) for talk in talks]
    claim = Claim(
        cast_id=cast.account_id,
        kind=kind,
        items=len(items),
        yen=sum(item.yen for item in items),
        claimed_at=now,
        pay_on=payday.of_claim(_day(now)),
    )
    session.add(claim)
    session.flush()
    for item in items:
        item.claim_id = claim.id
    session.add_all(items)
    session.flush()
    return claim


def make_payout(
    cast: Cast,
    claims: Sequence[Claim] = (),
    *,
    fee_yen: int = 0,
    withheld_yen: int = 0,
    paid_on: date | None = None,
    approved: bool = True,
    now: datetime = NOON + 2 * DAY,
) -> Payout:
    """Approved, and paid where a day is given."""
    claims = claims or [make_claim(cast)]
    batch = make_batch(claims[0].pay_on, paid_on=paid_on, approved=approved, now=now)
    account = bank_accounts.find(cast.account_id) or factories.make_bank_account(cast)
    claimed_yen = sum(claim.yen for claim in claims)
    payout = Payout(
        batch_id=batch.id,
        cast_id=cast.account_id,
        bank_account_id=account.id,
        bank_code=account.bank_code,
        bank_name="",
        branch_code=account.branch_code,
        branch_name="",
        account_kind=account.kind,
        account_number=account.number,
        holder=account.holder,
        new_code="1",
        claimed_yen=claimed_yen,
        tax_class=WithholdingClass.TEACHING if withheld_yen else WithholdingClass.NONE,
        withheld_yen=withheld_yen,
        bank_fee_yen=fee_yen or 110,
        fee_yen=fee_yen,
        transfer_yen=claimed_yen - fee_yen - withheld_yen,
        state=PayoutState.PAID if paid_on else PayoutState.WAITING,
    )
    session.add(payout)
    session.flush()
    session.add_all(PayoutClaim(payout_id=payout.id, claim_id=claim.id) for claim in claims)
    session.flush()
    if approved:
        payout.statement = statements.facts_of(payout, now=now)
        session.flush()
    return payout


def make_batch(
    pay_on: date,
    *,
    paid_on: date | None = None,
    approved: bool = True,
    now: datetime = NOON + 2 * DAY,
) -> PayoutBatch:
    made_by, approved_by = factories.make_operator().id, factories.make_operator().id
    batch = PayoutBatch(
        pay_on=pay_on,
        state=BatchState.APPROVED if approved else BatchState.MADE,
        remitter_id=make_remitter(now=now).id,
        made_by=made_by,
        made_at=now,
    )
    if approved:
        batch.approved_by, batch.approved_at = approved_by, now
        batch.file, batch.file_sha256 = b"file", "hash"
    if paid_on:
        batch.state = BatchState.PAID
        batch.accepted_by, batch.accepted_at = made_by, now
        batch.paid_by, batch.paid_at, batch.paid_on = (
            made_by,
            datetime(paid_on.year, paid_on.month, paid_on.day, 12, tzinfo=JAPAN),
            paid_on,
        )
    session.add(batch)
    session.flush()
    return batch


def make_remitter(*, now: datetime = NOON, cast_bears_fee: bool = True) -> Remitter:
    found = session.scalars(select(Remitter).order_by(Remitter.id.desc()).limit(1)).first()
    if found and found.cast_bears_fee == cast_bears_fee:
        return found
    remitter = Remitter(
        code="0123456789",
        name="サシトーク",
        bank_code="0005",
        branch_code="341",
        account_kind="1",
        account_number="1234567",
        line_ends=False,
        cast_bears_fee=cast_bears_fee,
        at=now,
    )
    session.add(remitter)
    session.flush()
    return remitter


def give_back(
    payout: Payout, *, reason: ReturnReason = ReturnReason.NO_ACCOUNT, now: datetime
) -> None:
    """The bank could not pay it out."""
    payout.state, payout.return_reason = PayoutState.RETURNED, reason
    payout.returned_at, payout.returned_on = now, _day(now)
    for each in session.scalars(select(PayoutClaim).where(PayoutClaim.payout_id == payout.id)):
        each.live = False
    session.flush()


def _item(talk: Talk) -> ClaimItem:
    kept = talk.minutes_charged - talk.minutes_returned
    return ClaimItem(
        talk_id=talk.id, served_at=talk.ended_at, units=kept, yen=kept * talk.reward_yen
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()
