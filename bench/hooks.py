"""The webhook of presence events: single events beside a floor, and a heartbeat of many rooms."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from statistics import median
from typing import Any

import psycopg

from app import clock, signatures
from app.talks import jobs
from bench import crowd
from bench.figures import Figure, at_least, below, interleaved, told
from bench.house import house, served
from bench.load import post, press

ROOMS = 1_000
REQUESTS = 2_000  # of each round
ROUNDS = 9
HEARTBEATS = 7
ids = count(1)


def measure() -> Iterator[Figure]:
    with (
        house() as made,
        served(made, "wsgi:app") as ours,
        served(made, "bench.floors.hook:app") as floor,
        made.connect() as connection,
    ):
        press(ours, _singles(200), seconds=5)
        press(floor, _singles(200), seconds=5)
        rate, least = interleaved(
            ROUNDS,
            lambda: press(ours, list(_singles(REQUESTS)), seconds=20).per_second,
            lambda: press(floor, list(_singles(REQUESTS)), seconds=20).per_second,
        )
        yield at_least(
            0.9,
            what="webhook, single events, to verify and insert",
            ours=rate,
            floor=least,
            unit="/s",
        )
        connection.execute("TRUNCATE video_event")
        crowd.talks(connection, ROOMS)
        taken, drained = _heartbeats(ours, connection)
        yield below(100, what=f"webhook, a heartbeat of {ROOMS:,} rooms", ours=taken, unit="ms")
        yield told(what=f"bringing it to {ROOMS:,} running talks", ours=drained, unit="ms")


def _heartbeats(port: int, connection: psycopg.Connection) -> tuple[float, float]:
    """Milliseconds to take a heartbeat, and to drain it, while the talks go on."""
    rooms = rooms_of(connection)
    started_at = clock.now() - timedelta(seconds=30)  # within the free minute
    for party in (1, 2):
        joined = [event("joined", room=row[0], **_person(row[party])) for row in rooms]
        send(port, [each | {"at": started_at.timestamp()} for each in joined])
    _drain()
    shown = [{"room": row[0], "people": [_person(row[1]), _person(row[2])]} for row in rooms]
    taken, drained = [], []
    for _ in range(HEARTBEATS):
        taken.append(send(port, [event("heartbeat", rooms=shown)]))
        drained.append(_drain())
    live = connection.execute(
        "SELECT count(*) FROM talk WHERE shared_since IS NOT NULL AND evidence_at > %s",
        [clock.now() - timedelta(seconds=20)],
    ).fetchone()
    assert live == (ROOMS,), f"{live} talks go on"
    return median(taken), median(drained)


def _drain() -> float:
    began = time.perf_counter()
    jobs.drain()
    return (time.perf_counter() - began) * 1000


def rooms_of(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    """Each talk's room, with the public ids of its guest and its cast."""
    return connection.execute(
        """
        SELECT room, guest.public_id, cast_.public_id FROM talk
        JOIN account AS guest ON guest.id = guest_id JOIN account AS cast_ ON cast_.id = cast_id
        """
    ).fetchall()


def send(port: int, events: list[dict[str, Any]], *, boot: str = "bench") -> float:
    """Milliseconds until the webhook has taken these."""
    message = _message(events, boot=boot)
    return press(port, [message], seconds=60, connections=1).milliseconds[0]


def _singles(number: int) -> Iterator[bytes]:
    for _ in range(number):
        yield _message([event("joined", room="a" * 32, **_person("b" * 22))])


def _message(events: list[dict[str, Any]], *, boot: str = "bench") -> bytes:
    body = json.dumps({"boot": boot, "events": events}).encode()
    signature = signatures.sign(body, secret=crowd.SECRET, now=clock.now())
    return post("/hooks/video", body, **{signatures.HEADER: signature})


def event(kind: str, **body: object) -> dict[str, Any]:
    number = next(ids)
    head = {"id": f"bench-{number}", "seq": number, "at": clock.now().timestamp(), "kind": kind}
    return head | body


def _person(public_id: str) -> dict[str, Any]:
    return {"person": public_id, "session": f"{public_id}-1", "hibernating": False}
