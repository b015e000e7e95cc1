"""The product's processes on engines of their own, to be killed and started again by tests."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import psycopg
from sqlalchemy import text

from app.jobs import transaction
from run import GRANIAN, Product, free_port
from tests.engines_of_tests import SECRET

ROOT = Path(__file__).parent.parent
PREPARE = "from flask.cli import cli; cli(['db', 'upgrade'])"
CHECK = (
    "from flask.cli import cli\n"
    "cli(['books', 'check'], standalone_mode=False); cli(['talk', 'replay'])"
)
PATIENCE_SECONDS = 60  # a busy machine needs some


class House:
    """Web, worker and timetable over one database."""

    def __init__(self, folder, urls, **settings):
        self.folder, self.urls = folder, urls
        self.connection = None
        self.environment = {
            **os.environ,
            "APP_ENV": "test",
            "FLASK_APP": "wsgi:app",
            "DATABASE_URL": urls.database_url,
            "REDIS_URL": urls.redis_url,
            "BASE_URL": f"http://127.0.0.1:{free_port()}",
            "PYTHONPATH": str(ROOT),
            "VIDEO_EVENT_SECRETS": SECRET,
            "VIDEO_TOKEN_SECRET": SECRET,
            **settings,
        }
        self.product = Product(folder, self.environment)

    @property
    def url(self):
        return self.product.url

    def begin(self):
        self.python("-c", PREPARE)
        self.start()

    def start(self):
        self.product.start("web", *GRANIAN, "--port", self.url.rpartition(":")[2])
        self.product.start("timetable", sys.executable, "worker.py", "--timetable")
        self.start_worker()
        wait_until(self._is_up, lambda: "no answer")

    def _is_up(self):
        with suppress(OSError), urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310
            return answer.status == HTTPStatus.OK

    def start_worker(self, name="worker"):
        self.product.start(name, sys.executable, "worker.py")

    def kill(self, name):
        killed = self.product.processes.pop(name)
        killed.kill()
        killed.wait()

    def stop(self):
        """End all of them; they may be started again."""
        self.product.stop()
        self.product.processes.clear()

    def end(self):
        self.stop()
        if self.connection:
            self.connection.close()

    def sql(self, statement, *values):
        """Ask the database, over a connection that may have been broken since."""
        with suppress(psycopg.OperationalError):
            return self._ask(statement, values)
        self.connection = None
        return self._ask(statement, values)

    def _ask(self, statement, values):
        if self.connection is None:
            url = self.urls.database_url.replace("+psycopg", "")
            self.connection = psycopg.connect(url, autocommit=True)
        answer = self.connection.execute(statement, values)
        return answer.fetchall() if answer.description else []

    def python(self, *arguments):
        program = [sys.executable, *arguments]
        done = subprocess.run(
            program, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def assert_books_agree(self):
        assert "The books agree." in self.python("-c", CHECK)


def wait_until(what, otherwise=lambda: "it did not come", *, seconds=PATIENCE_SECONDS):
    """Ask again and again; the first answer that is true."""
    by = time.monotonic() + seconds
    while time.monotonic() < by:
        with suppress(psycopg.OperationalError):
            if answer := what():
                return answer
        time.sleep(0.005)
    raise AssertionError(otherwise())


# Of a transaction in a thread, that something of ours holds up.
SOMEBODY_WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def in_context_of(app, work):
    def run(*args):
        with app.app_context(), transaction():
            return work(*args)

    return run
