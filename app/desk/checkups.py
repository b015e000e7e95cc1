"""Checking the books every night, and whenever an operator asks; the last result is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.clock import JAPAN
from app.db import session
from app.desk.models import Checkup

NIGHT_HOUR = 4  # in Japan, when the fewest people talk
FOUND_KEPT = 50  # differences shown; all of them are counted


def ask(*, by: int | None, now: datetime) -> None:
    """Ask for a check. Asking while one waits changes nothing."""
    wanted = insert(Checkup).values(asked_at=now, asked_by=by)
    kept = session.execute(
        wanted.on_conflict_do_nothing(
            index_elements=["waiting"], index_where=text("waiting")
        ).returning(Checkup.id)
    ).scalar()
    if kept and by:
        audit.note("books.check_asked", about=f"checkup:{kept}", by=by, now=now)


def ask_nightly(now: datetime) -> None:
    """Ask once a night, also when the night was slept through."""
    newest = session.scalar(select(Checkup.asked_at).order_by(Checkup.id.desc()).limit(1))
    if newest is None or newest < _last_night(now):
        ask(by=None, now=now)


def run_due(problems: Callable[[], list[str]], *, now: datetime) -> Checkup | None:
    """Do the check that waits, if one does."""
    due = select(Checkup).where(Checkup.waiting).with_for_update(skip_locked=True)
    checkup = session.scalars(due).one_or_none()
    if checkup:
        found = problems()
        checkup.waiting, checkup.finished_at = False, now
        checkup.differences, checkup.found = len(found), found[:FOUND_KEPT]
        session.flush()
    return checkup


def last_finished() -> Checkup | None:
    finished = select(Checkup).where(~Checkup.waiting).order_by(Checkup.id.desc()).limit(1)
    return session.scalars(finished).one_or_none()


def find_waiting() -> Checkup | None:
    return session.scalars(select(Checkup).where(Checkup.waiting)).one_or_none()


def _last_night(now: datetime) -> datetime:
    there = now.astimezone(JAPAN)
    tonight = there.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight <= there else tonight - timedelta(days=1)
