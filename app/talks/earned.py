"""What a cast has earned, by days in Japan: minutes that stand, and reserved talks as settled."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from app.clock import JAPAN, start_of
from app.db import rows


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    yen: int = 0
    talks: int = 0


@dataclass(frozen=True, kw_only=True)
class Earned:
    """This month in Japan."""

    days: list[Day]  # all of the month, also those ahead
    today: Day

    @property
    def yen(self) -> int:
        return sum(day.yen for day in self.days)

    @property
    def talks(self) -> int:
        return sum(day.talks for day in self.days)

    @property
    def so_far(self) -> list[Day]:
        return self.days[: self.today.on.day]


_BY_DAY = text("""
    SELECT CAST(over_at AT TIME ZONE 'Asia/Tokyo' AS date) AS day, sum(yen)::int, count(*)
    FROM (
        SELECT ended_at AS over_at,
               (minutes_charged - minutes_returned + minutes_borne) * reward_yen AS yen
        FROM talk WHERE cast_id = :cast_id AND state = 'ended' AND booking_id IS NULL
        UNION ALL
        SELECT booking.ends_at, settlement.earned_yen
        FROM settlement JOIN booking ON booking.id = settlement.booking_id
        WHERE booking.cast_id = :cast_id AND settlement.earned_yen > 0
    ) AS earned
    WHERE over_at >= :since GROUP BY day
""")


def earned_by(cast_id: int, *, now: datetime) -> Earned:
    today = now.astimezone(JAPAN).date()
    since = start_of(today.replace(day=1))
    found = {row[0]: Day(*row) for row in rows(_BY_DAY, cast_id=cast_id, since=since)}
    _weekday, length = monthrange(today.year, today.month)
    month = [today.replace(day=number) for number in range(1, length + 1)]
    days = [found.get(each, Day(each)) for each in month]
    return Earned(days=days, today=days[today.day - 1])
