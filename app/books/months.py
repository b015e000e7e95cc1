"""Months of the books. A closed one is frozen, and seals the one before it (L17).

A month is what the totals of all time grew by. Entries of points are never written into the past, so
theirs are the month's own; rewards and fees of an earlier month may still change, and what they change
by after its closing lands in the next month that is closed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text

from app import policy
from app.books import movements, rewards, sales
from app.books.figures import Figures, end_of, merged, minus, month_of, months, plus
from app.books.models import ClosedMonth
from app.books.sales import Sales
from app.db import session
from app.payouts.models import Closing
from app.workdays import first_of_next


@dataclass(frozen=True, slots=True)
class Month:
    """One month: as it was frozen, or as it stands so far."""

    month: date
    figures: Figures
    until_then: Figures
    closed: ClosedMonth | None = None

    @property
    def sales(self) -> Sales:
        return sales.of(self.figures)


def listed(now: datetime) -> list[Month]:
    """Every month there is, the newest first: open ones as they stand, closed ones as frozen."""
    closed = closed_months()
    frozen = [Month(each.month, each.figures, each.until_then, each) for each in closed]
    return [*frozen, *_open(closed[-1] if closed else None, now=now)][::-1]


def closed_months() -> list[ClosedMonth]:
    return list(session.scalars(select(ClosedMonth).order_by(ClosedMonth.month)))


def close_due(now: datetime) -> int:
    """Freeze every month that is over and whose payable rewards all stand in claims; how many.

    A day is waited for, so that whatever was written in its last seconds is surely there. Who comes
    second waits for the first, and finds its months.
    """
    session.execute(text("LOCK TABLE closed_month IN SHARE ROW EXCLUSIVE MODE"))
    finished = select(Closing.month).where(Closing.finished_at.is_not(None))
    ready = [each for each in session.scalars(finished) if _is_over(each, now=now)]
    closed = closed_months()
    last, number = closed[-1] if closed else None, 0
    if not ready or (last and last.month >= max(ready)):
        return 0
    before = last.sha256 if last else ""
    for month in _open(last, now=now):
        if month.month <= max(ready):
            before = _freeze(month, before=before, now=now)
            number += 1
    return number


def digest(
    month: date, figures: Mapping[str, int], until_then: Mapping[str, int], *, before: str
) -> str:
    """The hash of a closed month, over its figures and the hash of the month before."""
    said = {
        "month": month.isoformat(),
        "figures": dict(figures),
        "until_then": dict(until_then),
        "before": before,
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _freeze(month: Month, *, before: str, now: datetime) -> str:
    sha256 = digest(month.month, month.figures, month.until_then, before=before)
    session.add(
        ClosedMonth(
            month=month.month,
            closed_at=now,
            figures=month.figures,
            until_then=month.until_then,
            sha256=sha256,
        )
    )
    session.flush()
    return sha256


def _is_over(month: date, *, now: datetime) -> bool:
    return now >= end_of(month) + policy.BOOKS_CLOSE_AFTER


def _open(last: ClosedMonth | None, *, now: datetime) -> list[Month]:
    """The months after the last closed one, to this one."""
    moved = movements.by_month(since=end_of(last.month) if last else None)
    money = merged(rewards.by_month(), rewards.payments_by_month())
    this = month_of(now)
    first = first_of_next(last.month) if last else min([*moved, *money, this])
    before = dict(last.until_then) if last else {}
    points = {name: value for name, value in before.items() if name not in rewards.NAMES}
    found = []
    for month in months(first, this):
        points = plus(points, moved.get(month, {}))
        until_then = plus(points, *(each for of, each in money.items() if of <= month))
        found.append(Month(month, minus(until_then, before), until_then))
        before = until_then
    return found
