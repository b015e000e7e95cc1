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

# Walk-ins of three charged minutes, and reservations of a slot: each cast has them at moments of its
# own, and each guest meets another cast every time. The triggers rest meanwhile: what they would look
# for has just been written.
_TALKS = """
    INSERT INTO talk (public_id, guest_id, cast_id, state, price_points, reward_yen, asked_at,
                      answer_by, answered_at, ended_at, ended_by, carried, carried_minutes, resumed,
                      shared, sessions, missing, minutes_charged, minutes_returned, minutes_waived)
    SELECT 'talk-' || n || '-' || cast_.id, guest.id, cast_.id, 'ended', 100, 50, at, at, at,
           at + interval '4 minutes', 'guest', interval '0', 0, false, interval '0', '', '', 3, 0, 0
    FROM generate_series(1, %(talks)s) AS n, people AS cast_ JOIN people AS guest USING (nth),
         LATERAL (SELECT %(month)s + n * interval '8 hours' + cast_.nth * interval '1 second')
             AS moment (at)
    WHERE cast_.role = 'cast' AND guest.role = 'guest'
"""
_BOOKINGS = """
    INSERT INTO booking (public_id, guest_id, cast_id, state, slots, price_points, reward_yen,
                         starts_at, ends_at, talk_starts_at, talk_ends_at, free_cancel_until,
                         cast_cancel_until, report_until, form_key, shown, booked_at, extended)
    SELECT 'booking-' || n || '-' || cast_.id, guest.id, cast_.id, 'settled', 1, 300, 150, at,
           at + interval '180 seconds', at + interval '30 seconds', at + interval '150 seconds', at,
           at, at + interval '780 seconds', 'form-' || n || '-' || cast_.id, '{}', at, 0
    FROM generate_series(1, %(bookings)s) AS n, people AS cast_ JOIN people AS guest USING (nth),
         LATERAL (SELECT %(month)s + n * interval '1 day' + cast_.nth %% 400 * interval '3 minutes')
             AS moment (at)
    WHERE cast_.role = 'cast' AND guest.role = 'guest'
"""
_SETTLEMENTS = """
    INSERT INTO settlement (booking_id, outcome, returned_points, earned_yen, missed_seconds, words,
                            settled_at)
    SELECT id, 'completed', 0, slots * reward_yen, 0, '', report_until FROM booking
"""
# The least: the same rows into tables without keys, indexes or checks, and no question asked.
_FLOOR = """
    WITH due AS MATERIALIZED (
        SELECT cast_id, id AS talk_id, NULL::bigint AS booking_id, ended_at AS served_at,
               minutes_charged - minutes_returned AS units,
               (minutes_charged - minutes_returned) * reward_yen AS yen
        FROM talk WHERE state = 'ended' AND booking_id IS NULL AND ended_at < %(until)s
        UNION ALL
        SELECT cast_id, NULL, id, ends_at, slots, earned_yen
        FROM booking JOIN settlement ON booking_id = id WHERE ends_at < %(until)s
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
            _fill(connection, casts)
            self.seconds, self.megabytes = _close_in_a_process(made)
            self.floor_seconds = _floor(connection)
            _assert_all_claimed(connection, casts)
            connection.execute("UPDATE closing SET swept_to = 0")
            self.round_seconds, _ = _close_in_a_process(made)


def _fill(connection: psycopg.Connection, casts: int) -> None:
    crowd.casts(connection, casts, sentences=0)
    connection.execute(crowd.ACCOUNTS, {"role": "guest", "count": casts})
    connection.execute(
        "CREATE TEMP TABLE people AS SELECT id, role,"
        " row_number() OVER (PARTITION BY role ORDER BY id) AS nth FROM account"
    )
    connection.execute("SET session_replication_role = replica")
    month = {"month": clock.start_of(closing.last_over(clock.now()))}
    connection.execute(_TALKS, month | {"talks": TALKS})
    connection.execute(_BOOKINGS, month | {"bookings": BOOKINGS})
    connection.execute(_SETTLEMENTS)
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


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
        with transaction():
            closing.find_last()  # connected
        began = time.perf_counter()
        jobs.close_months()
        seconds = time.perf_counter() - began
        db.engine.dispose()
    there.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


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
