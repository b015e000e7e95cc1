"""Statements found by day, amount and name, as the law on electronic books asks (facts: Japan 3.18)."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, or_

from app.db import session
from app.payouts.models import Payout, PayoutBatch
from app.payouts.statements import with_statement

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is asked for; nothing where a field is empty."""

    first: date | None = None  # pay days
    last: date | None = None
    least_yen: int | None = None  # of what was transferred
    most_yen: int | None = None
    words: str = ""  # in the name of the cast, or in the real name
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Found:
    payouts: list[Payout]
    next: Search | None


def find(search: Search) -> Found:
    """A page of statements, the latest pay day first."""
    wanted = with_statement()
    pay_day = func.coalesce(PayoutBatch.paid_on, PayoutBatch.pay_on)
    if search.first:
        wanted = wanted.where(pay_day >= search.first)
    if search.last:
        wanted = wanted.where(pay_day <= search.last)
    if search.least_yen is not None:
        wanted = wanted.where(Payout.transfer_yen >= search.least_yen)
    if search.most_yen is not None:
        wanted = wanted.where(Payout.transfer_yen <= search.most_yen)
    for word in search.words.split():
        names = [Payout.statement[name].astext for name in ("cast_name", "payee")]
        wanted = wanted.where(or_(*(name.icontains(word, autoescape=True) for name in names)))
    skipped = (search.page - 1) * PAGE
    payouts = session.scalars(wanted.offset(skipped).limit(PAGE + 1)).all()
    more = replace(search, page=search.page + 1) if len(payouts) > PAGE else None
    return Found(payouts=list(payouts[:PAGE]), next=more)
