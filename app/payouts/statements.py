"""The statement of a payout (支払通知書): who paid whom for which talks, and how the sum came about.

It serves the house as 仕入明細書, so who is on it is frozen when the payout is approved (`facts_of`).
Amounts stand on the payout, talks in its claims; neither changes. Guests are not named.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from app.casts.models import Cast, LegalName
from app.clock import JAPAN
from app.db import session
from app.payouts import deductions, registrations
from app.payouts.models import ClaimItem, Payout, PayoutBatch, PayoutClaim, Remitter
from app.texts import publishing
from app.texts.models import TextKind

SHARE = "yen_at_"  # and a percentage: the part of the reward whose tax is deductible so far


def facts_of(payout: Payout, *, now: datetime) -> dict[str, str]:
    """Who pays and who is paid, as the statement of this payout will say for ever."""
    batch = session.get_one(PayoutBatch, payout.batch_id)
    legal = session.get_one(LegalName, payout.cast_id)
    items = items_of(payout)
    history = registrations.history_of(payout.cast_id)
    days = [_day(item.served_at) for item in items]
    served = [
        (day, bool(registrations.holding(history, on=day)), item.yen)
        for day, item in zip(days, items, strict=True)
    ]
    return {
        **_payer(batch, now=now),
        "payee": f"{legal.family_name} {legal.given_name}",
        "cast_name": session.get_one(Cast, payout.cast_id).name,
        "registration": _registration(history, days),
        "issued_on": f"{_day(now)}",
        "first_on": f"{min(days)}",
        "last_on": f"{max(days)}",
        **{f"{SHARE}{share}": f"{yen}" for share, yen in deductions.by_share(served).items()},
    }


def items_of(payout: Payout) -> list[ClaimItem]:
    """The talks that a payout pays, also where it came back: the earliest first."""
    wanted = (
        select(ClaimItem)
        .join(PayoutClaim, PayoutClaim.claim_id == ClaimItem.claim_id)
        .where(PayoutClaim.payout_id == payout.id)
        .order_by(ClaimItem.served_at, ClaimItem.id)
    )
    return list(session.scalars(wanted))


def _payer(batch: PayoutBatch, *, now: datetime) -> dict[str, str]:
    """As the legal notice names the seller; where that is not written yet, as the bank knows us."""
    notice = publishing.find(TextKind.COMMERCE, now=now)
    names = ("seller", "address", "phone")
    said = {name: publishing.words_of(notice, name, locale="ja")[0] for name in names}
    return {
        "payer": said["seller"] or session.get_one(Remitter, batch.remitter_id).name,
        "payer_address": said["address"],
        "payer_phone": said["phone"],
    }


def _registration(history: Sequence[registrations.TaxRegistration], days: Sequence[date]) -> str:
    """The number under which talks of this payout were given: the last of them that held one."""
    numbers = (registrations.holding(history, on=day) for day in sorted(days, reverse=True))
    return next(filter(None, numbers), "")


def _day(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()
