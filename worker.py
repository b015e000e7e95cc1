"""The RQ worker; with --timetable, the process that rings for the periodic jobs.

Any number of both may run, on any machine. Either may be killed at any line.
"""

import logging
import signal
import sys
import time
from contextlib import suppress
from threading import Event

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested

from app import create_app, timetable
from app.config import Settings
from app.jobs import bell

log = logging.getLogger(__name__)


class Worker(SimpleWorker):
    """RQ's worker in one process: each job is one transaction, so a fork would protect nothing."""

    stopping = False

    def request_stop(self, signum: int, frame: object) -> None:
        self.stopping = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def work(redis_url: str) -> None:
    """Work until asked to stop. RQ's worker gives up with its Redis; then a new one follows."""
    stopping = False
    while not stopping:
        worker = Worker(["default"], connection=Redis.from_url(redis_url))
        with suppress(StopRequested):
            with suppress(RedisError):
                worker.work(logging_level="WARNING")
            if not worker.stopping:
                log.warning("the worker lost Redis and begins again")
                time.sleep(1)
        stopping = worker.stopping


def ring() -> None:
    """Keep the timetable until asked to stop."""
    stop = Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: stop.set())
    assert bell.queue is not None
    timetable.keep(timetable.Ringer(bell.queue), until=stop)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    with create_app().app_context():
        if "--timetable" in sys.argv:
            ring()
        else:
            work(Settings.read().redis_url)
