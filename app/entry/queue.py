"""The applications that wait for the office, the oldest first, with what is left of the promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select

from app import policy, workdays
from app.clock import JAPAN
from app.db import session
from app.entry.models import WAITING_STATES, Application, ApplicationState

DECIDED = (ApplicationState.PASSED, ApplicationState.FAILED)
DECIDED_SHOWN = 50
WAITING_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How long an application has waited, in business days, and until when it was promised (C21)."""

    age_days: int
    left_days: int  # none or less: today, or over
    soonest_on: date
    due_on: date

    @property
    def due_at(self) -> datetime:
        return datetime.combine(self.due_on, time(), JAPAN)

    @property
    def soonest_at(self) -> datetime:
        return datetime.combine(self.soonest_on, time(), JAPAN)

    @property
    def is_overdue(self) -> bool:
        return self.left_days < 0


@dataclass(frozen=True, kw_only=True)
class Waiting:
    application: Application
    standing: Standing


def standing_of(application: Application, *, now: datetime) -> Standing:
    """Day 1 is the first business day after the application was sent (D43)."""
    assert application.submitted_at, "a draft waits for nobody"
    sent_on = application.submitted_at.astimezone(JAPAN).date()
    today = now.astimezone(JAPAN).date()
    soonest, latest = policy.SCREENING_DAYS
    due_on = workdays.after(sent_on, latest)
    is_over = today > due_on
    left = -workdays.between(due_on, today) or -1 if is_over else workdays.between(today, due_on)
    return Standing(
        age_days=workdays.between(sent_on, today),
        left_days=left,
        soonest_on=workdays.after(sent_on, soonest),
        due_on=due_on,
    )


def waiting(now: datetime, *, state: ApplicationState | None = None) -> list[Waiting]:
    """What waits for the office, or for another picture; or those in one of these states."""
    states = [state] if state else WAITING_STATES
    wanted = (
        select(Application)
        .where(Application.state.in_(states))
        .order_by(Application.submitted_at, Application.id)
        .limit(WAITING_SHOWN)
    )
    return [
        Waiting(application=each, standing=standing_of(each, now=now))
        for each in session.scalars(wanted)
    ]


def decided_lately(*, state: ApplicationState | None = None) -> Sequence[Application]:
    """The newest decisions first."""
    wanted = (
        select(Application)
        .where(Application.state.in_([state] if state else DECIDED))
        .order_by(Application.decided_at.desc())
        .limit(DECIDED_SHOWN)
    )
    return session.scalars(wanted).all()


def count_waiting() -> int:
    """How many wait for the office itself, not for their applicant."""
    wanted = select(func.count()).select_from(Application)
    return session.scalar(wanted.filter_by(state=ApplicationState.APPLIED)) or 0


def beside(application: Application) -> tuple[Application | None, Application | None]:
    """The one before and the one after it among those that wait."""
    ids = [Application.submitted_at, Application.id]
    order = select(Application).where(Application.state.in_(WAITING_STATES))
    here = (application.submitted_at, application.id)
    place = func.row(*ids)
    before = order.where(place < func.row(*here)).order_by(*[each.desc() for each in ids]).limit(1)
    after = order.where(place > func.row(*here)).order_by(*ids).limit(1)
    return session.scalars(before).one_or_none(), session.scalars(after).one_or_none()
