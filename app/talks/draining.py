"""The inbox's events, brought to their talks.

Run by the doorbell and by the timetable; any number may run side by side. Most events are
heartbeats that only say "still here": those cost one statement for all talks together. Anything
else reads its talk's presence anew.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import aliased

from app import policy
from app.bookings.models import Settlement
from app.db import session
from app.jobs import later
from app.people.models import Account
from app.talks import metering, recording
from app.talks.models import Party, Talk, TalkState
from app.talks.presence import Sighting, word_of
from app.video import inbox
from app.video.jobs import reconcile
from app.video.models import Kind, VideoEvent

log = logging.getLogger(__name__)
BATCH = 500

_STILL_HERE = text("""
    UPDATE talk SET evidence_at = seen.at, last_event_at = seen.at
    FROM unnest(CAST(:ids AS bigint[]), CAST(:moments AS timestamptz[])) AS seen(id, at)
    WHERE talk.id = seen.id
""")


@dataclass(slots=True)
class _Visit:
    """A talk, who may be in its room, and what this batch says about it."""

    talk: Talk
    parties: dict[str, Party]
    events: list[tuple[VideoEvent, Sighting]] = field(default_factory=list)


class _Said(NamedTuple):
    """What an event says about one room."""

    room: str
    people: list[dict[str, Any]]
    since: datetime | None = None


def drain(now: datetime) -> int:
    """Read a batch of waiting events; returns how many. Call it until it returns 0.

    Events of unknown rooms or people are kept and marked, and charge nobody.
    """
    events = inbox.undrained(BATCH)
    if not events:
        return 0
    visits = _visits(events)
    for event in events:
        _sort(event, visits, now=now)
    recording.record([_row(visit, *seen) for visit in visits.values() for seen in visit.events])
    _apply([visit for visit in visits.values() if visit.events], now=now)
    inbox.mark_drained(events, now=now)
    return len(events)


def _visits(events: Sequence[VideoEvent]) -> dict[str, _Visit]:
    """The talks that these events are about, by room, held in id order."""
    guest, cast = aliased(Account), aliased(Account)
    named = {said.room for event in events for said in _said(event)}
    wanted: ColumnElement[bool] = Talk.room.in_(named)
    if any(event.kind is Kind.BOOT for event in events):
        wanted |= Talk.state == TalkState.RUNNING
    found = session.execute(
        select(Talk, guest.public_id, cast.public_id)
        .join(guest, guest.id == Talk.guest_id)
        .join(cast, cast.id == Talk.cast_id)
        .where(wanted)
        .order_by(Talk.id)
        .with_for_update(of=Talk)
        .execution_options(populate_existing=True)
    )
    return {
        str(talk.room): _Visit(talk, {guest_id: Party.GUEST, cast_id: Party.CAST})
        for talk, guest_id, cast_id in found
    }


def _said(event: VideoEvent) -> Iterator[_Said]:
    """The rooms an event names, each with the people it shows there."""
    body = event.body
    match event.kind:
        case Kind.HEARTBEAT:
            for each in body["rooms"]:
                since = datetime.fromtimestamp(each["since"], UTC) if "since" in each else None
                yield _Said(each["room"], each["people"], since)
        case Kind.CLOSED:
            yield _Said(body["room"], body["people"])
        case Kind.JOINED | Kind.LEFT:
            yield _Said(body["room"], [body])


def _sort(event: VideoEvent, visits: dict[str, _Visit], *, now: datetime) -> None:
    """Give an event to its talks, and mark it where something in it is unknown or too late."""
    if event.kind is Kind.BOOT:
        for visit in visits.values():
            if visit.talk.state is TalkState.RUNNING:
                visit.events.append((event, Sighting(event.at, event.boot, event.seq, event.kind)))
    for said in _said(event):
        named = visits.get(said.room)
        if named is None:
            inbox.mark_trouble(event, trouble=f"unknown room {said.room}")
            later(reconcile)
        elif _is_late(named.talk, now=now):
            inbox.mark_trouble(event, trouble=f"late for talk {named.talk.id}")
        else:
            named.events.append((event, _sighting(event, said, named.parties)))


def _is_late(talk: Talk, *, now: datetime) -> bool:
    """Is it too late to change what this talk costs?

    A reserved talk is judged by its settlement, which holds the talk's row as we do: what is read
    before it counts, and what is read after it does not.
    """
    if talk.booking_id is not None:
        settled = select(Settlement.booking_id).where(Settlement.booking_id == talk.booking_id)
        return session.scalar(settled) is not None
    return talk.resumed or (
        talk.ended_at is not None and now > talk.ended_at + policy.LATE_EVIDENCE
    )


def _sighting(event: VideoEvent, said: _Said, parties: dict[str, Party]) -> Sighting:
    people = said.people
    strangers = [each["person"] for each in people if each["person"] not in parties]
    if strangers:
        inbox.mark_trouble(event, trouble=f"unknown people {strangers}"[:500])
        later(reconcile)
    seen = tuple(
        (parties[each["person"]], each["session"], _is_live(each))
        for each in people
        if each["person"] in parties
    )
    return Sighting(event.at, event.boot, event.seq, event.kind, seen, said.since)


def _is_live(person: dict[str, Any]) -> bool:
    """Really there, by the sender's word. Of somebody leaving it means: on purpose."""
    idle = person.get("idle", 0)
    return not person["hibernating"] and idle <= policy.LIVE_IDLE.total_seconds()


def _row(visit: _Visit, event: VideoEvent, seen: Sighting) -> dict[str, Any]:
    return {
        "talk_id": visit.talk.id,
        "video_event_id": event.id,
        "at": seen.at,
        "boot": seen.boot,
        "seq": seen.seq,
        "kind": seen.kind,
        "people": [list(person) for person in seen.people],
        "since": seen.since,
    }


def _apply(visits: list[_Visit], *, now: datetime) -> None:
    """Bring the talks up to date: those that only go on together, the others one by one."""
    latest: dict[int, datetime] = {}
    for visit in sorted(visits, key=lambda each: each.talk.guest_id):  # as guests are locked
        last = max(seen.at for _, seen in visit.events)
        if _only_goes_on(visit):
            latest[visit.talk.id] = last
        else:
            _read_anew(visit.talk, last, now=now)
    session.flush()
    session.execute(_STILL_HERE, {"ids": list(latest), "moments": list(latest.values())})


def _only_goes_on(visit: _Visit) -> bool:
    """Do these events show nothing but the same two people, still live, later than before?"""
    talk = visit.talk
    if talk.state is not TalkState.RUNNING or talk.fault or not talk.shared_since:
        return False
    assert talk.evidence_at and talk.last_event_at
    seen_in_order = sorted(seen for _, seen in visit.events)
    ends = [talk.evidence_at, *(seen.at for seen in seen_in_order)]
    return (
        seen_in_order[0].begins_at > talk.last_event_at
        and all(
            seen.begins_at - before <= policy.LONGEST_HOLE
            for before, seen in zip(ends, seen_in_order, strict=False)
        )
        and all(
            seen.kind == Kind.HEARTBEAT and word_of(seen) == talk.sessions
            for _, seen in visit.events
        )
    )


def _read_anew(talk: Talk, last: datetime, *, now: datetime) -> None:
    """Recompute one talk. One that fails is set aside for the operator and holds up nobody."""
    try:
        with session.begin_nested():
            metering.settle(talk, recording.presence_of(talk), now=now)
            talk.last_event_at = max(last, talk.last_event_at or last)
    except Exception as fault:
        log.exception("talk %s is set aside", talk.id)
        session.refresh(talk)
        talk.fault = repr(fault)[:500]
