"""Comparing who is in which room with who may be, and keeping how the video server does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.db import session
from app.people.models import Account
from app.video import telling
from app.video.models import VideoRoom, VideoServer
from app.video.server import Inside, Order, Seen

COMES_WITHIN = timedelta(minutes=1)  # a room older than this in which nobody is, is told of
ASKED_WITHIN = timedelta(minutes=3)  # an older answer tells nothing about now
UNKNOWN = "unknown"  # why a room ends that is none of ours
STRANGER = "not of this talk"


@dataclass(frozen=True, kw_only=True)
class Differences:
    """What must be put right at the video server."""

    endings: list[Order] = field(default_factory=list)
    strangers: list[tuple[str, Inside]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """One of our rooms."""

    room: VideoRoom
    people: tuple[str, str]


def compare(seen: Seen, *, now: datetime) -> Differences:
    """What is not as our rows say. Open rooms of which it has another version are told again.

    Keeps the server's answer for the health page and for `is_behind`.
    """
    known = _known_rooms(seen, now=now)
    open_rooms = {name: each.room for name, each in known.items() if each.room.closed_at is None}
    theirs = {name: seen.versions.get(name, 0) for name in open_rooms}
    telling.tell_again(
        {name: version for name, version in theirs.items() if version != open_rooms[name].version}
    )
    gone = [
        name
        for name, room in open_rooms.items()
        if not seen.rooms.get(name) and room.opened_at < now - COMES_WITHIN
    ]
    _note(
        {"asked_at": now, "answered_at": now, "trouble": ""}
        | {"waiting": seen.undelivered, "gone": len(gone)}
    )
    return Differences(
        endings=list(_endings(seen, known)),
        strangers=[
            (name, each)
            for name, people in seen.rooms.items()
            for each in people
            if name in open_rooms and each.person not in known[name].people
        ],
    )


def note_silence(trouble: str, *, now: datetime) -> None:
    """The video server did not answer: talks go on, and their clocks stand without evidence."""
    _note({"asked_at": now, "trouble": trouble[:500], "waiting": 0, "gone": 0})


def is_behind(*, now: datetime) -> bool:
    """May the server hold events that have not reached us? Then nobody's silence is known yet.

    Not where it does not answer at all: then there is nothing to wait for.
    """
    server = find_server()
    if server is None or server.asked_at < now - ASKED_WITHIN:
        return True
    return server.waiting > 0


def forget_server() -> None:
    """The house has no video server elsewhere any more; nobody waits for its answer."""
    session.execute(delete(VideoServer))


def find_server() -> VideoServer | None:
    only = select(VideoServer).execution_options(populate_existing=True)
    return session.scalars(only).one_or_none()


def _known_rooms(seen: Seen, *, now: datetime) -> dict[str, _Known]:
    """Our rooms that are open, and those that the server still has."""
    guest, cast = aliased(Account), aliased(Account)
    lately = VideoRoom.closed_at.is_(None) & (VideoRoom.opened_at > now - telling.TOLD_FOR)
    found = session.execute(
        select(VideoRoom, guest.public_id, cast.public_id)
        .join(guest, guest.id == VideoRoom.guest_id)
        .join(cast, cast.id == VideoRoom.cast_id)
        .where(lately | VideoRoom.name.in_(seen.rooms))
        .execution_options(populate_existing=True)
    )
    return {room.name: _Known(room, (guest_id, cast_id)) for room, guest_id, cast_id in found}


def _endings(seen: Seen, known: dict[str, _Known]) -> Iterator[Order]:
    """Orders for rooms that should not be there.

    Never of a lower version than the server's own, which a database brought back from a backup may
    have: such an order would change nothing.
    """
    for name in seen.rooms:
        theirs = seen.versions.get(name, 1)
        if name not in known:
            yield Order(name, theirs, ended=UNKNOWN)
        elif (room := known[name].room).closed_at:
            yield Order(name, max(room.version, theirs), ended=room.closed_because)


def _note(values: dict[str, object]) -> None:
    made = insert(VideoServer).values({"id": 1} | values)
    session.execute(made.on_conflict_do_update(index_elements=["id"], set_=values))
