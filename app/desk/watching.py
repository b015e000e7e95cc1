"""Talks as the operator sees them: those that run, and any one of them with all its records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit
from app.audit import AuditEntry
from app.cases import queue
from app.db import session
from app.people.models import Account
from app.points.models import PointEntry, PointLot
from app.talks import endings, history, meter, recording
from app.talks.models import EndedBy, Party, Talk, TalkState
from app.talks.presence import Sighting

ENDED_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A running talk at one look."""

    talk: Talk
    phase: str  # connecting, free, charging or paused
    shared: timedelta
    evidence_seconds: int | None  # how old the last sign of both is


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was written down about a talk."""

    at: datetime
    source: str  # talk, presence, points, case or audit
    what: str
    said: str = ""
    people: tuple[tuple[Party, bool], ...] = ()  # whom an event showed, and whether live
    times: int = 1
    until: datetime | None = None  # of a run of equal heartbeats


def running(now: datetime) -> list[Watched]:
    return [_watched(talk, now=now) for talk in history.running()]


def ended_lately() -> list[Talk]:
    return list(
        session.scalars(
            select(Talk)
            .options(joinedload(Talk.guest), joinedload(Talk.cast))
            .where(Talk.state == TalkState.ENDED)
            .order_by(Talk.id.desc())
            .limit(ENDED_SHOWN)
        )
    )


def find(public_id: str) -> Talk | None:
    wanted = select(Talk).options(joinedload(Talk.guest), joinedload(Talk.cast))
    return session.scalars(wanted.where(Talk.public_id == public_id)).one_or_none()


def end(talk_id: int, *, because: str, by: int | None, now: datetime) -> Talk:
    """End a running talk in the operator's name; the minute that was cut short is returned."""
    talk = endings.end(talk_id, by=EndedBy.OPERATOR, now=now)
    if talk.ended_by is EndedBy.OPERATOR and talk.ended_at == now:
        about = f"talk:{talk_id}"
        audit.note("talk.ended_by_operator", about=about, by=by, now=now, because=because)
    return talk


def log_of(talk: Talk) -> list[Line]:
    """Presence, points and what people did, on one axis of time."""
    lines = [*_steps(talk), *_presence(talk.id), *_points(talk.id), *_case(talk), *_audit(talk.id)]
    return sorted(lines, key=lambda line: line.at)


def _watched(talk: Talk, *, now: datetime) -> Watched:
    age = (now - talk.evidence_at).total_seconds() if talk.evidence_at else None
    return Watched(
        talk=talk,
        phase=meter.phase_of(talk, now=now),
        shared=meter.shared_of(talk, now=now),
        evidence_seconds=None if age is None else max(int(age), 0),
    )


def _steps(talk: Talk) -> Iterator[Line]:
    yield Line(talk.asked_at, "talk", "rung")
    if talk.answered_at:
        yield Line(talk.answered_at, "talk", "answered")
    if talk.ended_at and talk.ended_by:
        yield Line(talk.ended_at, "talk", "ended", talk.ended_by.value)


def _presence(talk_id: int) -> Iterator[Line]:
    """Every event; heartbeats that say the same one after the other are one line."""
    for (kind, people), group in groupby(recording.sightings_of(talk_id), key=_said):
        seen = list(group)
        runs = [seen] if kind == "heartbeat" else [[each] for each in seen]
        for run in runs:
            first, last = run[0].begins_at, run[-1].at
            yield Line(first, "presence", kind, people=people, times=len(run), until=last)


def _said(seen: Sighting) -> tuple[str, tuple[tuple[Party, bool], ...]]:
    return seen.kind, tuple(sorted({(party, live) for party, _, live in seen.people}))


def _points(talk_id: int) -> Iterable[Line]:
    entries = session.execute(
        select(PointEntry, PointLot)
        .join(PointLot, PointLot.id == PointEntry.lot_id)
        .where(PointEntry.about == f"talk:{talk_id}")
        .order_by(PointEntry.id)
    )
    for entry, lot in entries:
        name = entry.key.removeprefix(f"talk:{talk_id}:")
        said = f"{name} · {entry.delta:+d} pt · lot {lot.id} ({lot.kind})"
        yield Line(entry.at, "points", entry.reason.value, said)


def _case(talk: Talk) -> Iterator[Line]:
    """What its guest objected and the office decided; a reservation's stand in its own file."""
    if case := queue.of_talk(talk):
        yield Line(case.opened_at, "case", f"opened_{case.kind}")
        if case.decided_at:
            yield Line(case.decided_at, "case", "decided", case.said)


def _audit(talk_id: int) -> Iterable[Line]:
    notes = session.execute(
        select(AuditEntry, Account.role, Account.nickname)
        .outerjoin(Account, Account.id == AuditEntry.by)
        .where(AuditEntry.about == f"talk:{talk_id}")
        .order_by(AuditEntry.id)
    )
    for note, role, nickname in notes:
        facts = [f"{name}: {fact}" for name, fact in note.facts.items()]
        who = [f"{role} {nickname}"] if role else []
        yield Line(note.at, "audit", note.did, " · ".join(who + facts))
