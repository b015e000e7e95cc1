"""One PostgreSQL and one Valkey for a run of the tests, and a database of its own for each worker.

Several runs in one checkout share the engines; the last to end stops them.
"""

import os
from contextlib import ExitStack
from pathlib import Path

from redis import Redis

from app import engines

FOLDER = Path(__file__).parent.parent / "var" / "test"
# A test's data need not survive a power cut.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
SECRET = "only-for-tests-and-at-least-32-characters"


def start(closing: ExitStack) -> None:
    """Start the engines, in the process that begins the run."""
    both = closing.enter_context(engines.running(FOLDER, options=QUICK))
    os.environ["TEST_RUN"] = f"test_{os.getpid()}"
    os.environ["TEST_REDIS_URL"] = both.redis_url
    closing.callback(engines.drop_databases, FOLDER, like=f"test_{os.getpid()}_%")


def settings(worker: str) -> dict[str, str]:
    """The environment of one worker: its own database, its own number in Valkey."""
    redis_url = os.environ["TEST_REDIS_URL"]
    with Redis.from_url(redis_url) as valkey:
        number = valkey.incr("last-number") % 9999 + 1
    return {
        "APP_ENV": "test",
        "DATABASE_URL": engines.database(FOLDER, _name(worker)),
        "REDIS_URL": f"{redis_url}?db={number}",
        "SECRET_KEY": SECRET,
        "VIDEO_EVENT_SECRETS": SECRET,
        "VIDEO_TOKEN_SECRET": SECRET,
        "PAYMENT_NOTICE_SECRET": SECRET,
        "VAULT_KEYS": SECRET,
        "MARKS_KEY": SECRET,
    }


def keep_copy(worker: str) -> None:
    """Keep the database as the migrations left it."""
    engines.database(FOLDER, f"{_name(worker)}_clean", copy_of=_name(worker))


def renew(worker: str) -> None:
    """Put the kept copy in the place of a database that a test has written to."""
    engines.drop_databases(FOLDER, like=_name(worker))
    engines.database(FOLDER, _name(worker), copy_of=f"{_name(worker)}_clean")


def _name(worker: str) -> str:
    return f"{os.environ['TEST_RUN']}_{worker}"
