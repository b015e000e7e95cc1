"""What a cast has earned, by days of a month and by months of a year, in Japan."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, cast, func, or_, select

from app import workdays
from app.clock import JAPAN, start_of
from app.db import session
from app.payouts.earnings import EARNED

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a day, or of a month that this day begins."""

    on: date
    yen: int = 0
    talks: int = 0


@dataclass(frozen=True, kw_only=True)
class Earned:
    """A month."""

    days: Sequence[Sum]  # all of the month, also those ahead
    today: Sum  # its last day, where the month is over

    @property
    def yen(self) -> int:
        return sum(day.yen for day in self.days)

    @property
    def talks(self) -> int:
        return sum(day.talks for day in self.days)

    @property
    def so_far(self) -> Sequence[Sum]:
        return self.days[: self.today.on.day]


def in_month(cast_id: int, month: date, *, now: datetime) -> Earned:
    """The month of this day; one that is ahead has earned nothing yet."""
    first, today = month.replace(day=1), now.astimezone(JAPAN).date()
    _weekday, length = monthrange(first.year, first.month)
    every = [first.replace(day=number) for number in range(1, length + 1)]
    found = _sums(cast_id, first, workdays.first_of_next(first), unit="day")
    days = [found.get(day, Sum(day)) for day in every]
    lit = today.day if today.replace(day=1) == first else length
    return Earned(days=days, today=days[lit - 1])


def earned_by(cast_id: int, *, now: datetime) -> Earned:
    """This month in Japan."""
    return in_month(cast_id, now.astimezone(JAPAN).date(), now=now)


def in_year(cast_id: int, year: int) -> list[Sum]:
    """Its twelve months."""
    every = [date(year, number, 1) for number in range(1, MONTHS + 1)]
    found = _sums(cast_id, every[0], date(year + 1, 1, 1), unit="month")
    return [found.get(month, Sum(month)) for month in every]


def _sums(cast_id: int, since: date, until: date, *, unit: str) -> dict[date, Sum]:
    """What went back to a guest after it was claimed still counts: the cast was paid for it."""
    on = cast(func.date_trunc(unit, func.timezone(JAPAN.key, EARNED.c.served_at)), Date).label("on")
    yen = func.greatest(EARNED.c.yen, EARNED.c.claimed_yen)
    wanted = (
        select(on, func.sum(yen), func.count())
        .where(
            EARNED.c.cast_id == cast_id,
            EARNED.c.served_at >= start_of(since),
            EARNED.c.served_at < start_of(until),
            or_(EARNED.c.outcome == "", yen > 0),
        )
        .group_by(on)
    )
    return {line[0]: Sum(line[0], int(line[1]), line[2]) for line in session.execute(wanted)}
