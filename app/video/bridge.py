"""The embedded backend's sender: heartbeats and the spool, signed, in order, until answered.

It stands where a video server's module stands in production, and knows the app by its webhook only.
"""

import json
import logging
import urllib.error
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Event

from sqlalchemy.exc import DBAPIError

from app import clock
from app.jobs import transaction
from app.video.embedded import presence, signals, spool
from app.video.embedded.models import EmbeddedEvent
from app.video.models import Kind
from app.video.posting import post

log = logging.getLogger(__name__)

HEARTBEAT_EVERY = timedelta(seconds=10)
TICK_SECONDS = (0.1, 1.0)  # of the wall clock: the shortest and the longest pause
PATIENCE_SECONDS = 10.0  # of the wall clock, for one answer of the webhook
LONGEST_BACKOFF_SECONDS = 5.0  # the webhook is on the same machine


class Undelivered(Exception):  # noqa: N818 - a state of the wire, not a fault
    """The webhook did not take a message; it is sent again."""


def run(stop: Event, *, url: str, secret: str) -> None:
    """Send until told to stop, or until a newer bridge takes over."""
    bridge = Bridge(url=url, secret=secret)
    pause = tick_seconds = min(max(TICK_SECONDS[0], clock.real_seconds(1)), TICK_SECONDS[1])
    while not stop.is_set():
        try:
            if not bridge.tick():
                log.warning("another bridge has taken over; this one stops")
                return
            pause = tick_seconds
        except (Undelivered, DBAPIError) as fault:
            pause = min(max(1.0, pause * 2), LONGEST_BACKOFF_SECONDS)
            log.warning("trying again in %.0f s: %s", pause, fault)
        stop.wait(pause)


class Bridge:
    """One life of the sender."""

    def __init__(self, *, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self.boot: str | None = None
        self.live: dict[str, bool] = {}
        self.beat_at: datetime | None = None

    def tick(self) -> bool:
        """Look once, and send what waits. False when another bridge has taken over."""
        now = clock.now()
        with transaction():
            boot = self._look(now)
        if boot is None:
            return False
        self.boot = boot
        while self._send_some():
            pass
        return True

    def _look(self, now: datetime) -> str | None:
        """Put what is to be told into the spool; the boot of this life, or None when it is over."""
        boot = self.boot
        if boot is None:
            presence.forget_everyone(now=now)
            boot = spool.begin_boot(now=now)
        presence.sweep(now=now)
        self._beat(now)
        return boot if spool.stamp(boot) else None

    def _beat(self, now: datetime) -> None:
        """A heartbeat when it is time, and at once when somebody gets or loses the connection."""
        inside = presence.inside()
        live = presence.liveness(inside, now=now)
        due = self.beat_at is None or now - self.beat_at >= HEARTBEAT_EVERY
        if not inside or not (due or live != self.live):
            return
        spool.note(Kind.HEARTBEAT, now=now, body=presence.heartbeat_of(inside, now=now))
        if due:
            spool.forget(now=now)
            signals.forget(now=now)
        self.beat_at, self.live = now, live

    def _send_some(self) -> bool:
        """Deliver one message; False when nothing waits."""
        with transaction():
            events = spool.unsent()
            ids = [event.id for event in events]
            message = message_of(events)
        if not ids:
            return False
        deliver(message, url=self.url, secret=self.secret)
        with transaction():
            spool.mark_sent(ids, now=clock.now())
        return True


def message_of(events: Sequence[EmbeddedEvent]) -> bytes:
    """The events of one life in the format of docs/video-events.md."""
    told = [
        {
            "id": each.event_id,
            "seq": each.seq,
            "at": each.at.timestamp(),
            "kind": each.kind,
        }
        | each.body
        for each in events
    ]
    boot = events[0].boot if events else None
    return json.dumps({"boot": boot, "events": told}).encode()


def deliver(message: bytes, *, url: str, secret: str) -> None:
    """Post a signed message. Raises Undelivered where sending it again may help."""
    now, patience = clock.now(), PATIENCE_SECONDS
    try:
        post(url, message, secret=secret, now=now, patience_seconds=patience)
    except urllib.error.HTTPError as refusal:
        # A message that cannot be read is given up; it would hold up all later ones for ever.
        if refusal.code != HTTPStatus.BAD_REQUEST:
            raise Undelivered(f"the webhook answered {refusal.code}") from refusal
        log.error("the webhook cannot read a message: %s", refusal.read(500))  # noqa: TRY400
    except OSError as fault:
        raise Undelivered(str(fault)) from fault
