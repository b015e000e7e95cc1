"""Who is in the embedded rooms, and the events that tell it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import or_, select, update

from app import clock, policy
from app.db import session
from app.video.embedded import spool
from app.video.embedded.models import EmbeddedOccupant
from app.video.models import Kind, VideoRoom

# Silence is counted in product time, but a fast clock must not make a browser's jitter count.
SILENT_AFTER = timedelta(seconds=max(6.0, 2.0 * clock.SPEED))
GONE_AFTER = timedelta(seconds=max(60.0, 5.0 * clock.SPEED))
NEVER_SECONDS = 86_400.0  # the idle time of somebody whom no picture and no voice has reached yet


def begin(room: str, *, person: str, page: str, now: datetime) -> EmbeddedOccupant:
    stay = EmbeddedOccupant(room=room, person=person, page=page, joined_at=now, pulsed_at=now)
    session.add(stay)
    session.flush()
    spool.note_coming(Kind.JOINED, stay, now=now, lost=False)
    return stay


def end(occupant: EmbeddedOccupant, *, lost: bool, now: datetime) -> None:
    """End a stay; `lost` when the connection ended it and not the person."""
    occupant.left_at, occupant.on_purpose = now, not lost
    spool.note_coming(Kind.LEFT, occupant, now=now, lost=lost)
    session.flush()


def clear(room: str, *, because: str, now: datetime) -> None:
    """Put everyone out of a closed room, and tell it once."""
    leaving = update(EmbeddedOccupant).filter_by(room=room, left_at=None).values(left_at=now)
    if put_out := session.scalars(leaving.returning(EmbeddedOccupant)).all():
        people = [_seen(each, now=now) for each in put_out]
        spool.note(Kind.CLOSED, now=now, body={"room": room, "reason": because, "people": people})


def reason_of(room: VideoRoom | None) -> str:
    """Why nobody may stay in a room."""
    if room is None:
        return "unknown"
    return room.closed_because or "time"


def sweep(*, now: datetime) -> None:
    """Put out who has been silent too long, and everyone in rooms that are closed."""
    silent = select(EmbeddedOccupant).where(
        EmbeddedOccupant.left_at.is_(None),
        EmbeddedOccupant.pulsed_at < now - GONE_AFTER,
    )
    for occupant in session.scalars(silent.with_for_update(skip_locked=True)).all():
        end(occupant, lost=True, now=now)
    closed = (
        select(VideoRoom)
        .join(EmbeddedOccupant, EmbeddedOccupant.room == VideoRoom.name)
        .where(
            EmbeddedOccupant.left_at.is_(None),
            or_(VideoRoom.closed_at.is_not(None), VideoRoom.closes_at <= now),
        )
        .distinct()
    )
    for room in session.scalars(closed).all():
        clear(room.name, because=reason_of(room), now=now)


def forget_everyone(*, now: datetime) -> None:
    """The sender started anew: its boot event ends all stays, and the pages come in again."""
    session.execute(update(EmbeddedOccupant).filter_by(left_at=None).values(left_at=now))


def inside() -> Sequence[EmbeddedOccupant]:
    """Everyone who is in a room."""
    everyone = select(EmbeddedOccupant).filter_by(left_at=None)
    return session.scalars(everyone.order_by(EmbeddedOccupant.room, EmbeddedOccupant.id)).all()


def is_silent(occupant: EmbeddedOccupant, *, now: datetime) -> bool:
    return now - occupant.pulsed_at > SILENT_AFTER


def idle_seconds(occupant: EmbeddedOccupant, *, now: datetime) -> float:
    if occupant.media_at is None:
        return NEVER_SECONDS
    return max(0.0, round((now - occupant.media_at).total_seconds(), 3))


def liveness(occupants: Sequence[EmbeddedOccupant], *, now: datetime) -> dict[str, bool]:
    """By session: is this person connected? When an answer changes, a heartbeat is due at once."""
    return {each.session: _is_live(each, now=now) for each in occupants}


def _is_live(occupant: EmbeddedOccupant, *, now: datetime) -> bool:
    idle = idle_seconds(occupant, now=now)
    return not is_silent(occupant, now=now) and idle <= policy.LIVE_IDLE.total_seconds()


def heartbeat_of(occupants: Sequence[EmbeddedOccupant], *, now: datetime) -> dict[str, Any]:
    """Who is in which room now, as one event's body."""
    by_room = groupby(occupants, key=lambda occupant: occupant.room)
    return {
        "rooms": [
            {"room": room, "people": [_seen(each, now=now) for each in people]}
            for room, people in by_room
        ]
    }


def _seen(occupant: EmbeddedOccupant, *, now: datetime) -> dict[str, Any]:
    return {
        "person": occupant.person,
        "session": occupant.session,
        "hibernating": is_silent(occupant, now=now),
        "idle": idle_seconds(occupant, now=now),
    }
