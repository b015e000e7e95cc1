"""A house for measuring: engines of its own in a temporary folder, and servers as the product runs them."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

import psycopg
from flask import Flask
from flask_migrate import upgrade

import run
from app import create_app, engines
from app.config import Settings
from app.db import db
from bench import crowd

# The bench vacuums between rounds. A vacuum or a checkpoint within one would fall on the floor or on
# us by chance.
STEADY = "-c autovacuum=off -c max_wal_size=8GB -c checkpoint_timeout=30min"


@dataclass(frozen=True)
class House:
    folder: Path
    app: Flask
    environment: dict[str, str]

    @property
    def dsn(self) -> str:
        return self.environment["DATABASE_URL"].replace("+psycopg", "")

    def twin(self, name: str) -> "House":
        """Another house on the same engines, empty. Nobody may be connected to this one."""
        db.session.remove()
        db.engine.dispose()
        url = engines.database(self.folder, name, copy_of="app")
        return replace(self, environment=self.environment | {"DATABASE_URL": url})

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.dsn, autocommit=True)


@contextmanager
def house() -> Iterator[House]:
    """An empty migrated house, gone after use."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        engines.running(Path(name), options=STEADY) as urls,
    ):
        environment = {
            "APP_ENV": "development",
            "FLASK_APP": "wsgi:app",
            "DATABASE_URL": urls.database_url,
            "REDIS_URL": urls.redis_url,
            "VIDEO_EVENT_SECRETS": crowd.SECRET,
        }
        app = create_app(Settings.read(environment))
        with app.app_context():
            upgrade()
            yield House(Path(name), app, environment)
            db.session.remove()
            db.engine.dispose()


@contextmanager
def served(house: House, target: str) -> Iterator[int]:
    """A WSGI app behind the product's own server settings; gives its port."""
    port = run.free_port()
    command = [*run.GRANIAN[:-1], target, "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=run.HERE, env=os.environ | run.LEAN | house.environment, process_group=0
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str) -> None:
    by = time.monotonic() + 30
    while time.monotonic() < by:
        with suppress(OSError), urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")
