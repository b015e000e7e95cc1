"""Unused paid points at the end of a day: what the law on prepaid points asks for (資金決済法, facts: Japan 3.3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, Subquery, cast, func, select

from app import policy
from app.books.figures import month_in_sql
from app.clock import JAPAN, start_of
from app.db import session
from app.points.models import Kind, PointEntry, PointLot

# No paid lot lives longer than six months (a constraint of its table); a month more, for a job that
# is late. Older lots are empty, so their entries need not be read.
_OLDEST = timedelta(days=215)


class Level(StrEnum):
    CALM = "calm"
    NEAR = "near"  # the house wants to know early
    OVER = "over"  # 届出 and 供託, if the points were not outside the law by their short life


@dataclass(frozen=True, slots=True)
class Expiring:
    """Unused paid points by the month of their last day."""

    month: date
    lots: int
    points: int
    yen: int


@dataclass(frozen=True)
class Unused:
    day: date
    by_expiry: tuple[Expiring, ...]

    @property
    def lots(self) -> int:
        return sum(each.lots for each in self.by_expiry)

    @property
    def points(self) -> int:
        return sum(each.points for each in self.by_expiry)

    @property
    def yen(self) -> int:
        return sum(each.yen for each in self.by_expiry)

    @property
    def level(self) -> Level:
        if self.yen > policy.UNUSED_LAW_YEN:
            return Level.OVER
        return Level.NEAR if self.yen >= policy.UNUSED_ALARM_YEN else Level.CALM


def at_end_of(day: date) -> Unused:
    """By entries, not by what is left in the lots now, so it holds for any day."""
    left = by_lot(end_of_day(day))
    wanted = (
        select(left.c.month, func.count(), _sum(left.c.points), _sum(left.c.yen))
        .group_by(left.c.month)
        .order_by(left.c.month)
    )
    return Unused(day, tuple(Expiring(*row) for row in session.execute(wanted)))


def by_lot(until: datetime) -> Subquery:
    """Paid lots with points unused at a moment: lot_id, month of the last day, points, yen."""
    left = (
        select(PointEntry.lot_id, _sum(PointEntry.delta).label("points"))
        .where(PointEntry.at < until, PointEntry.at >= until - _OLDEST)
        .group_by(PointEntry.lot_id)
        .subquery()
    )
    last_day = PointLot.expires_at - timedelta(seconds=1)
    return (
        select(
            left.c.lot_id,
            month_in_sql(last_day).label("month"),
            left.c.points,
            (left.c.points * PointLot.price_yen // PointLot.points).label("yen"),
        )
        .join(PointLot, PointLot.id == left.c.lot_id)
        .where(PointLot.kind == Kind.PAID, PointLot.bought_at >= until - _OLDEST, left.c.points > 0)
        .subquery()
    )


def end_of_day(day: date) -> datetime:
    return start_of(day + timedelta(days=1))


def report_days(now: datetime, *, number: int = 4) -> list[date]:
    """The last days that the law counts by, 3/31 and 9/30, the newest first."""
    today = now.astimezone(JAPAN).date()
    days = [
        date(year, month, last)
        for year in range(today.year - number, today.year + 1)
        for month, last in policy.UNUSED_REPORT_DAYS
    ]
    return sorted((day for day in days if day <= today), reverse=True)[:number]


def _sum(points: SQLColumnExpression[int]) -> ColumnElement[int]:
    return cast(func.sum(points), BigInteger)
