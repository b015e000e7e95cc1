"""Claims and payouts for tests of the books, as their rooms would leave them."""

from datetime import date, datetime

from sqlalchemy import select

from app.casts.models import Cast
from app.db import session
from app.payouts import batches
from app.payouts.earnings import EARNED
from app.payouts.models import Claim, ClaimItem, ClaimKind, Closing, Payout
from tests import paying
from tests.factories import NOON, make_operator

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


def pay_out(claim: Claim, *, cast_bears_fee: bool = False, teaches: bool = False) -> Payout:
    """A payout of one claim, in an approved batch of its own that still has to be paid."""
    cast = session.get_one(Cast, claim.cast_id)
    return paying.make_payout(cast, [claim], cast_bears_fee=cast_bears_fee, teaches=teaches)


def mark_paid(payout: Payout, *, on: date = PAY_DAY) -> None:
    """The bank has taken the batch's file and carried it out."""
    batch_id, by, now = payout.batch_id, make_operator().id, paying.on(on)
    batches.hand_out(batch_id, by=by, now=now)
    batches.accept(batch_id, by=by, now=now)
    batches.mark_paid(batch_id, paid_on=on, by=by, now=now)
    session.flush()
