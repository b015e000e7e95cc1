"""Closing a month of many casts, beside one statement that writes the same rows without any keeping."""

import multiprocessing
import resource
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import psycopg

from app import clock, create_app
from app.config import Settings
from app.db import db
from app.jobs import transaction
from app.payouts import closing, jobs
from bench import crowd
from bench.figures import Figure, at_most, below, told
from bench.house import House, house

CASTS, FEW_CASTS = 10_000, 1_000
TALKS, BOOKINGS = 80, 20  # of each cast in the month
EACH = TALKS + BOOKINGS  # earnings
SECONDS, MEGABYTES = 60, 500

# The least: the same rows into tables without keys, indexes or checks, and no question asked.
_FLOOR = """
    WITH due AS MATERIALIZED (
        SELECT cast_id, id AS talk_id, NULL::bigint AS booking_id, ended_at AS served_at,
               minutes_charged - minutes_returned AS units,
               (minutes_charged - minutes_returned) * reward_yen AS yen
        FROM talk WHERE state = 'ended' AND booking_id IS NULL AND ended_at < %(until)s
        UNION ALL
        SELECT cast_id, NULL, id, talk_ends_at, slots, earned_yen
        FROM booking JOIN settlement ON booking_id = id WHERE talk_ends_at < %(until)s
    ), made AS (
        INSERT INTO bare_claim (id, public_id, cast_id, kind, items, yen, claimed_at, pay_on)
        SELECT cast_id, md5(cast_id::text), cast_id, 'closing', count(*), sum(yen), now(), now()
        FROM due GROUP BY cast_id
        RETURNING id, cast_id
    )
    INSERT INTO bare_claim_item (id, claim_id, talk_id, booking_id, served_at, units, yen)
    SELECT row_number() OVER (), made.id, talk_id, booking_id, served_at, units, yen
    FROM due JOIN made USING (cast_id)
"""


def measure() -> Iterator[Figure]:
    with house() as many:
        before, after = many.twin("before"), many.twin("after")
        few = [_Closed(before, FEW_CASTS)]
        closed = _Closed(many, CASTS)
        few.append(_Closed(after, FEW_CASTS))  # the machine may have become slower meanwhile
    what = f"a month of {CASTS:,} casts and {CASTS * EACH:,} earnings"
    ours = closed.seconds
    yield below(SECONDS, what=f"closing {what}", ours=ours, unit="s")
    yield below(MEGABYTES, what="its process at the most", ours=closed.megabytes, unit="MB")
    yield at_most(
        25, what="beside one bare statement", ours=[ours], floor=[closed.floor_seconds], unit="s"
    )
    yield at_most(
        1.5,
        what=f"each earning, beside a month of {FEW_CASTS * EACH:,}",
        ours=[ours / CASTS / EACH * 1e6] * len(few),
        floor=[each.seconds / FEW_CASTS / EACH * 1e6 for each in few],
        unit="µs",
    )
    yield told(what="a night's round that finds nothing", ours=closed.round_seconds, unit="s")


class _Closed:
    """A month of so many casts, made, closed, and gone through once more."""

    def __init__(self, made: House, casts: int) -> None:
        with made.connect() as connection:
            month = clock.start_of(closing.last_over(clock.now()))
            crowd.earned(connection, casts, month=month, talks=TALKS, bookings=BOOKINGS)
            self.seconds, self.megabytes = _close_in_a_process(made)
            self.floor_seconds = _floor(connection)
            _assert_all_claimed(connection, casts)
            connection.execute("UPDATE closing SET swept_to = 0, whole = false")
            self.round_seconds, _ = _close_in_a_process(made)


def _close_in_a_process(made: House) -> tuple[float, float]:
    """Seconds, and megabytes at the most, of the job in a process of its own, as a worker has it."""
    spawned = multiprocessing.get_context("spawn")
    here, there = spawned.Pipe()
    process = spawned.Process(target=_close, args=(made.environment, there))
    process.start()
    there.close()
    seconds, megabytes = here.recv()
    process.join()
    return seconds, megabytes


def _close(environment: dict[str, str], there: Connection) -> None:
    app = create_app(Settings.read(environment))
    with app.app_context():
        _is_under_way()  # connected
        began = time.perf_counter()
        while _is_under_way():
            jobs.close_months()
        seconds = time.perf_counter() - began
        db.engine.dispose()
    there.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def _is_under_way() -> bool:
    with transaction():
        last = closing.find_last()
        return last is None or last.swept_to is not None


def _floor(connection: psycopg.Connection) -> float:
    for name in ("claim", "claim_item"):
        connection.execute(f"CREATE TABLE bare_{name} (LIKE {name})")
    until = closing.end_of(closing.last_over(clock.now()))
    began = time.perf_counter()
    connection.execute(_FLOOR, {"until": until})
    return time.perf_counter() - began


def _assert_all_claimed(connection: psycopg.Connection, casts: int) -> None:
    """Both came to the same rows."""
    for table in ("claim", "bare_claim"):
        items = table + "_item"
        found = connection.execute(
            f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {items}),"
            f" (SELECT sum(yen) FROM {table}), (SELECT sum(yen) FROM {items})"
        ).fetchone()
        yen = casts * EACH * 150
        assert found == (casts, casts * EACH, yen, yen), found
