from datetime import UTC, datetime, timedelta

import pytest
from rq import Queue, SimpleWorker
from sqlalchemy import select

from app import jobs
from app.db import session
from app.jobs import JobBeat, beat_name
from app.timetable import TIMETABLE, Entry, Ringer, due, keep
from app.video.jobs import reconcile

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@jobs.periodic
def sweep():
    """Stands for a periodic job."""


@jobs.periodic
def stumble():
    raise RuntimeError("a stone")


EVERY_MINUTE = Entry(sweep, every_seconds=60, why="to try the timetable")
AT_START = Entry(sweep, every_seconds=60, why="to try its beginning", at_start=True)


class Looks:
    """Asks a timetable to stop after so many looks at its entries."""

    def __init__(self, number):
        self.left = number

    def wait(self, _seconds):
        self.left -= 1
        return self.left < 0


@pytest.fixture
def wire(app):
    """The real queue, in this worker's own corner of the real Valkey."""
    return jobs.bell.queue


def ran_at(moment):
    session.add(JobBeat(name=beat_name(sweep), started_at=moment, finished_at=moment, error=""))
    session.flush()


def test_what_never_ran_is_due():
    assert due((EVERY_MINUTE,), now=NOON) == [EVERY_MINUTE]


@pytest.mark.parametrize(("seconds", "expected"), [(59, []), (60, [EVERY_MINUTE])])
def test_an_entry_is_due_when_its_last_beat_is_old_enough(seconds, expected):
    ran_at(NOON - timedelta(seconds=seconds))

    assert due((EVERY_MINUTE,), now=NOON) == expected


def test_an_absent_worker_finds_each_entry_once(wire):
    ringer = Ringer(wire, (EVERY_MINUTE,))

    for minute in range(60):
        ringer.ring(now=NOON + timedelta(minutes=minute))

    assert wire.count == 1


def test_a_wiped_redis_is_rung_again(wire):
    ringer = Ringer(wire, (EVERY_MINUTE,))
    ringer.ring(now=NOON)
    wire.connection.flushdb()

    assert ringer.ring(now=NOON) == [EVERY_MINUTE]
    assert wire.count == 1


def test_a_fault_is_written_into_the_beat(queue):
    with pytest.raises(RuntimeError):
        queue.do(stumble)

    beat = session.scalars(select(JobBeat)).one()
    assert (beat.name, beat.error) == (beat_name(stumble), "RuntimeError('a stone')")


@pytest.mark.committed
def test_a_real_worker_runs_what_was_rung(wire):
    Ringer(wire, (EVERY_MINUTE,)).ring(now=NOON)

    worker = SimpleWorker(
        [Queue("default", connection=wire.connection)], connection=wire.connection
    )
    worker.work(burst=True)

    assert session.scalars(select(JobBeat.name)).all() == [beat_name(sweep)]
    assert wire.count == 0


def test_every_entry_says_why_and_can_be_found_by_a_worker():
    for entry in TIMETABLE:
        assert entry.why
        assert entry.every_seconds > 0
        assert hasattr(entry.work, "__wrapped__"), f"{entry.name} leaves no beat"


@pytest.mark.parametrize(("entry", "rung"), [(AT_START, [AT_START]), (EVERY_MINUTE, [])])
def test_a_timetable_that_begins_rings_for_what_wants_it_though_its_beat_is_fresh(
    wire, entry, rung
):
    ran_at(NOON)

    assert Ringer(wire, (entry,)).ring(now=NOON, begins=True) == rung


def test_what_is_due_at_the_beginning_anyway_is_rung_for_once(wire):
    assert Ringer(wire, (AT_START,)).ring(now=NOON, begins=True) == [AT_START]
    assert wire.count == 1


def test_what_wants_the_beginning_is_rung_for_first(wire):
    """Nobody is ended for silence before the video server was asked again."""
    another = Entry(stumble, every_seconds=60, why="to come after it")

    assert Ringer(wire, (another, AT_START)).ring(now=NOON, begins=True) == [AT_START, another]
    assert Ringer(wire, (another, AT_START)).ring(now=NOON) == [another, AT_START]


def test_only_its_first_look_is_a_beginning(wire, at):
    ran_at(NOON)
    at(NOON)
    rung = []

    class Counting(Ringer):
        def ring(self, **how):
            rung.extend(super().ring(**how))
            wire.empty()  # a worker takes it at once
            return rung

    keep(Counting(wire, (AT_START,)), until=Looks(3))

    assert rung == [AT_START]


def test_who_is_where_is_asked_when_a_timetable_begins():
    assert [each.work for each in TIMETABLE if each.at_start] == [reconcile]
