"""The worker and the timetable as real processes, while their engines come and go."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest
from redis import Redis

from app import engines
from app.jobs import beat_name
from app.timetable import TIMETABLE

OFTEN = beat_name(min(TIMETABLE, key=lambda entry: entry.every_seconds).work)


@pytest.fixture
def house(tmp_path):
    """Engines of its own, which a test may break."""
    with engines.running(tmp_path) as urls:
        environment = {
            **os.environ,
            "DATABASE_URL": urls.database_url,
            "REDIS_URL": urls.redis_url,
        }
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        subprocess.run([*flask, "db", "upgrade"], env=environment, check=True)
        yield tmp_path, urls, environment


@contextmanager
def running(environment, *options):
    process = subprocess.Popen([sys.executable, "worker.py", *options], env=environment)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(30) in {0, -9}


def wait_for_a_new_beat(urls):
    """Wait until the most frequent job has begun once more."""
    with psycopg.connect(urls.database_url.replace("+psycopg", ""), autocommit=True) as look:
        before, by = _beat(look), time.monotonic() + 60
        while _beat(look) == before:
            assert time.monotonic() < by, "no beat"
            time.sleep(0.05)


def _beat(look):
    return look.execute("SELECT started_at FROM job_beat WHERE name = %s", [OFTEN]).fetchone()


def test_the_work_goes_on_when_redis_is_wiped_and_restarted(house):
    folder, urls, environment = house
    with running(environment), running(environment, "--timetable"):
        wait_for_a_new_beat(urls)

        with Redis.from_url(urls.redis_url) as valkey:
            valkey.flushall()
        wait_for_a_new_beat(urls)

        engines.stop_redis(folder)
        engines.start_redis(folder)
        wait_for_a_new_beat(urls)


def test_the_work_goes_on_when_postgresql_is_restarted(house):
    folder, urls, environment = house
    with running(environment), running(environment, "--timetable"):
        wait_for_a_new_beat(urls)

        engines.stop_postgres(folder)
        engines.start_postgres(folder)
        wait_for_a_new_beat(urls)


def test_the_work_goes_on_after_kill_9(house):
    _, urls, environment = house
    with running(environment, "--timetable") as timetable, running(environment) as worker:
        wait_for_a_new_beat(urls)
        worker.kill()
        timetable.kill()

        with running(environment), running(environment, "--timetable"):
            wait_for_a_new_beat(urls)
