"""Prosody with our module and a thousand rooms: what a heartbeat costs it, and how soon it is charged."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import psutil
import psycopg

from app import clock
from app.talks import jobs
from app.video.posting import post
from bench import crowd
from bench.figures import Figure, at_most, below, told
from bench.hooks import ROOMS, event, rooms_of, send
from bench.house import House, house, served
from tests.jitsi.server import PROSODY, Prosody

BEATS = 12
BEAT_SECONDS = 1  # as fast as ten thousand rooms would have it
ALREADY_SHARED = 35  # seconds of the free minute that are over when the heartbeats begin
PATIENCE_SECONDS = 60


def measure() -> Iterator[Figure]:
    if shutil.which(PROSODY[0]) is None:
        print("Prosody is not installed: the figures of the video server are left out.")
        return
    with house() as made, served(made, "wsgi:app") as port, made.connect() as connection:
        crowd.talks(connection, ROOMS)
        with _prosody(port) as prosody:
            yield from _measure(made, port, connection, prosody)


@contextmanager
def _prosody(port: int) -> Iterator[Prosody]:
    """Prosody, telling the app that listens at this port; gone after use."""
    with tempfile.TemporaryDirectory(prefix="bench-prosody-") as folder:
        prosody = Prosody(
            folder,
            app_url=f"http://127.0.0.1:{port}/hooks/video",
            heartbeat=BEAT_SECONDS,
            event_secret=crowd.SECRET,
            more='"crowd"',
        )
        try:
            prosody.start(with_focus=False)
            yield prosody
        finally:
            prosody.kill()


def _measure(
    made: House, port: int, connection: psycopg.Connection, prosody: Prosody
) -> Iterator[Figure]:
    rooms = rooms_of(connection)
    boot = prosody.ask("/talk/presence", {})["boot"]
    _join(port, rooms, boot)
    full = [{"room": room, "people": people} for room, *people in rooms]
    _call(prosody, "/crowd", json.dumps(full).encode())

    charged = _ms_to_charges(connection)
    process = psutil.Process(prosody.process.pid)
    before, beats, floors = sum(process.cpu_times()[:2]), [], []
    for _ in range(BEATS):
        _wait_for_beat(connection)
        answer = prosody.ask("/talk/presence", {})
        beats.append(answer["beat_ms"])
        floors.append(json.loads(_call(prosody, "/floor", b""))["ms"])
    whole = (sum(process.cpu_times()[:2]) - before) * 1000 / BEATS
    delay = connection.execute(
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM received_at - at))"
        " FROM video_event WHERE kind = 'heartbeat'"
    ).fetchone()
    what = f"a heartbeat of {ROOMS:,} rooms"
    yield at_most(
        3, what=f"Prosody, {what}, to its least", ours=beats, floor=floors, unit="ms of CPU"
    )
    yield below(50, what=f"Prosody, {what}", ours=median(beats), unit="ms of CPU")
    yield told(
        what="Prosody, all it does between two of them, being asked twice",
        ours=whole,
        unit="ms of CPU",
    )
    yield below(100, what=f"{what}, until the app has kept it", ours=delay[0] * 1000, unit="ms")
    yield told(what=f"{what}, until its {ROOMS:,} minutes are charged", ours=charged, unit="ms")


def _join(port: int, rooms: list[tuple[str, str, str]], boot: str) -> None:
    """Everybody has come in, most of a free minute ago."""
    at = clock.now().timestamp() - ALREADY_SHARED
    for place in (1, 2):
        joined = [
            event("joined", room=row[0], person=row[place], session=f"{row[place]}-1") | {"at": at}
            for row in rooms
        ]
        send(port, joined, boot=boot)
    jobs.drain()


def _ms_to_charges(connection: psycopg.Connection) -> float:
    """From the heartbeat that proves the first minute to the charge of the last talk."""
    count = "SELECT count(*) FROM talk WHERE minutes_charged = 1"
    by = time.monotonic() + PATIENCE_SECONDS
    while connection.execute(count).fetchone() != (ROOMS,):
        assert time.monotonic() < by, "not all were charged"
        jobs.drain()
    done = clock.now()
    proof = connection.execute("SELECT min(evidence_at) FROM talk").fetchone()
    assert proof
    return (done - proof[0]).total_seconds() * 1000


def _wait_for_beat(connection: psycopg.Connection) -> None:
    count = "SELECT count(*) FROM video_event WHERE kind = 'heartbeat'"
    known = connection.execute(count).fetchone()
    by = time.monotonic() + PATIENCE_SECONDS
    while connection.execute(count).fetchone() == known:
        assert time.monotonic() < by, "no heartbeat came"
        time.sleep(0.02)


def _call(prosody: Prosody, path: str, body: bytes) -> bytes:
    return post(
        prosody.url + path,
        body,
        secret=crowd.SECRET,
        now=clock.now(),
        patience_seconds=PATIENCE_SECONDS,
    )
