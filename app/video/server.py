"""A video server that stands elsewhere (Jitsi's Prosody with our module), and the orders it takes.

docs/video-events.md describes them. The embedded rooms have no such server: there is nobody to ask.
"""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app import clock
from app.config import Settings
from app.video import wire
from app.video.posting import post

PATIENCE_SECONDS = 4.0
REST_SECONDS = 10.0  # a server that did not answer must not hold up all else that a worker does
ROOMS = wire.HEARTBEAT_ROOMS


class Unanswered(Exception):  # noqa: N818 - a state of the wire, not a fault
    """The video server did not take an order; it is given again."""


class Order(NamedTuple):
    """The state that a room is to have, whatever it had before."""

    room: str
    version: int  # an order of a lower version changes nothing
    people: tuple[str, str] | None = None  # public ids; None where nobody may be in
    closes_at: datetime | None = None
    ended: str | None = None  # why; an ended room never opens again


class Inside(NamedTuple):
    person: str
    session: str


class Seen(NamedTuple):
    """What a video server says of itself."""

    rooms: dict[str, list[Inside]]  # who is where
    versions: dict[str, int]  # of the orders that it keeps for rooms that have not ended
    undelivered: int  # events that our webhook did not take


class Server:
    """The one video server of the settings, or none."""

    def __init__(self) -> None:
        self.url = ""
        self._secret = ""
        self._rests_until, self._trouble = 0.0, ""

    def connect(self, settings: Settings) -> None:
        self.url = settings.jitsi_orders_url if settings.video_backend == "jitsi" else ""
        self._secret = settings.video_event_secrets[0] if self.url else ""
        self._rests_until = 0.0

    @property
    def is_elsewhere(self) -> bool:
        return bool(self.url)

    def obey(self, orders: Sequence[Order]) -> None:
        """Bring rooms to their state; all of them, or some and Unanswered is raised."""
        if orders:
            self._ask("/talk/rooms", {"rooms": [_order(each) for each in orders]})

    def remove(self, room: str, session: str, *, reason: str) -> None:
        """Put one connection out of a room. Raises Unanswered."""
        self._ask("/talk/removals", {"room": room, "session": session, "reason": reason})

    def look(self) -> Seen:
        """Who is where now. Raises Unanswered."""
        answer = self._ask("/talk/presence", {})
        try:
            return _seen(wire.as_object(answer, "answer"))
        except wire.Malformed as fault:
            raise Unanswered(f"an answer that cannot be read: {fault.codes}") from fault

    def _ask(self, path: str, asked: dict[str, Any]) -> object:
        if time.monotonic() < self._rests_until:
            raise Unanswered(f"it failed some seconds ago: {self._trouble}")
        body = json.dumps(asked).encode()
        try:
            return wire.as_json(
                post(
                    self.url + path,
                    body,
                    signed=path.encode() + b"." + body,
                    secret=self._secret,
                    now=clock.now(),
                    patience_seconds=PATIENCE_SECONDS,
                )
            )
        except (OSError, wire.Malformed) as fault:
            self._rests_until = time.monotonic() + REST_SECONDS
            self._trouble = str(fault) if isinstance(fault, OSError) else "the answer is no JSON"
            raise Unanswered(self._trouble) from fault


server = Server()


def _order(order: Order) -> dict[str, Any]:
    wanted = {
        "room": order.room,
        "version": order.version,
        "people": order.people,
        "closes_at": order.closes_at and order.closes_at.timestamp(),
        "ended": order.ended,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _seen(answer: dict[str, Any]) -> Seen:
    failing = answer.get("failing_since") is not None
    return Seen(
        rooms=dict(_room(each) for each in wire.as_list(answer.get("rooms"), "rooms", most=ROOMS)),
        versions=dict(
            _version(each) for each in wire.as_list(answer.get("orders"), "orders", most=ROOMS)
        ),
        undelivered=wire.as_count(answer.get("waiting"), "waiting") if failing else 0,
    )


def _room(given: object) -> tuple[str, list[Inside]]:
    room = wire.as_object(given, "room")
    people = wire.as_list(room.get("people"), "people", most=wire.ROOM_PEOPLE)
    return wire.as_name(room.get("room"), "room"), [_inside(each) for each in people]


def _inside(given: object) -> Inside:
    person = wire.as_object(given, "person")
    return Inside(
        wire.as_name(person.get("person"), "person"), wire.as_name(person.get("session"), "session")
    )


def _version(given: object) -> tuple[str, int]:
    order = wire.as_object(given, "order")
    return wire.as_name(order.get("room"), "room"), wire.as_count(order.get("version"), "version")
