import pytest

from app.audit import AuditEntry
from app.books import checks as books
from app.db import session
from app.desk import checkups, jobs
from app.desk.models import Checkup
from app.jobs import JobBeat
from tests.evidence import finish, make_room
from tests.factories import MINUTE, NOON, japan, make_operator


def run(found=(), now=NOON):
    return checkups.run_due(lambda: list(found), now=now)


def test_a_check_that_an_operator_asked_for_is_done_and_kept():
    operator = make_operator()
    checkups.ask(by=operator.id, now=NOON)

    run(["lot 3: remaining 5, but its entries add up to 6"], now=NOON + MINUTE)

    last = checkups.last_finished()
    assert (last.asked_by, last.finished_at, last.differences) == (operator.id, NOON + MINUTE, 1)
    assert last.found == ["lot 3: remaining 5, but its entries add up to 6"]


def test_asking_twice_checks_once():
    operator = make_operator()

    for _ in range(2):
        checkups.ask(by=operator.id, now=NOON)

    assert run() is not None
    assert run() is None
    assert session.query(AuditEntry).filter_by(did="books.check_asked").count() == 1


def test_nothing_is_checked_that_nobody_asked_for():
    assert run() is None


def test_many_differences_are_counted_and_the_first_are_kept():
    checkups.ask(by=None, now=NOON)

    checkup = run([f"talk {n}" for n in range(80)])

    assert (checkup.differences, len(checkup.found)) == (80, checkups.FOUND_KEPT)


@pytest.mark.parametrize(
    ("asked_at", "now", "asks"),
    [
        (None, japan(2026, 11, 22, 12), True),
        (japan(2026, 11, 22, 4), japan(2026, 11, 22, 23, 59), False),
        (japan(2026, 11, 22, 4), japan(2026, 11, 23, 3, 59), False),
        (japan(2026, 11, 22, 4), japan(2026, 11, 23, 4), True),
        (japan(2026, 11, 20, 4), japan(2026, 11, 22, 12), True),
    ],
)
def test_the_night_asks_once_also_when_it_was_slept_through(asked_at, now, asks):
    if asked_at:
        checkups.ask(by=None, now=asked_at)
        run(now=asked_at)

    checkups.ask_nightly(now)

    assert (checkups.find_waiting() is not None) is asks


def test_the_books_of_real_talks_agree():
    room = make_room()
    room.talk_until(170)
    finish(room, "cast leaves", 170)
    checkups.ask(by=None, now=NOON)

    checkup = checkups.run_due(books.problems, now=NOON)

    assert (checkup.differences, checkup.found) == (0, [])


@pytest.mark.committed
def test_the_job_checks_in_one_snapshot(at):
    at(NOON)

    jobs.check_books()

    assert session.query(Checkup).one().finished_at == NOON
    assert session.get(JobBeat, "desk.jobs.check_books").error == ""
