"""Where presence events land: verified, read, kept once. What they mean is the talks' business."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from app import signatures
from app.db import at_once, session
from app.video import wire
from app.video.models import VideoEvent

# One statement and one value, however many events a message holds.
_INSERT = """
    INSERT INTO video_event (event_id, boot, seq, kind, at, body, received_at)
    SELECT e ->> 0, %(boot)s, (e ->> 1)::bigint, e ->> 3,
           to_timestamp((e ->> 2)::float8), e -> 4, %(now)s
      FROM jsonb_array_elements(CAST(%(events)s AS jsonb)) WITH ORDINALITY AS given (e, place)
     ORDER BY place
    ON CONFLICT (event_id) DO NOTHING
"""
_EMPTY = "SELECT WHERE NOT EXISTS (SELECT FROM video_event WHERE drained_at IS NULL)"


def receive(message: bytes, signature: str | None, *, secrets: Sequence[str], now: datetime) -> int:
    """Keep the events of a signed message, with this transaction; returns how many were new.

    The same message may come again; nothing is kept twice. Raises Unsigned or Malformed, and then
    nothing is kept at all.
    """
    given = _read(message, signature, secrets=secrets, now=now)
    return session.connection().exec_driver_sql(_INSERT, given).rowcount


def receive_at_once(
    message: bytes, signature: str | None, *, secrets: Sequence[str], now: datetime
) -> int:
    """The same in a transaction of its own, which is one statement."""
    return at_once.count(_INSERT, **_read(message, signature, secrets=secrets, now=now))


def is_empty() -> bool:
    """Does no event wait to be read? Told at once, for whoever receives at once."""
    return bool(at_once.count(_EMPTY))


def _read(
    message: bytes, signature: str | None, *, secrets: Sequence[str], now: datetime
) -> dict[str, object]:
    signatures.check(message, signature, secrets=secrets, now=now)
    boot, events = wire.read(message, now=now)
    return {"boot": boot, "events": json.dumps(events), "now": now}


def undrained(limit: int) -> list[VideoEvent]:
    """The oldest events that nobody has read yet, held until this transaction ends."""
    waiting = (
        select(VideoEvent)
        .where(VideoEvent.drained_at.is_(None))
        .order_by(VideoEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(waiting))


def mark_drained(events: Sequence[VideoEvent], *, now: datetime) -> None:
    ids = [event.id for event in events]
    session.execute(update(VideoEvent).where(VideoEvent.id.in_(ids)).values(drained_at=now))


def mark_trouble(event: VideoEvent, *, trouble: str) -> None:
    """Keep why an event could not be used, for the operator."""
    event.trouble = trouble
    session.flush()


def forget(*, before: datetime) -> int:
    """Drop what came before that moment and was drained without trouble."""
    done = delete(VideoEvent).where(
        VideoEvent.received_at < before,
        VideoEvent.drained_at.is_not(None),
        VideoEvent.trouble.is_(None),
    )
    return session.execute(done).rowcount  # type: ignore[attr-defined,no-any-return]
