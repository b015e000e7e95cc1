"""The mails about rewards: claimed by the closing, paid (C57), or come back from the bank.

Each is written once, by its key, and found by what has none yet, so nothing has to ring for it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, cast, exists, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager
from sqlalchemy.types import Text

from app import policy
from app.db import session
from app.errors import N_
from app.jobs import periodic
from app.letters import link, tell_each, write
from app.mail import Mail
from app.payouts.models import (
    BatchState,
    Claim,
    ClaimKind,
    Payout,
    PayoutBatch,
    PayoutState,
    ReturnReason,
)
from app.people.models import Account

BATCH = 50  # mails in one transaction
REASONS = {
    ReturnReason.NO_ACCOUNT: N_("The bank has no account of this number."),
    ReturnReason.OTHER_NAME: N_("The name of the holder is another one at the bank."),
    ReturnReason.CLOSED: N_("The account has been closed."),
    ReturnReason.OTHER: N_("The bank gave no further reason."),
}


@periodic
def tell_of_payouts() -> None:
    """Mail casts what was claimed for them, what was paid, and what came back."""
    tell_each(_closed_untold, claimed)
    tell_each(_paid_untold, paid)
    tell_each(_returned_untold, came_back)


def claimed(claim: Claim, *, now: datetime) -> None:
    """The closing has claimed what the cast had not, so that it is paid in time."""
    write(
        "payout_claimed",
        to=session.get_one(Account, claim.cast_id),
        key=f"claim:{claim.id}:closed",
        now=now,
        claim=claim,
        link=link("cast_room.show_claim", public_id=claim.public_id),
    )


def paid(payout: Payout, *, now: datetime) -> None:
    """The bank has carried it out (C57)."""
    _of_payout("paid", payout, now=now, page_link=link("inquiries.ask"))


def came_back(payout: Payout, *, now: datetime) -> None:
    """The receiving bank sent it back: the account has to be mended, and what happens then."""
    assert payout.return_reason, "it came back for a reason"
    reason = REASONS[payout.return_reason]
    _of_payout("returned", payout, now=now, reason=reason, page_link=link("cast_room.account"))


def _of_payout(name: str, payout: Payout, *, now: datetime, **context: object) -> None:
    write(
        f"payout_{name}",
        to=session.get_one(Account, payout.cast_id),
        key=f"payout:{payout.id}:{name}",
        now=now,
        not_after=None,
        payout=payout,
        last_digits=payout.account_number[-4:],
        link=link("cast_room.statement", public_id=payout.public_id),
        **context,
    )


def _closed_untold(now: datetime) -> Sequence[Claim]:
    wanted = select(Claim).where(
        Claim.kind == ClaimKind.CLOSING,
        Claim.claimed_at >= now - policy.MAILS_KEPT,
        _is_untold("claim:", Claim.id, ":closed"),
    )
    return session.scalars(wanted.order_by(Claim.id).limit(BATCH)).all()


def _paid_untold(now: datetime) -> Sequence[Payout]:
    wanted = _payouts().where(
        Payout.state == PayoutState.PAID,
        PayoutBatch.state == BatchState.PAID,
        PayoutBatch.paid_at >= now - policy.MAILS_KEPT,
        _is_untold("payout:", Payout.id, ":paid"),
    )
    return session.scalars(wanted).all()


def _returned_untold(now: datetime) -> Sequence[Payout]:
    wanted = _payouts().where(
        Payout.returned_at >= now - policy.MAILS_KEPT,
        _is_untold("payout:", Payout.id, ":returned"),
    )
    return session.scalars(wanted).all()


def _payouts() -> Select[Payout]:
    found = select(Payout).join(Payout.batch).options(contains_eager(Payout.batch))
    return found.order_by(Payout.id).limit(BATCH)


def _is_untold(before: str, number: InstrumentedAttribute[int], after: str) -> ColumnElement[bool]:
    """That no mail of this key was ever written; keys stay when their mails are erased."""
    key = before + cast(number, Text) + after
    return ~exists().where(Mail.key == key)
