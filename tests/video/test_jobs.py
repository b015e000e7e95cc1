from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock
from app.db import db, session
from app.jobs import JobBeat
from app.video import inbox, jobs, reconciling, rooms, telling
from app.video.models import VideoRoom
from app.video.server import server
from tests.video.conftest import NOON, settings_of
from tests.video.test_inbox import count, joined, receive

MINUTE = timedelta(minutes=1)
UNKNOWN = "f" * 32
OPEN_ELSEWHERE = text("""
    SELECT query FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
""")
CLOSE = text("UPDATE video_room SET closed_at = :at, closed_because = 'guest', version = 2")


@pytest.fixture(autouse=True)
def at_noon(at):
    at(NOON)


@pytest.fixture
def do(queue):
    return queue.do


def told():
    return dict(session.execute(select(VideoRoom.name, VideoRoom.told)).all())


def open_rooms(talk, number):
    """So many rooms besides the talk's own."""
    for _ in range(number):
        rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON)


def test_the_inbox_is_emptied_of_what_was_read_two_weeks_ago(at):
    receive(joined(1), joined(2))
    inbox.mark_drained(inbox.undrained(1), now=NOON)

    at(NOON + timedelta(days=13))
    jobs.forget()
    assert count() == 2

    at(NOON + timedelta(days=15))
    jobs.forget()
    assert count() == 1


def test_the_server_is_told_of_each_room_and_then_of_nothing(talk, elsewhere, do):
    do(jobs.tell)
    assert elsewhere.book == {
        talk.name: {"room": talk.name, "version": 1, "people": [talk.guest, talk.cast]}
    }
    assert told() == {talk.name: 1}

    do(jobs.tell)
    assert elsewhere.asked == ["/talk/rooms"]


def test_more_rooms_than_go_into_one_order_are_told_in_several(talk, elsewhere, do, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    open_rooms(talk, 4)

    do(jobs.tell)

    assert len(elsewhere.asked) == 3
    assert set(told().values()) == {1}


def test_a_run_tells_so_much_and_the_next_one_goes_on(talk, elsewhere, do, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 1)
    monkeypatch.setattr(jobs, "MOST_BATCHES", 2)
    open_rooms(talk, 2)

    do(jobs.tell)
    assert sorted(told().values()) == [0, 1, 1]

    do(jobs.tell)
    assert sorted(told().values()) == [1, 1, 1]


@pytest.mark.committed
def test_no_transaction_is_open_while_the_server_thinks_and_what_changes_meanwhile_is_told(
    app, talk, elsewhere, do
):
    session.commit()
    open_elsewhere = []

    def meanwhile():
        elsewhere.before_answering = lambda: None
        with app.app_context(), db.engine.begin() as another:
            open_elsewhere.extend(another.execute(OPEN_ELSEWHERE).scalars())
            another.execute(CLOSE, {"at": NOON})

    elsewhere.before_answering = meanwhile
    do(jobs.tell)

    assert open_elsewhere == []
    assert told() == {talk.name: 2}
    assert elsewhere.book[talk.name]["ended"] == "guest"


def test_a_dead_server_leaves_all_untold_and_a_note(talk, elsewhere, do, caplog):
    elsewhere.close()

    do(jobs.tell)
    assert told() == {talk.name: 0}
    assert "1 rooms wait to be told" in caplog.text

    do(jobs.reconcile)
    kept = reconciling.find_server()
    assert (kept.asked_at, kept.answered_at) == (NOON, None)
    assert kept.trouble
    assert told() == {talk.name: 0}


def test_a_server_that_does_not_answer_is_no_fault_of_the_job(talk, elsewhere, do):
    elsewhere.status = 500

    do(jobs.tell)
    do(jobs.reconcile)

    assert {*map(tuple, session.execute(select(JobBeat.name, JobBeat.error)))} == {
        ("video.jobs.tell", ""),
        ("video.jobs.reconcile", ""),
    }


def test_a_server_that_comes_back_is_told(talk, elsewhere, do):
    elsewhere.status = 503
    do(jobs.tell)
    elsewhere.status = None
    server.connect(settings_of(elsewhere.url))  # it has rested long enough

    do(jobs.tell)

    assert told() == {talk.name: 1}


def test_strangers_are_put_out_and_the_two_stay(talk, elsewhere, do):
    elsewhere.inside[talk.name] = {"s1": talk.guest, "s2": talk.cast, "s3": "somebody"}

    do(jobs.reconcile)

    assert elsewhere.removed == [
        {"room": talk.name, "session": "s3", "reason": reconciling.STRANGER}
    ]
    assert list(elsewhere.inside[talk.name]) == ["s1", "s2"]
    assert reconciling.find_server().answered_at == NOON


def test_rooms_that_should_not_be_there_are_ended(talk, elsewhere, do):
    rooms.close(talk.name, because="cast", now=NOON)
    elsewhere.inside = {talk.name: {"s1": talk.guest}, UNKNOWN: {"s2": "somebody"}}

    do(jobs.reconcile)

    assert elsewhere.inside == {}
    assert {name: order["ended"] for name, order in elsewhere.book.items()} == {
        talk.name: "cast",
        UNKNOWN: "unknown",
    }


def test_a_server_that_lost_its_book_is_told_all_of_it_at_once(talk, elsewhere, do):
    do(jobs.tell)
    elsewhere.book.clear()

    do(jobs.reconcile)

    assert elsewhere.book[talk.name]["people"] == [talk.guest, talk.cast]
    assert told() == {talk.name: 1}


def test_a_server_that_falls_silent_while_it_is_put_right_is_noted(talk, elsewhere, do):
    elsewhere.inside[talk.name] = {"s3": "somebody"}
    look = elsewhere.seen

    def look_once():
        elsewhere.status = 500
        return look()

    elsewhere.seen = look_once

    do(jobs.reconcile)

    assert "500" in reconciling.find_server().trouble
    assert elsewhere.removed == []


def test_rooms_in_the_house_are_told_to_nobody(talk, prosody, do):
    do(jobs.tell)
    do(jobs.reconcile)

    assert prosody.connections == 0
    assert reconciling.find_server() is None
    assert [each.room for each in telling.untold(10, now=clock.now())] == [talk.name]


def test_nobody_waits_for_a_server_that_there_is_no_more(do):
    reconciling.note_silence("gone", now=NOON)

    do(jobs.reconcile)

    assert reconciling.find_server() is None
