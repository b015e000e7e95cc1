"""Money that came back from a cast's bank: the claims wait again, and the account is asked about."""

from datetime import date, datetime

from sqlalchemy import update

from app import audit, clock
from app.casts import account_reviews
from app.db import session
from app.errors import N_, Problem, Refused
from app.payouts import batches
from app.payouts.models import (
    BatchState,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    ReturnReason,
)


def give_back(
    payout_id: int, *, reason: ReturnReason, returned_on: date, by: int, now: datetime
) -> Payout:
    """The bank sent this payout back. The next batch pays its claims once the account is mended.

    The failed transfer's fee is the house's: the next payout is reckoned anew from the whole sum.
    """
    payout = session.get_one(Payout, payout_id)
    batch = batches.hold(payout.batch_id)
    session.refresh(payout)
    if payout.state is PayoutState.RETURNED:
        if payout.returned_by == by and (payout.return_reason, payout.returned_on) == (
            reason,
            returned_on,
        ):
            return payout
        raise Refused(Problem(code="returned", text=_RETURNED_ALREADY))
    batches.refuse_unless(batch, BatchState.ACCEPTED, BatchState.PAID)
    if payout.state is PayoutState.WITHDRAWN:
        raise Refused(Problem(code="taken_out", text=_TAKEN_OUT))
    if problems := _why_not_on(returned_on, batch, now=now):
        raise Refused(*problems)
    payout.state, payout.return_reason = PayoutState.RETURNED, reason
    payout.returned_at, payout.returned_on, payout.returned_by = now, returned_on, by
    session.flush()
    of_this = PayoutClaim.payout_id == payout.id
    session.execute(update(PayoutClaim).where(of_this).values(live=False))
    if payout.bank_account_id:
        account_reviews.money_came_back(payout.bank_account_id, by=by, now=now)
    audit.note(
        "payout.returned",
        about=f"payout:{payout.id}",
        by=by,
        now=now,
        cast=payout.cast_id,
        reason=reason.value,
        returned_on=returned_on.isoformat(),
    )
    return payout


def _why_not_on(returned_on: date, batch: PayoutBatch, *, now: datetime) -> list[Problem]:
    assert batch.approved_at, "the bank has its file"
    if returned_on < batch.approved_at.astimezone(clock.JAPAN).date():
        text = N_("On this day the file did not exist yet.")
        return [Problem(code="too_early", about="returned_on", text=text)]
    if returned_on > now.astimezone(clock.JAPAN).date():
        text = N_("This day is still to come.")
        return [Problem(code="to_come", about="returned_on", text=text)]
    return []


_RETURNED_ALREADY = N_("Somebody has written down meanwhile that this payout came back.")
_TAKEN_OUT = N_("This payout was taken out of its batch, so no money can have come back.")
