"""The queue's door. The database is the to-do list; Redis is only the doorbell."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock
from app.db import Base, session

log = logging.getLogger(__name__)
Work = Callable[..., object]


class JobBeat(Base):
    """When a periodic job last ran, and how that went; the health page reads it."""

    __tablename__ = "job_beat"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside happens, or none of it does."""
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.remove()


def job(work: Work) -> Work:
    """Make a function a job: one run is one transaction, safe to run twice."""

    @wraps(work)
    def run(*args: object) -> object:
        with transaction():
            return work(*args)

    return run


def periodic(work: Work) -> Work:
    """Make a job one that leaves its beat, so that a silent one is noticed."""

    @wraps(work)
    def run(*args: object) -> object:
        name, error = beat_name(work), ""
        started_at = clock.now()
        try:
            return work(*args)
        except Exception as fault:
            error = repr(fault)[:500]
            raise
        finally:
            with transaction():
                _beat(name, started_at=started_at, finished_at=clock.now(), error=error)

    return run


def beat_name(work: Work) -> str:
    return f"{work.__module__.removeprefix('app.')}.{work.__name__}"


def _beat(name: str, **values: object) -> None:
    made = insert(JobBeat).values(name=name, **values)
    session.execute(made.on_conflict_do_update(index_elements=["name"], set_=values))


def later(work: Work, *args: int | str) -> None:
    """Ring for a job once this transaction is committed, and not at all if it is undone.

    A job of the same name and arguments that still waits is not rung for again.
    """
    session().info.setdefault("later", []).append((work, args))


@event.listens_for(Session, "after_commit")
def _ring(done: Session) -> None:
    if done.in_nested_transaction():
        return
    for work, args in done.info.pop("later", ()):
        bell.ring(work, *args)


@event.listens_for(Session, "after_rollback")
def _forget(undone: Session) -> None:
    undone.info.pop("later", None)


class Bell:
    """Where jobs wait. Losing it loses seconds: each job finds its own work again."""

    def __init__(self) -> None:
        self.queue: Queue | None = None

    def connect(self, redis_url: str) -> None:
        connection = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=5)
        self.queue = Queue("default", connection=connection)

    def ring(self, work: Work, *args: int | str) -> None:
        """Queue a job, at most once a second for the same work.

        The second stands in the job's name, so that a job whose worker was killed never blocks
        the next; what waits too long is dropped. A bell out of order is only logged.
        """
        if self.queue is None:
            return
        name = "-".join([beat_name(work), *map(str, args), f"{clock.now():%H%M%S}"])
        name = name.replace(".", "_")
        try:
            self.queue.enqueue(
                work, *args, job_id=name, unique=True, ttl=120, result_ttl=0, failure_ttl=600
            )
        except DuplicateJobError:
            pass
        except RedisError:
            log.warning("the bell is out of order; the timetable will find %s", name)


bell = Bell()
