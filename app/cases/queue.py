"""The queue of cases: bookings and walk-ins that somebody of the office has to decide about.

`opening` knows how they come up, `deciding` how one ends; `walk_ins` knows both of walk-ins.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app import policy
from app.bookings.models import Booking
from app.cases.models import Case, CaseKind
from app.db import session
from app.talks.models import Talk

DECIDED_SHOWN = 20
PROMISE = timedelta(days=policy.CASE_PROMISE_DAYS)
ESCALATION = timedelta(days=policy.CASE_ESCALATE_DAYS)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An open case as it stands at a moment."""

    case: Case
    age: timedelta
    promised_at: datetime
    is_overdue: bool
    is_escalated: bool


def of_booking(booking: Booking) -> list[Case]:
    """Every case about a booking, the oldest first."""
    return list(session.scalars(_whole().where(Case.booking_id == booking.id).order_by(Case.id)))


def of_talk(talk: Talk) -> Case | None:
    """The case about a walk-in: it has at most one."""
    return session.scalars(_whole().where(Case.talk_id == talk.id)).one_or_none()


def waiting(now: datetime, *, kind: CaseKind | None = None) -> list[Waiting]:
    """The open cases, the oldest first: so those that waited too long stand at the top."""
    wanted = _whole().where(Case.decided_at.is_(None)).order_by(Case.opened_at, Case.id)
    return [standing(case, now=now) for case in session.scalars(_of_kind(wanted, kind))]


def standing(case: Case, *, now: datetime) -> Waiting:
    """How old an open case is, and what was promised (G43); the last moment is in time."""
    age = max(now - case.opened_at, timedelta(0))
    return Waiting(
        case=case,
        age=age,
        promised_at=case.opened_at + PROMISE,
        is_overdue=age > PROMISE,
        is_escalated=age >= ESCALATION,
    )


def decided_lately(*, kind: CaseKind | None = None) -> list[Case]:
    wanted = _whole().where(Case.decided_at.is_not(None)).order_by(Case.decided_at.desc())
    return list(session.scalars(_of_kind(wanted, kind).limit(DECIDED_SHOWN)))


def count_open() -> int:
    open_ = select(func.count()).select_from(Case).where(Case.decided_at.is_(None))
    return session.scalar(open_) or 0


def find(public_id: str) -> Case | None:
    """A case with its booking or walk-in and both people, for the office."""
    return session.scalars(_whole().where(Case.public_id == public_id)).one_or_none()


def _whole() -> Select[Case]:
    return select(Case).options(*with_both()).execution_options(populate_existing=True)


def with_both() -> list[ORMOption]:
    """What a case is about, with both people."""
    booking, talk = joinedload(Case.booking), joinedload(Case.talk)
    return [
        booking.joinedload(Booking.guest),
        booking.joinedload(Booking.cast),
        talk.joinedload(Talk.guest),
        talk.joinedload(Talk.cast),
    ]


def _of_kind(wanted: Select[Case], kind: CaseKind | None) -> Select[Case]:
    return wanted.where(Case.kind == kind) if kind else wanted
