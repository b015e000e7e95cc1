import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from app import signatures
from app.db import session
from app.video import bridge, rooms, wire
from app.video.bridge import Bridge, Undelivered
from app.video.embedded import presence
from app.video.embedded.models import EmbeddedEvent
from tests.video.conftest import NOON, SECRET
from tests.video.test_pulses import beat, pulse

SECOND = timedelta(seconds=1)


class Webhook:
    """A webhook that keeps what it is told, and answers as the test wants."""

    def __init__(self):
        self.status = 200
        self.breaks_off = False  # in the middle of its answer
        self.messages = []
        hook = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.messages.append((body, self.headers[signatures.HEADER]))
                if hook.breaks_off:
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n{")
                    return
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/video"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def events(self, now):
        """Everything taken so far, read as the app reads it."""
        for body, signature in self.messages:
            signatures.check(body, signature, secrets=(SECRET,), now=now)
        return [event for body, _ in self.messages for event in wire.read(body, now=now).events]


@pytest.fixture
def webhook():
    hook = Webhook()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


@pytest.fixture
def tick(at, webhook):
    """tick(now, bridge): let a bridge look once at that moment."""

    def look(now, sender):
        at(now)
        session.commit()
        return sender.tick()

    return look


@pytest.fixture
def sender(webhook):
    return Bridge(url=webhook.url, secret=SECRET)


def kinds(events):
    return [event.kind.value for event in events]


def test_a_life_begins_with_its_boot_event(tick, sender, webhook):
    tick(NOON, sender)

    assert kinds(webhook.events(NOON)) == ["boot"]


def test_who_comes_is_told_with_a_heartbeat_that_shows_them(talk, tick, sender, webhook):
    tick(NOON, sender)
    guest = beat(talk, "guest", now=NOON + SECOND).session
    tick(NOON + SECOND, sender)

    _, joined, heartbeat = webhook.events(NOON)
    assert joined.body["session"] == guest
    [room] = heartbeat.body["rooms"]
    assert room["room"] == talk.name
    assert room["people"] == [
        {"person": talk.guest, "session": guest, "hibernating": False, "idle": 86_400}
    ]


def test_without_a_picture_nobody_counts_as_connected(talk, tick, sender, webhook):
    tick(NOON, sender)
    for second in (1, 20):
        beat(talk, "guest", now=NOON + second * SECOND)
        tick(NOON + second * SECOND, sender)

    beats = [event for event in webhook.events(NOON) if event.kind == "heartbeat"]
    assert [beat.body["rooms"][0]["people"][0]["idle"] for beat in beats] == [86_400, 86_400]


def test_a_heartbeat_comes_every_ten_seconds(talk, tick, sender, webhook):
    tick(NOON, sender)
    for second in range(1, 32):
        beat(talk, "guest", pulse("guest", media=True), now=NOON + second * SECOND)
        tick(NOON + second * SECOND, sender)

    beats = [
        event.at - NOON.timestamp() for event in webhook.events(NOON) if event.kind == "heartbeat"
    ]
    assert beats == [1, 2, 12, 22]  # at once when the picture came, then regularly


def test_a_lost_connection_is_told_at_once(talk, tick, sender, webhook):
    tick(NOON, sender)
    beat(talk, "guest")
    beat(talk, "guest", pulse("guest", media=True))
    tick(NOON, sender)
    tick(NOON + 7 * SECOND, sender)

    last = webhook.events(NOON)[-1]
    assert last.at == NOON.timestamp() + 7
    assert last.body["rooms"][0]["people"][0]["hibernating"]


def test_a_minute_of_silence_ends_a_stay(talk, tick, sender, webhook):
    tick(NOON, sender)
    stay = beat(talk, "guest").session
    tick(NOON + 59 * SECOND, sender)
    tick(NOON + 61 * SECOND, sender)

    last = webhook.events(NOON)[-1]
    assert (last.kind, last.body["session"], last.body["hibernating"]) == ("left", stay, True)


def test_a_room_that_closed_is_told_although_no_page_pulses(talk, tick, sender, webhook):
    tick(NOON, sender)
    beat(talk, "guest")
    rooms.set_closing({talk.name: NOON + 5 * SECOND})
    tick(NOON + 5 * SECOND, sender)

    last = webhook.events(NOON)[-1]
    assert (last.kind, last.body["reason"]) == ("closed", "time")
    assert presence.inside() == []


def test_what_was_not_answered_is_sent_again_in_order(talk, tick, sender, webhook):
    webhook.status = 503
    with pytest.raises(Undelivered):
        tick(NOON, sender)
    beat(talk, "guest")
    with pytest.raises(Undelivered):
        tick(NOON + SECOND, sender)
    webhook.status = 200
    webhook.messages.clear()
    tick(NOON + 2 * SECOND, sender)

    events = webhook.events(NOON)
    assert kinds(events) == ["boot", "joined", "heartbeat"]
    assert [event.seq for event in events] == sorted(event.seq for event in events)


def test_an_answer_that_breaks_off_is_none(tick, sender, webhook):
    webhook.breaks_off = True
    with pytest.raises(Undelivered):
        tick(NOON, sender)
    webhook.breaks_off = False
    tick(NOON + SECOND, sender)

    assert kinds(webhook.events(NOON)) == ["boot", "boot"]  # the same one again


def test_a_webhook_that_is_away_is_waited_for(tick):
    nowhere = Bridge(url="http://127.0.0.1:9/hooks/video", secret=SECRET)

    with pytest.raises(Undelivered):
        tick(NOON, nowhere)
    assert session.scalars(select(EmbeddedEvent.sent_at)).all() == [None]


def test_a_message_that_cannot_be_read_does_not_hold_up_the_next(tick, sender, webhook):
    webhook.status = 400

    assert tick(NOON, sender)


def test_a_new_life_tells_the_old_ones_rest_first_and_everyone_comes_in_anew(
    talk, tick, sender, webhook
):
    tick(NOON, sender)
    old = beat(talk, "guest").session

    tick(NOON + SECOND, Bridge(url=webhook.url, secret=SECRET))
    new = beat(talk, "guest", now=NOON + SECOND).session

    boots = [json.loads(body)["boot"] for body, _ in webhook.messages]
    assert kinds(webhook.events(NOON)) == ["boot", "joined", "boot"]
    assert boots[0] == boots[1] != boots[2]
    assert new != old


def test_the_older_of_two_bridges_stops(tick, sender, webhook):
    tick(NOON, sender)
    newer = Bridge(url=webhook.url, secret=SECRET)
    tick(NOON, newer)

    assert not tick(NOON, sender)
    assert tick(NOON, newer)


def test_running_ends_when_it_is_told_to(webhook):
    stop = threading.Event()
    stop.set()

    bridge.run(stop, url=webhook.url, secret=SECRET)

    assert webhook.messages == []
