"""What is to be told to the webhook, kept until it has answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import session, unguessable
from app.video.embedded.models import EmbeddedBoot, EmbeddedEvent, EmbeddedOccupant
from app.video.models import Kind

KEPT = timedelta(hours=1)
MESSAGE_EVENTS = 50


def note(kind: Kind, *, now: datetime, body: dict[str, Any] | None = None) -> None:
    session.add(EmbeddedEvent(kind=kind, at=now, body=body or {}))


def note_coming(kind: Kind, occupant: EmbeddedOccupant, *, now: datetime, lost: bool) -> None:
    """Somebody came or went; `lost` when it was the connection that ended the stay."""
    body = {
        "room": occupant.room,
        "person": occupant.person,
        "session": occupant.session,
        "hibernating": lost,
    }
    note(kind, now=now, body=body)


def begin_boot(*, now: datetime) -> str:
    """Start a life of the sender; whatever still waits goes out first, as the old life's."""
    first = insert(EmbeddedBoot).values(id=1, boot=unguessable(), seq=0, started_at=now)
    session.execute(first.on_conflict_do_nothing())
    current = _boot()
    _stamp(current)
    current.boot, current.started_at = unguessable(), now
    note(Kind.BOOT, now=now)
    _stamp(current)
    return current.boot


def stamp(boot: str) -> bool:
    """Put what is new in order behind the rest; False where another sender has taken over."""
    current = _boot()
    if current.boot != boot:
        return False
    _stamp(current)
    return True


def unsent() -> Sequence[EmbeddedEvent]:
    """The next message: the oldest waiting events of one life."""
    waiting = (
        select(EmbeddedEvent)
        .where(EmbeddedEvent.sent_at.is_(None), EmbeddedEvent.seq.is_not(None))
        .order_by(EmbeddedEvent.seq)
        .limit(MESSAGE_EVENTS)
    )
    events = session.scalars(waiting).all()
    return [event for event in events if event.boot == events[0].boot]


def mark_sent(ids: Sequence[int], *, now: datetime) -> None:
    session.execute(update(EmbeddedEvent).where(EmbeddedEvent.id.in_(ids)).values(sent_at=now))


def forget(*, now: datetime) -> None:
    session.execute(delete(EmbeddedEvent).where(EmbeddedEvent.sent_at < now - KEPT))


def _boot() -> EmbeddedBoot:
    only = select(EmbeddedBoot).where(EmbeddedBoot.id == 1).with_for_update()
    return session.scalars(only.execution_options(populate_existing=True)).one()


def _stamp(current: EmbeddedBoot) -> None:
    session.flush()
    new = select(EmbeddedEvent).where(EmbeddedEvent.seq.is_(None)).order_by(EmbeddedEvent.id)
    for event in session.scalars(new):
        current.seq += 1
        event.boot, event.seq = current.boot, current.seq
    session.flush()
