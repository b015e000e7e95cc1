"""Prosody with our module, an ear in the app's place, and people who come in."""

import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app import clock, signatures
from app.errors import Refused
from app.video import tokens, wire
from tests.engines_of_tests import SECRET
from tests.jitsi.server import PATIENCE_SECONDS, PROSODY, Prosody
from tests.processes import wait_until

ROOM = "0123456789abcdef0123456789abcdef"
GUEST, CAST = "guest-public-id", "cast-public-id"


class Ear:
    """Takes events where the app would, reads them as strictly, and may turn deaf."""

    def __init__(self):
        self.events, self.refused, self.messages = [], [], 0
        self.answers = deque()  # statuses to give instead of taking, one a message
        self.deaf = False
        self.speaks = threading.Event()  # while it is not set, nothing is answered, or taken
        self.speaks.set()
        self.unreadable = None  # an event with this text in it cannot be read
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                was_silent = not ear.speaks.is_set()
                ear.speaks.wait(PATIENCE_SECONDS)
                status = 503 if was_silent else ear.hear(body, self.headers[signatures.HEADER])
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/video"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hear(self, body, signature):
        self.messages += 1
        if self.deaf:
            return 503
        if self.answers:
            return self.answers.popleft()
        if self.unreadable and self.unreadable in body:
            return 400
        try:
            signatures.check(body, signature, secrets=[SECRET], now=clock.now())
            boot, events = wire.read(body, now=clock.now())
        except Refused as refusal:
            self.refused.append(str(refusal))
            return refusal.status
        known = {event["id"] for event in self.events}
        for event in events:
            if event.id not in known:
                told = {"id": event.id, "boot": boot, "seq": event.seq, "at": event.at}
                self.events.append(told | {"kind": event.kind.value} | event.body)
        return 200

    def of(self, kind):
        return [event for event in list(self.events) if event["kind"] == kind]

    def wait_for(self, kind, *, count=1, seconds=PATIENCE_SECONDS, **fields):
        """The newest event of this kind with these fields, once there are so many."""

        def fitting():
            found = [
                each
                for each in self.of(kind)
                if all(each.get(name) == value for name, value in fields.items())
            ]
            return found if len(found) >= count else None

        return wait_until(
            fitting, lambda: f"no {kind} with {fields} in {self.events}", seconds=seconds
        )[-1]

    def wait_for_beat(
        self, room=ROOM, *, that=lambda _people: True, after=None, seconds=PATIENCE_SECONDS
    ):
        """The first heartbeat of a room, from now or from a moment on, whose people are like that."""
        known = len(self.events) if after is None else 0

        def beats():
            for event in self.events[known:]:
                if after and event["at"] < after:
                    continue
                for each in event.get("rooms", []):
                    people = {person["session"]: person for person in each["people"]}
                    if each["room"] == room and that(people):
                        return {**each, "at": event["at"], "people": people}
            return None

        return wait_until(beats, lambda: f"no such beat in {self.events[known:]}", seconds=seconds)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        assert self.refused == []


class Visitor:
    """A person's client in a process of its own; it may be frozen and killed."""

    def __init__(self, prosody, *, room, ticket, nick):
        options = {"port": prosody.http, "room": room, "ticket": ticket, "nick": nick}
        self.nick, self.prosody = nick, prosody
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.jitsi.visitor", json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.seen, self.lines = [], queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def expect(self, saw, **fields):
        """The next thing seen that is this; what was seen before it is passed over."""

        def fits(each):
            return each["saw"] == saw and all(each.get(k) == v for k, v in fields.items())

        while not any(map(fits, self.seen)):
            try:
                self.seen.append(self.lines.get(timeout=PATIENCE_SECONDS))
            except queue.Empty:
                raise AssertionError(
                    f"{self.nick} saw {self.seen}, not {saw} {fields}; {self.prosody.log()[-2000:]}"
                ) from None
        found = next(filter(fits, self.seen))
        self.seen = self.seen[self.seen.index(found) + 1 :]
        return found

    def do(self, command):
        self.process.stdin.write(f"{command}\n")

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def cut(self):
        """The connection ends without a word."""
        self.process.kill()
        self.process.wait()

    def close(self):
        self.cut()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def ear():
    made = Ear()
    yield made
    made.close()


@pytest.fixture
def make_prosody(tmp_path, ear):
    """make_prosody(**options): one that is running; all are stopped in the end."""
    if shutil.which(PROSODY[0]) is None:
        pytest.skip("Prosody is not installed")
    made = []

    def make(**options):
        folder = tmp_path / f"prosody{len(made)}"
        folder.mkdir()
        prosody = Prosody(folder, app_url=ear.url, **{"heartbeat": 1, **options})
        made.append(prosody)
        prosody.start()
        return prosody

    yield make
    for prosody in made:
        prosody.kill()
        assert "traceback" not in prosody.log().lower(), prosody.log()
        assert "Error in timer" not in prosody.log()


@pytest.fixture
def prosody(make_prosody):
    return make_prosody()


def ticket(person, *, room=ROOM, secret=SECRET, now=None):
    return tokens.issue(
        room=room, person=person, nickname=person, secret=secret, now=now or clock.now()
    )


@pytest.fixture
def come():
    """come(prosody, person, …): somebody who comes to a room with a ticket of their own."""
    visitors = []

    def begin(prosody, person, *, nick=None, room=ROOM, to=None, ticket_=None):
        given = ticket(person, room=room) if ticket_ is None else ticket_
        nick = nick or f"{person[:4]}{len(visitors)}"
        visitor = Visitor(prosody, room=to or room, ticket=given, nick=nick)
        visitors.append(visitor)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def visit(come, prosody):
    """visit(person, …): the same, at the one Prosody of the test."""
    return partial(come, prosody)


@pytest.fixture
def come_both(come):
    """come_both(prosody): the two of the talk, in their room."""

    def begin(prosody):
        guest = come(prosody, GUEST, nick="guest1")
        cast = come(prosody, CAST, nick="cast1")
        guest.expect("in")
        cast.expect("in")
        return guest, cast

    return begin


@pytest.fixture
def both(come_both, prosody):
    return come_both(prosody)
