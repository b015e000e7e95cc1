"""A talk's recorded presence: writing it down, and reading it back for the pure functions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.db import session
from app.talks.models import Party, PresenceEvent, Talk
from app.talks.presence import Presence, Sighting, read


def record(records: Sequence[dict[str, Any]]) -> None:
    """Keep what events said about talks; one event says something about one talk once."""
    if records:
        made = insert(PresenceEvent).on_conflict_do_nothing()
        session.execute(made, list(records))


def sightings_of(talk_id: int) -> list[Sighting]:
    event = PresenceEvent
    found = session.execute(
        select(event.at, event.boot, event.seq, event.kind, event.people, event.since)
        .where(event.talk_id == talk_id)
        .order_by(event.at, event.seq)
    )
    return [
        Sighting(
            at,
            boot,
            seq,
            kind,
            tuple((Party(p), session_, live) for p, session_, live in people),
            since,
        )
        for at, boot, seq, kind, people, since in found
    ]


def presence_of(talk: Talk) -> Presence:
    """What everything recorded of a talk adds up to."""
    return read(sightings_of(talk.id))
