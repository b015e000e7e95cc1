"""What goes when the time of the books is over: names, accounts, sealed files and written conditions.

Claims, their items and the sums of payouts stay: without them old talks would look unclaimed, and the
balances of the house would not add up.
"""

from datetime import datetime

from sqlalchemy import delete, exists, func, null, select, update
from sqlalchemy.orm import aliased

from app import policy
from app.clock import JAPAN
from app.db import session
from app.payouts.condition_models import ConditionsNotice
from app.payouts.left_out import LeftOut
from app.payouts.models import Payout, PayoutBatch, Withholding
from app.payouts.registrations import TaxRegistration
from app.people.models import Account


def forget_books(now: datetime) -> None:
    before = now - policy.BOOKS_KEPT
    _forget_batches(before, now=now)
    _forget_casts(before)
    _forget_registrations(before)


def _forget_batches(before: datetime, *, now: datetime) -> None:
    """Of batches that were paid or given up so long ago, and of which nothing came back since."""
    came_back = exists().where(Payout.batch_id == PayoutBatch.id, Payout.returned_at >= before)
    over = (
        select(PayoutBatch.id)
        .where(
            func.coalesce(PayoutBatch.paid_at, PayoutBatch.withdrawn_at) < before,
            PayoutBatch.forgotten_at.is_(None),
            ~came_back,
        )
        .with_for_update()
    )
    batch_ids = session.scalars(over).all()
    if not batch_ids:
        return
    nothing = {"account_number": "", "holder": "", "bank_account_id": None, "statement": null()}
    session.execute(update(Payout).where(Payout.batch_id.in_(batch_ids)).values(nothing))
    session.execute(delete(LeftOut).where(LeftOut.batch_id.in_(batch_ids)))
    gone = update(PayoutBatch).where(PayoutBatch.id.in_(batch_ids))
    session.execute(gone.values(file=None, forgotten_at=now))


def _forget_casts(before: datetime) -> None:
    """What was written down of the work of casts who left so long ago."""
    left = select(Account.id).where(Account.closed_at < before)
    for kind in (ConditionsNotice, Withholding, TaxRegistration):
        session.execute(delete(kind).where(kind.cast_id.in_(left)))


def _forget_registrations(before: datetime) -> None:
    """Numbers that were replaced so long ago; the one that holds stays with its cast."""
    later = aliased(TaxRegistration)
    replaced = exists().where(
        later.cast_id == TaxRegistration.cast_id,
        later.id > TaxRegistration.id,
        later.entered_at < before,
        later.holds_from < before.astimezone(JAPAN).date(),
    )
    session.execute(delete(TaxRegistration).where(replaced))
