"""Opening and closing rooms. The rows are the truth: a backend follows them and lets nobody stay.

Every change raises the row's version; a video server that stands elsewhere is told of it at once.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, text, update

from app.db import session
from app.jobs import later
from app.video import jobs
from app.video.models import VideoRoom
from app.video.server import server

_SET_CLOSING = text(
    """
    UPDATE video_room AS room
       SET closes_at = given.closes_at, version = room.version + 1
      FROM unnest(CAST(:names AS text[]), CAST(:moments AS timestamptz[]))
           AS given (name, closes_at)
     WHERE room.name = given.name AND room.closes_at IS DISTINCT FROM given.closes_at
    """
)


def open_room(*, guest_id: int, cast_id: int, now: datetime) -> VideoRoom:
    """A new room for these two, under a name of 128 random bits."""
    room = VideoRoom(name=_name(), guest_id=guest_id, cast_id=cast_id, opened_at=now)
    session.add(room)
    session.flush()
    _tell()
    return room


def close(name: str, *, because: str, now: datetime) -> None:
    """Close a room for good. Closing it again changes nothing."""
    closing = update(VideoRoom).where(VideoRoom.name == name, VideoRoom.closed_at.is_(None))
    session.execute(
        closing.values(
            closed_at=now, closed_because=because, version=VideoRoom.version + 1
        ).execution_options(synchronize_session=False)
    )
    _tell()


def set_closing(closes_at: Mapping[str, datetime | None]) -> None:
    """By room name: when nobody may stay any longer, or None for no limit. One statement."""
    names = sorted(closes_at)
    moments = [closes_at[name] for name in names]
    if session.execute(_SET_CLOSING, {"names": names, "moments": moments}).rowcount:  # type: ignore[attr-defined]
        _tell()


def find_room(name: str) -> VideoRoom | None:
    """The room of this name as it stands now, even where this session knew it before."""
    wanted = select(VideoRoom).filter_by(name=name)
    fresh = wanted.execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def is_open(room: VideoRoom, *, now: datetime) -> bool:
    return room.closed_at is None and (room.closes_at is None or now < room.closes_at)


def _tell() -> None:
    if server.is_elsewhere:
        later(jobs.tell)


def _name() -> str:
    # Lower case only: XMPP folds the names of rooms, and events must bring back the same name.
    return secrets.token_hex(16)
