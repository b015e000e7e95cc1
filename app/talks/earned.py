"""What a cast has earned, by days in Japan: minutes that stand, and reserved talks as settled."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text

from app.clock import JAPAN
from app.db import rows

DAYS = 14  # shown one by one


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    yen: int = 0
    talks: int = 0

    @property
    def start_at(self) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, tzinfo=JAPAN)


@dataclass(frozen=True, kw_only=True)
class Earned:
    days: list[Day]  # the last ones, today at the end
    month: Day  # from its first day on

    @property
    def today(self) -> Day:
        return self.days[-1]


_BY_DAY = text("""
    SELECT CAST(over_at AT TIME ZONE 'Asia/Tokyo' AS date) AS day, sum(yen)::int, count(*)
    FROM (
        SELECT ended_at AS over_at, (minutes_charged - minutes_returned) * reward_yen AS yen
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
    first = today.replace(day=1)
    since = Day(min(first, today - timedelta(days=DAYS - 1))).start_at
    found = {row[0]: Day(*row) for row in rows(_BY_DAY, cast_id=cast_id, since=since)}
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    of_month = [day for day in found.values() if day.on >= first]
    return Earned(
        days=[found.get(each, Day(each)) for each in days],
        month=Day(first, sum(day.yen for day in of_month), sum(day.talks for day in of_month)),
    )
