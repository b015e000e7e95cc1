"""Payouts for tests of what is read from them: statements, letters, yearly sums.

Each talk is one that was given (tests/wages.py), and each step is the rooms' own.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.payouts import batches, payday, returning
from app.payouts.models import (
    Claim,
    ClaimItem,
    ClaimKind,
    Payout,
    ReturnReason,
    TransferFee,
    Withholding,
    WithholdingClass,
)
from app.talks.models import Talk
from tests import factories, paying, wages
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
        pay_on=payday.of_claim(now.astimezone(JAPAN).date()),
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
    cast_bears_fee: bool = False,
    teaches: bool = False,
    paid_on: date | None = None,
    approved: bool = True,
    now: datetime = NOON + 2 * DAY,
) -> Payout:
    """In a batch of its own: approved, and paid where a day is given. The bank takes 110 yen."""
    claims = claims or [make_claim(cast)]
    made_by, approved_by = factories.make_operator().id, factories.make_operator().id
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
        batches.mark_paid(batch.id, paid_on=paid_on, by=made_by, now=paying.on(paid_on))
    session.flush()
    (payout,) = paying.payouts_of(batch)
    session.refresh(payout)
    return payout


def give_back(
    payout: Payout, *, reason: ReturnReason = ReturnReason.NO_ACCOUNT, now: datetime
) -> None:
    """The bank could not pay it out."""
    returned_on, by = now.astimezone(JAPAN).date(), factories.make_operator().id
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


def _item(talk: Talk) -> ClaimItem:
    kept = talk.minutes_charged - talk.minutes_returned
    return ClaimItem(
        talk_id=talk.id, served_at=talk.ended_at, units=kept, yen=kept * talk.reward_yen
    )
