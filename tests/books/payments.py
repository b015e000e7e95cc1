"""Claims and payouts for tests of the books, as their rooms would leave them."""

from datetime import date, datetime

from sqlalchemy import select

from app.casts.bank_models import AccountKind
from app.casts.models import Cast
from app.db import session
from app.payouts.earnings import EARNED
from app.payouts.models import (
    BatchState,
    Claim,
    ClaimItem,
    ClaimKind,
    Closing,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    ReturnReason,
    WithholdingClass,
)
from tests.factories import NOON, make_operator, make_remitter

PAY_DAY = date(2026, 11, 30)


def close_claims(month: date, *, finished: bool = True, now: datetime = NOON) -> None:
    """The closing of claims has gone through a month, or is still under way."""
    session.merge(
        Closing(month=month, begun_at=now, finished_at=now if finished else None, swept_at=now)
    )
    session.flush()


def claim_all(cast: Cast, *, now: datetime = NOON) -> Claim:
    """Everything that a cast has earned and not claimed, in one claim."""
    wanted = select(EARNED).where(
        EARNED.c.cast_id == cast.account_id, EARNED.c.yen > EARNED.c.claimed_yen
    )
    lines = session.execute(wanted).all()
    claim = Claim(
        cast_id=cast.account_id,
        kind=ClaimKind.CLOSING,
        items=len(lines),
        yen=sum(line.yen - line.claimed_yen for line in lines),
        claimed_at=now,
        pay_on=PAY_DAY,
    )
    session.add(claim)
    session.flush()
    for line in lines:
        session.add(
            ClaimItem(
                claim_id=claim.id,
                talk_id=line.talk_id,
                booking_id=line.booking_id,
                case_id=line.case_id,
                served_at=line.served_at,
                units=max(line.units, 1),
                yen=line.yen - line.claimed_yen,
            )
        )
    session.flush()
    return claim


def pay_out(claim: Claim, *, withheld: int = 0, fee: int = 0, bank_fee: int = 0) -> Payout:
    """A payout of one claim, in a batch of its own that still has to be paid."""
    remitter = make_remitter()
    batch = PayoutBatch(
        pay_on=PAY_DAY, remitter_id=remitter.id, made_by=make_operator().id, made_at=NOON
    )
    session.add(batch)
    session.flush()
    payout = Payout(
        batch_id=batch.id,
        cast_id=claim.cast_id,
        bank_code="0005",
        bank_name="ﾐﾂﾋﾞｼUFJ",
        branch_code="341",
        branch_name="ｼﾝｼﾞﾕｸ",
        account_kind=AccountKind.ORDINARY,
        account_number="1234567",
        holder="ﾔﾏﾀﾞ ﾊﾅｺ",
        new_code="1",
        claimed_yen=claim.yen,
        tax_class=WithholdingClass.NONE,
        withheld_yen=withheld,
        bank_fee_yen=bank_fee,
        fee_yen=fee,
        transfer_yen=claim.yen - withheld - fee,
    )
    session.add(payout)
    session.flush()
    session.add(PayoutClaim(payout_id=payout.id, claim_id=claim.id))
    session.flush()
    return payout


def mark_paid(payout: Payout, *, on: date = PAY_DAY) -> None:
    batch = session.get_one(PayoutBatch, payout.batch_id)
    payout.state, batch.state, batch.paid_on = PayoutState.PAID, BatchState.PAID, on
    session.flush()


def come_back(payout: Payout, *, on: date, now: datetime) -> None:
    payout.state, payout.return_reason = PayoutState.RETURNED, ReturnReason.CLOSED
    payout.returned_at, payout.returned_on = now, on
    live = select(PayoutClaim).where(PayoutClaim.payout_id == payout.id)
    session.scalars(live).one().live = False
    session.flush()
