"""How far back to look for what is not claimed yet, so that it takes no longer with the years.

The closing of a month goes through everything that ever was and claims what it can. What is open
afterwards of talks before it waited for somebody: its case is undecided, or was decided since, or
the talk is set aside. These are looked up; everything else is looked for in the last month that was
closed, the one before it, and since. What is settled or mended even later than that is found by the
next closing, or by a round that the office asks for; until then the check of the books names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from app.bookings.models import Booking
from app.cases.models import Case
from app.clock import start_of
from app.db import session
from app.payouts.earnings import EARNED
from app.payouts.models import Closing
from app.talks.models import Talk

DAY = timedelta(days=1)  # longer than anything that was just being written when a closing began


@dataclass(frozen=True, kw_only=True)
class Reach:
    """All that was served from a moment on, and some of before."""

    since: datetime
    talk_ids: Sequence[int] = field(default=())
    booking_ids: Sequence[int] = field(default=())

    @property
    def parts(self) -> Sequence[tuple[ColumnElement[bool], ...]]:
        """Conditions of earnings, which exclude each other: each reads by one index."""
        before = EARNED.c.served_at < self.since
        parts: list[tuple[ColumnElement[bool], ...]] = [(EARNED.c.served_at >= self.since,)]
        if self.talk_ids:
            parts.append((before, EARNED.c.talk_id.in_(self.talk_ids)))
        if self.booking_ids:
            parts.append((before, EARNED.c.booking_id.in_(self.booking_ids)))
        return parts


EVERYTHING = Reach(since=datetime(1, 1, 1, tzinfo=UTC))


def reach(*cast_ids: int) -> Reach:
    """Where something of these casts may be open; in a house that has closed no month, anywhere."""
    through = select(Closing).where(Closing.finished_at.is_not(None))
    last = session.scalars(through.order_by(Closing.month.desc()).limit(1)).one_or_none()
    if last is None:
        return EVERYTHING
    since = start_of((last.month - DAY).replace(day=1))
    waited = or_(Case.decided_at.is_(None), Case.decided_at >= last.begun_at - DAY)
    talks, bookings = (
        session.scalars(
            select(kind.id).join(Case, of_case == kind.id).where(kind.cast_id.in_(cast_ids), waited)
        ).all()
        for kind, of_case in ((Talk, Case.talk_id), (Booking, Case.booking_id))
    )
    set_aside = select(Talk.id).where(Talk.fault.is_not(None), Talk.cast_id.in_(cast_ids))
    talk_ids = {*talks, *session.scalars(set_aside)}
    return Reach(since=since, talk_ids=sorted(talk_ids), booking_ids=sorted(set(bookings)))
