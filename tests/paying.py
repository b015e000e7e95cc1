"""Claims and batches for tests: claims of real talks, a remitter, and batches brought to any step.

Noon is a Sunday in November 2026 (tests.factories.NOON); what is claimed then is due on the 30th,
a Monday and the last bank day of the month.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.casts.models import Cast
from app.db import session
from app.payouts import batches
from app.payouts.earnings import EARNED
from app.payouts.models import (
    BatchState,
    Claim,
    ClaimItem,
    ClaimKind,
    Payout,
    PayoutBatch,
    PayoutClaim,
    Remitter,
)
from tests import factories
from tests.factories import NOON, make_cast, make_operator
from tests.wages import talk_for

PAY_DAY = date(2026, 11, 30)
AFTER = NOON + timedelta(hours=12)  # every talk of noon is over and final
YEN = 1_000  # of a claim, unless said otherwise: 20 minutes of blue


def make_payer(*, cast_bears_fee: bool = True) -> Remitter:
    """Who pays, at a bank that takes 110 yen for a transfer, and 330 from 30,000 on."""
    factories.make_fees()
    return factories.make_remitter(cast_bears_fee=cast_bears_fee)


def make_claim(
    cast: Cast | None = None, *, minutes: int = 20, now: datetime = NOON, pay_on: date = PAY_DAY
) -> Claim:
    """A claim of one new talk, as the closing makes it."""
    cast = cast or make_cast(now=now)
    talk = talk_for(cast, minutes=minutes, now=now)
    earned = session.execute(select(EARNED).where(EARNED.c.talk_id == talk.id)).one()
    claim = Claim(
        cast_id=cast.account_id,
        kind=ClaimKind.CLOSING,
        items=1,
        yen=earned.yen,
        claimed_at=now + timedelta(hours=10),
        pay_on=pay_on,
    )
    session.add(claim)
    session.flush()
    item = ClaimItem(
        claim_id=claim.id,
        talk_id=talk.id,
        served_at=earned.served_at,
        units=earned.units,
        yen=earned.yen,
    )
    session.add(item)
    session.flush()
    return claim


def make_batch(
    *claims: Claim, state: BatchState = BatchState.MADE, pay_on: date = PAY_DAY
) -> PayoutBatch:
    """A batch of what waits, brought to a step by two operators; without claims it makes one."""
    if not claims:
        make_claim()
    if not session.scalar(select(Remitter.id).limit(1)):
        make_payer()
    maker, other = make_operator().id, make_operator().id
    batch = batches.make(pay_on, by=maker, now=AFTER)
    if state is BatchState.WITHDRAWN:
        return batches.withdraw(batch.id, by=maker, now=AFTER)
    if state is not BatchState.MADE:
        batches.approve(batch.id, by=other, now=AFTER)
    if state in {BatchState.ACCEPTED, BatchState.PAID}:
        batches.hand_out(batch.id, by=other, now=AFTER)
        batches.accept(batch.id, by=other, now=AFTER)
    if state is BatchState.PAID:
        paid_at = on(pay_on)
        batches.mark_paid(batch.id, paid_on=pay_on, by=other, now=paid_at)
    return batch


def payouts_of(batch: PayoutBatch) -> list[Payout]:
    """Of a batch, by cast."""
    wanted = select(Payout).where(Payout.batch_id == batch.id).order_by(Payout.cast_id)
    return list(session.scalars(wanted))


def live_claims() -> set[int]:
    return set(session.scalars(select(PayoutClaim.claim_id).where(PayoutClaim.live)))


def on(day: date) -> datetime:
    """Noon of a day in Japan."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=NOON.tzinfo)
