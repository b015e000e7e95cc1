"""Reading the written conditions: a cast's notices, which of them hold, what changed, who has not read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app import policy
from app.clock import JAPAN
from app.db import session
from app.payouts.condition_models import ConditionsNotice, ConditionsSeen
from app.people.models import Account


class Standing(StrEnum):
    HOLDS = "holds"  # today
    AHEAD = "ahead"  # from its day on
    OVER = "over"  # another took its place, before its day or since


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice, as it stands among the others of its cast."""

    notice: ConditionsNotice
    before: ConditionsNotice | None  # what held, or was to hold, on its day when it was given
    standing: Standing
    seen_at: datetime | None

    @property
    def changed(self) -> frozenset[str]:
        """The terms that differ from what was told before; none in the first notice."""
        if self.before is None:
            return frozenset()
        old, new = self.before.content["terms"], self.notice.content["terms"]
        return frozenset(name for name in {*old, *new} if old.get(name) != new.get(name))

    @property
    def waits(self) -> bool:
        """Still to be confirmed by the cast."""
        return self.seen_at is None and self.standing is not Standing.OVER


def told_to(cast_id: int, *, now: datetime) -> list[Told]:
    """Every notice of a cast, the newest first."""
    notices = session.scalars(
        select(ConditionsNotice).filter_by(cast_id=cast_id).order_by(ConditionsNotice.number)
    ).all()
    seen = dict(
        session.execute(
            select(ConditionsSeen.notice_id, ConditionsSeen.at)
            .join(ConditionsNotice, ConditionsNotice.id == ConditionsSeen.notice_id)
            .where(ConditionsNotice.cast_id == cast_id)
        ).all()
    )
    today = _today(now)
    return [
        Told(
            notice=each,
            before=holding(notices[:place], day=each.holds_from),
            standing=_standing(each, notices, today=today),
            seen_at=seen.get(each.id),
        )
        for place, each in enumerate(notices)
    ][::-1]


def find(public_id: str, *, cast_id: int, now: datetime) -> Told | None:
    """One notice of this cast's own."""
    told = told_to(cast_id, now=now)
    return next((each for each in told if each.notice.public_id == public_id), None)


def holding(notices: Sequence[ConditionsNotice], *, day: date) -> ConditionsNotice | None:
    """Of the notices of one cast the one that holds on a day."""
    begun = [each for each in notices if each.holds_from <= day]
    return max(begun, key=lambda each: (each.holds_from, each.number), default=None)


def waiting(cast_id: int, *, now: datetime) -> list[ConditionsNotice]:
    """What a cast has not confirmed yet, the first to hold first."""
    wanted = select(ConditionsNotice).where(ConditionsNotice.cast_id == cast_id, is_waiting(now))
    in_order = wanted.order_by(ConditionsNotice.holds_from, ConditionsNotice.number)
    return list(session.scalars(in_order))


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """A notice that holds or is ahead, and that its cast has not confirmed."""
    later = aliased(ConditionsNotice)
    replaced = exists().where(
        later.cast_id == ConditionsNotice.cast_id,
        tuple_(later.holds_from, later.number)
        > tuple_(ConditionsNotice.holds_from, ConditionsNotice.number),
        later.holds_from <= func.greatest(ConditionsNotice.holds_from, literal(_today(now))),
    )
    seen = exists().where(ConditionsSeen.notice_id == ConditionsNotice.id)
    return and_(~replaced, ~seen)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Waits for so long that the office should ask the cast."""
    return and_(is_waiting(now), ConditionsNotice.given_at < now - policy.CONDITIONS_UNSEEN)


def count_overdue(now: datetime) -> int:
    """How many casts the office should ask."""
    wanted = select(func.count(ConditionsNotice.cast_id.distinct()))
    of_open = wanted.join(Account, Account.id == ConditionsNotice.cast_id)
    return session.scalar(of_open.where(Account.closed_at.is_(None), is_overdue(now))) or 0


def confirm(notice: ConditionsNotice, *, now: datetime) -> None:
    """The cast has read it. A second press changes nothing."""
    made = insert(ConditionsSeen).values(notice_id=notice.id, at=now)
    session.execute(made.on_conflict_do_nothing())


def _standing(
    notice: ConditionsNotice, notices: Sequence[ConditionsNotice], *, today: date
) -> Standing:
    day = max(notice.holds_from, today)
    if holding(notices, day=day) is not notice:
        return Standing.OVER
    return Standing.AHEAD if notice.holds_from > today else Standing.HOLDS


def _today(now: datetime) -> date:
    return now.astimezone(JAPAN).date()
