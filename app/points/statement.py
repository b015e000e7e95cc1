"""A guest's statement: what came and went, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import rows
from app.points.models import Reason

PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One happening: all its parts over several lots added up."""

    last_id: int
    at: datetime
    reason: Reason
    about: str
    points: int


# A talk's minutes stand together as one line; so does everything else about one thing.
_LINES = text("""
    SELECT max(entry.id), max(entry.at), entry.reason, entry.about, sum(entry.delta)::int
    FROM point_entry AS entry JOIN point_lot AS lot ON lot.id = entry.lot_id
    WHERE lot.guest_id = :guest_id
    GROUP BY entry.reason, entry.about
    HAVING max(entry.id) < :before AND sum(entry.delta) <> 0
    ORDER BY max(entry.id) DESC LIMIT :limit
""")


def lines(guest_id: int, *, before: int | None = None) -> list[Line]:
    """A page of the statement; `before` is the last_id of the page above."""
    newest = before if before is not None else 2**62
    found = rows(_LINES, guest_id=guest_id, before=newest, limit=PAGE)
    return [Line(row[0], row[1], Reason(row[2]), row[3], row[4]) for row in found]
