"""What a cast's record says, in numbers: bookings, keeping them, ratings, rings (C17).

Each number says what happened, not what it is worth; `admin/_figures_of.html` says in words what
each of them counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app import policy
from app.db import array, rows

SHORT, LONG = policy.FIGURES_DAYS

_FIGURES = text("""
    SELECT cast_id, won_short, won_long, kept, cancelled, emergencies, late, absent, trouble,
           unclear, minutes, answered, declined, missed
    FROM unnest(CAST(:casts AS bigint[])) AS asked(cast_id)
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE booked_at >= :since_short) AS won_short,
               count(*) FILTER (WHERE booked_at >= :since_long) AS won_long
        FROM booking WHERE booking.cast_id = asked.cast_id AND booked_at >= :since_long
    ) AS won
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE outcome IN ('completed', 'guest_absent')) AS kept,
               count(*) FILTER (WHERE outcome = 'cast_cancelled') AS cancelled,
               count(*) FILTER (WHERE outcome = 'cast_emergency') AS emergencies,
               count(*) FILTER (WHERE outcome = 'cast_late') AS late,
               count(*) FILTER (WHERE outcome IN ('cast_absent', 'both_absent')) AS absent,
               count(*) FILTER (WHERE outcome = 'trouble') AS trouble,
               count(*) FILTER (WHERE outcome = 'unclear') AS unclear
        FROM booking JOIN settlement ON settlement.booking_id = booking.id
        WHERE booking.cast_id = asked.cast_id AND settled_at >= :since_long
    ) AS ended
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(minutes_charged - minutes_returned), 0)::int AS minutes,
               count(*) FILTER (WHERE state IN ('running', 'ended')) AS answered,
               count(*) FILTER (WHERE state = 'declined') AS declined,
               count(*) FILTER (WHERE state = 'missed') AS missed
        FROM talk
        WHERE talk.cast_id = asked.cast_id AND booking_id IS NULL AND asked_at >= :since_long
    ) AS rung
""")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last 90 days, where nothing else is said."""

    cast_id: int
    won_short: int  # bookings made in the last 30 days, whatever became of them
    won_long: int  # the same of 90 days
    kept: int  # the cast was there on time, also where the guest was not
    cancelled: int  # by the cast, in time
    emergencies: int  # by the cast, in the last hour
    late: int
    absent: int
    trouble: int  # could not take part, and said so
    unclear: int  # record and report disagreed, whatever was decided then
    minutes: int  # charged ones that stand, without a reservation
    answered: int  # rings without a reservation
    declined: int
    missed: int

    @property
    def unkept(self) -> int:
        """Bookings that the cast cancelled, came late to, or missed."""
        return self.cancelled + self.emergencies + self.late + self.absent + self.trouble


def figures_of(cast_ids: Collection[int], *, now: datetime) -> dict[int, Figures]:
    found = rows(
        _FIGURES,
        casts=array(cast_ids),
        since_short=now - timedelta(days=SHORT),
        since_long=now - timedelta(days=LONG),
    )
    return {row[0]: Figures(*row) for row in found}
