"""The event format, version 1 (docs/video-events.md), read strictly and without knowing anybody."""

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Never

from app.errors import N_, Problem, Refused
from app.video.models import Kind

MESSAGE_BYTES = 2_000_000
MESSAGE_EVENTS = 2_000
HEARTBEAT_ROOMS = 10_000
ROOM_PEOPLE = 50  # far more than two, so that a stranger in a room is shown and not hidden
NAME_LENGTH = 128  # characters of any id
KEPT_BY_SENDER = timedelta(days=30)  # the longest outage whose spool we still take
CLOCK_SKEW = timedelta(minutes=5)
LARGEST = 2**53  # what every JSON reader keeps exactly


class Malformed(Refused):
    """Signed, but not an event message; sending it again will not help."""

    status = 400


class Event(NamedTuple):
    id: str
    seq: int
    at: float
    kind: Kind
    body: dict[str, Any]


class Message(NamedTuple):
    boot: str
    events: list[Event]


def read(message: bytes, *, now: datetime) -> Message:
    """The events of a message, with only the fields that the format names. Raises Malformed."""
    if len(message) > MESSAGE_BYTES:
        _malformed("message", f"over {MESSAGE_BYTES} bytes")
    parsed = as_object(as_json(message), "message")
    events = as_list(parsed.get("events"), "events", most=MESSAGE_EVENTS)
    if not events:
        _malformed("events", "is empty")
    boot = as_name(parsed.get("boot"), "boot")
    return Message(boot, [_event(each, now=now.timestamp()) for each in events])


def as_json(message: bytes) -> object:
    try:
        return json.loads(message.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _malformed("message", "is no JSON")


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)


def _event(given: object, *, now: float) -> Event:
    event = as_object(given, "event")
    kind = event.get("kind")
    if not (isinstance(kind, str) and kind in _BODIES):
        _malformed("kind", "is unknown")
    at = as_number(event.get("at"), "at")
    if not now - KEPT_BY_SENDER.total_seconds() <= at <= now + CLOCK_SKEW.total_seconds():
        _malformed("at", "is too far from now")
    return Event(
        id=as_name(event.get("id"), "id"),
        seq=as_count(event.get("seq"), "seq"),
        at=at,
        kind=Kind(kind),
        body=_BODIES[Kind(kind)](event),
    )


def _coming(event: dict[str, Any]) -> dict[str, Any]:
    return {"room": as_name(event.get("room"), "room"), **_person(event)}


def _heartbeat(event: dict[str, Any]) -> dict[str, Any]:
    at, rooms = event["at"], as_list(event.get("rooms"), "rooms", most=HEARTBEAT_ROOMS)
    return {"rooms": [_room(each, at=at) for each in rooms]}


def _room(given: object, *, at: float) -> dict[str, Any]:
    room = as_object(given, "room")
    read: dict[str, Any] = {
        "room": as_name(room.get("room"), "room"),
        "people": _people(room.get("people")),
    }
    if "since" in room:
        read["since"] = as_number(room["since"], "since")
        if not at - KEPT_BY_SENDER.total_seconds() <= read["since"] <= at:
            _malformed("since", "is not before its heartbeat")
    return read


def _people(given: object) -> list[dict[str, Any]]:
    return [_seen(each) for each in as_list(given, "people", most=ROOM_PEOPLE)]


def _seen(given: object) -> dict[str, Any]:
    person = as_object(given, "person")
    idle = as_number(person.get("idle", 0), "idle")
    if not 0 <= idle <= LARGEST:
        _malformed("idle", "is out of range")
    return {**_person(person), "idle": idle}


def _person(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "person": as_name(given.get("person"), "person"),
        "session": as_name(given.get("session"), "session"),
        "hibernating": as_flag(given.get("hibernating", False), "hibernating"),
    }


def _boot(_event: dict[str, Any]) -> dict[str, Any]:
    return {}


def _closed(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "room": as_name(event.get("room"), "room"),
        "reason": as_name(event.get("reason", "closed"), "reason"),
        "people": _people(event.get("people", [])),
    }


_BODIES: dict[Kind, Callable[[dict[str, Any]], dict[str, Any]]] = {
    Kind.JOINED: _coming,
    Kind.LEFT: _coming,
    Kind.HEARTBEAT: _heartbeat,
    Kind.BOOT: _boot,
    Kind.CLOSED: _closed,
}


def as_object(given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        _malformed(where, "is no object")
    return given


def as_list(given: object, where: str, *, most: int) -> list[Any]:
    if not isinstance(given, list) or len(given) > most:
        _malformed(where, f"is no list of at most {most}")
    return given


def as_name(given: object, where: str) -> str:
    # Printable ASCII: ids have nothing else, and PostgreSQL would refuse a NUL or a lone surrogate.
    if not (isinstance(given, str) and given.isascii() and given.isprintable()):
        _malformed(where, "is no plain text")
    if not 0 < len(given) <= NAME_LENGTH:
        _malformed(where, f"is empty or over {NAME_LENGTH} characters")
    return given


def as_number(given: object, where: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or abs(given) > LARGEST:
        _malformed(where, "is no number")
    if not math.isfinite(given):
        _malformed(where, "is no number")
    return given


def as_count(given: object, where: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LARGEST:
        _malformed(where, "is no whole number")
    return given


def as_flag(given: object, where: str) -> bool:
    if not isinstance(given, bool):
        _malformed(where, "is neither true nor false")
    return given


def _malformed(where: str, what: str) -> Never:
    problem = Problem(
        code="malformed",
        text=N_("The event message cannot be read: %(where)s %(what)s."),
        values={"where": where, "what": what},
    )
    raise Malformed(problem)
