"""Figures by name, and months by their first day: what the books add up and take apart."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, cast, func

from app import workdays
from app.clock import JAPAN, start_of

Figures = dict[str, int]  # every name ends with _points or _yen
ByMonth = dict[date, Figures]


def plus(*each: Mapping[str, int]) -> Figures:
    return {name: sum(one.get(name, 0) for one in each) for name in _names(each)}


def minus(after: Mapping[str, int], before: Mapping[str, int]) -> Figures:
    """What the figures grew by; nothing is left out, also where it shrank."""
    return {name: after.get(name, 0) - before.get(name, 0) for name in _names((after, before))}


def merged(*each: ByMonth) -> ByMonth:
    """The figures of several readings, month by month."""
    return {month: plus(*(one.get(month, {}) for one in each)) for month in set().union(*each)}


def month_of(at: datetime) -> date:
    """The month in Japan that a moment lies in."""
    return at.astimezone(JAPAN).date().replace(day=1)


def end_of(month: date) -> datetime:
    """The first moment that is not in the month any more."""
    return start_of(workdays.first_of_next(month))


def months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = workdays.first_of_next(first)


def month_in_sql(at: ColumnElement[datetime]) -> ColumnElement[date]:
    """The same as `month_of`, for grouping by its label."""
    return cast(func.date_trunc("month", func.timezone(JAPAN.key, at)), Date)


def _names(each: Iterable[Mapping[str, int]]) -> list[str]:
    return sorted(set().union(*each))
