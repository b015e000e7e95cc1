"""Closing a month of ten thousand casts in real processes that are killed: once only, and nothing is lost."""

import time
from datetime import datetime
from random import Random

import psycopg
import pytest
from redis import Redis
from rq import Queue

from app import clock, engines
from app.payouts import closing
from bench import crowd
from tests.processes import PREPARE, House, wait_until

CASTS, TALKS, BOOKINGS = 10_000, 2, 1
YEN = 150 * (TALKS + BOOKINGS)  # of each cast
KILLS = 4
PATIENCE = 120  # seconds on the wall, for a busy machine


class ManyCasts(House):
    """A database full of what was earned, and workers without a timetable: the test rings."""

    def fill(self, month: datetime) -> None:
        self.python("-c", PREPARE)
        url = self.urls.database_url.replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            crowd.earned(connection, CASTS, month=month, talks=TALKS, bookings=BOOKINGS)

    def ring(self):
        with Redis.from_url(self.urls.redis_url) as valkey:
            Queue("default", connection=valkey).enqueue("app.payouts.jobs.close_months")

    def claimed(self):
        [[number]] = self.sql("SELECT count(*) FROM claim")
        return number

    def is_finished(self):
        return self.sql("SELECT 1 FROM closing WHERE finished_at IS NOT NULL AND swept_to IS NULL")


@pytest.fixture
def house(tmp_path):
    with engines.running(tmp_path) as urls:
        house = ManyCasts(tmp_path, urls)
        try:
            yield house
        finally:
            house.end()


@pytest.mark.req("D26", "C56")
def test_a_closing_killed_again_and_again_claims_each_earning_once(house):
    chance, month = Random(11), closing.last_over(clock.now())
    house.fill(clock.start_of(month))

    for _ in range(KILLS):
        before = house.claimed()
        house.start_worker()
        house.ring()
        wait_until(lambda before=before: house.claimed() > before, seconds=PATIENCE)
        time.sleep(chance.random() / 10)  # at another line each time
        house.kill("worker")
        assert house.claimed() < CASTS, "it was not in the middle"
    for name in ("worker", "second worker"):
        house.start_worker(name)
        house.ring()
    wait_until(house.is_finished, seconds=PATIENCE)

    assert house.sql("SELECT cast_id, count(*) FROM claim GROUP BY 1 HAVING count(*) > 1") == []
    totals = "SELECT count(*), sum(yen), sum(items), min(yen), max(yen) FROM claim"
    each = TALKS + BOOKINGS
    assert house.sql(totals) == [(CASTS, CASTS * YEN, CASTS * each, YEN, YEN)]
    items = "SELECT count(*), count(DISTINCT talk_id), count(DISTINCT booking_id), sum(yen)"
    wanted = [(CASTS * each, CASTS * TALKS, CASTS * BOOKINGS, CASTS * YEN)]
    assert house.sql(f"{items} FROM claim_item") == wanted
    wrong = """
        SELECT claim.id FROM claim JOIN claim_item AS item ON item.claim_id = claim.id
        LEFT JOIN talk ON talk.id = item.talk_id LEFT JOIN booking ON booking.id = item.booking_id
        GROUP BY claim.id
        HAVING claim.yen <> sum(item.yen) OR claim.items <> count(*)
            OR bool_or(coalesce(talk.cast_id, booking.cast_id) <> claim.cast_id)
    """
    assert house.sql(wrong) == []
    noted = house.sql("SELECT facts FROM audit_entry WHERE did = 'closing.finished'")
    assert noted == [({"claims": CASTS, "yen": CASTS * YEN},)]
