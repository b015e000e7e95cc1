"""Claims and batches for tests: claims of real talks, a remitter, and batches brought to any step.

Noon is a Sunday in November 2026 (tests.factories.NOON); what is claimed then is due on the 30th,
a Monday and the last bank day of the month.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.payouts import batches, payday, returning
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
    ReturnReason,
    TransferFee,
    Withholding,
    WithholdingClass,
)
from app.talks.models import Talk
from tests import factories
from tests.factories import NOON, make_cast, make_operator
from tests.wages import talk_for

DAY = timedelta(days=1)
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
    talks = [talk_for(cast, minutes=minutes, now=now)]
    claimed_at = now + timedelta(hours=10)
    return claim_of(cast, talks, kind=ClaimKind.CLOSING, pay_on=pay_on, now=claimed_at)


def claim_of(
    cast: Cast,
    talks: Sequence[Talk] = (),
    *,
    kind: ClaimKind = ClaimKind.ASKED,
    pay_on: date | None = None,
    now: datetime = NOON + DAY,
) -> Claim:
    """A claim of these talks, or of one that earned 100 yen."""
    talk_ids = [talk.id for talk in talks or [talk_for(cast)]]
    lines = session.execute(select(EARNED).where(EARNED.c.talk_id.in_(talk_ids))).all()
    claim = Claim(
        cast_id=cast.account_id,
        kind=kind,
        items=len(lines),
        yen=sum(line.yen for line in lines),
        claimed_at=now,
        pay_on=pay_on or payday.of_claim(now.astimezone(JAPAN).date()),
    )
    session.add(claim)
    session.flush()
    session.add_all(
        ClaimItem(
            claim_id=claim.id,
            talk_id=line.talk_id,
            served_at=line.served_at,
            units=line.units,
            yen=line.yen,
        )
        for line in lines
    )
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


def make_payout(
    cast: Cast,
    claims: Sequence[Claim] = (),
    *,
    cast_bears_fee: bool = False,
    teaches: bool = False,
    paid_on: date | None = None,
    approved: bool = True,
    now: datetime = NOON + 2 * DAY,
) -> Payout:
    """In a batch of its own: approved, and paid where a day is given. The bank takes 110 yen."""
    claims = claims or [claim_of(cast)]
    made_by, approved_by = make_operator().id, make_operator().id
    if not session.scalar(select(TransferFee.id).limit(1)):
        factories.make_fees()
    factories.make_remitter(cast_bears_fee=cast_bears_fee)
    if teaches:
        _withhold(cast, by=made_by)
    batch = batches.make(claims[0].pay_on, by=made_by, now=now)
    if approved:
        batches.approve(batch.id, by=approved_by, now=now)
    if paid_on:
        batches.hand_out(batch.id, by=made_by, now=now)
        batches.accept(batch.id, by=made_by, now=now)
        batches.mark_paid(batch.id, paid_on=paid_on, by=made_by, now=on(paid_on))
    session.flush()
    (payout,) = payouts_of(batch)
    session.refresh(payout)
    return payout


def give_back(
    payout: Payout, *, reason: ReturnReason = ReturnReason.NO_ACCOUNT, now: datetime
) -> None:
    """The bank could not pay it out."""
    returned_on, by = now.astimezone(JAPAN).date(), make_operator().id
    returning.give_back(payout.id, reason=reason, returned_on=returned_on, by=by, now=now)


def _withhold(cast: Cast, *, by: int) -> None:
    session.merge(
        Withholding(
            cast_id=cast.account_id,
            holds_from=date(2026, 1, 1),
            tax_class=WithholdingClass.TEACHING,
            written_by=by,
            at=NOON,
        )
    )
    session.flush()


def payouts_of(batch: PayoutBatch) -> list[Payout]:
    """Of a batch, by cast."""
    wanted = select(Payout).where(Payout.batch_id == batch.id).order_by(Payout.cast_id)
    return list(session.scalars(wanted))


def live_claims() -> set[int]:
    return set(session.scalars(select(PayoutClaim.claim_id).where(PayoutClaim.live)))


def on(day: date) -> datetime:
    """Noon of a day in Japan."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=NOON.tzinfo)
