from datetime import timedelta

import pytest
from sqlalchemy import text

from app.db import db, session
from app.video import jobs, rooms, telling
from app.video.server import Order, server
from tests.video.conftest import NOON

MINUTE = timedelta(minutes=1)


def untold(now=NOON):
    return telling.untold(10, now=now)


def tell_all():
    telling.mark_told(untold())
    assert untold() == []


def version_of(talk):
    return rooms.find_room(talk.name).version


def test_a_new_room_is_told_with_the_public_ids_of_its_two(talk):
    assert untold() == [Order(talk.name, 1, people=(talk.guest, talk.cast))]


def test_what_was_told_is_not_told_again(talk):
    assert telling.mark_told(untold()) == 1

    assert untold() == []
    assert telling.mark_told([Order(talk.name, 1)]) == 0


@pytest.mark.req("D7")
def test_a_moment_of_closing_is_told_and_so_is_its_lifting(talk):
    tell_all()

    rooms.set_closing({talk.name: NOON + MINUTE})
    [order] = untold()
    assert (order.version, order.closes_at, order.ended) == (2, NOON + MINUTE, None)

    tell_all()
    rooms.set_closing({talk.name: None})
    assert [(each.version, each.closes_at) for each in untold()] == [(3, None)]


def test_the_same_moment_of_closing_again_is_no_change(talk):
    rooms.set_closing({talk.name: NOON + MINUTE})
    tell_all()

    rooms.set_closing({talk.name: NOON + MINUTE})

    assert version_of(talk) == 2
    assert untold() == []


def test_a_closed_room_is_told_with_why_it_ended(talk):
    tell_all()

    rooms.close(talk.name, because="balance", now=NOON)

    assert [(each.version, each.ended) for each in untold()] == [(2, "balance")]


def test_closing_a_room_again_tells_nothing(talk):
    rooms.close(talk.name, because="guest", now=NOON)
    tell_all()

    rooms.close(talk.name, because="lost", now=NOON + MINUTE)

    assert version_of(talk) == 2
    assert untold() == []


def test_what_changes_while_the_server_is_told_stays_untold(talk):
    told = untold()
    rooms.close(talk.name, because="guest", now=NOON)

    assert telling.mark_told(told) == 1

    assert [(each.version, each.ended) for each in untold()] == [(2, "guest")]


def test_a_late_confirmation_of_an_older_version_takes_nothing_back(talk):
    older = untold()
    rooms.close(talk.name, because="guest", now=NOON)
    tell_all()

    telling.mark_told(older)

    assert untold() == []


def test_what_the_server_forgot_is_told_again(talk):
    tell_all()

    telling.tell_again({talk.name: 0, "unknown": 0})

    assert untold() == [Order(talk.name, 1, people=(talk.guest, talk.cast))]


def test_what_the_server_has_in_a_higher_version_is_told_in_a_still_higher_one(talk):
    tell_all()

    telling.tell_again({talk.name: 6})

    assert [(each.room, each.version) for each in untold()] == [(talk.name, 7)]


def test_a_room_older_than_a_day_is_left(talk):
    assert untold(NOON + telling.TOLD_FOR - MINUTE)
    assert untold(NOON + telling.TOLD_FOR) == []


def test_the_oldest_are_told_first_and_no_more_than_asked_for(talk):
    for minutes in (2, 1):
        rooms.open_room(
            guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON + minutes * MINUTE
        ).closes_at = NOON + minutes * MINUTE
    session.flush()

    first, second = telling.untold(2, now=NOON)

    assert (first.room, second.closes_at) == (talk.name, NOON + MINUTE)


@pytest.mark.committed
def test_a_room_that_somebody_holds_is_passed_over_so_that_nobody_waits_in_a_circle(talk):
    other = rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON).name
    session.commit()
    told = untold()

    with db.engine.connect() as somebody:
        held = "SELECT FROM video_room WHERE name = :name FOR UPDATE"
        somebody.execute(text(held), {"name": talk.name})
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert telling.mark_told(told) == 1
        assert [each.room for each in untold()] == [talk.name]
        telling.tell_again({talk.name: 0, other: 0})
        somebody.rollback()

    assert {each.room for each in untold()} == {talk.name, other}


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
def test_each_change_rings_where_there_is_somebody_to_tell(talk, queue, monkeypatch, url):
    monkeypatch.setattr(server, "url", url)
    session.commit()
    changes = [
        lambda: rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON),
        lambda: rooms.set_closing({talk.name: NOON + MINUTE}),
        lambda: rooms.close(talk.name, because="guest", now=NOON),
    ]

    for change in changes:
        queue.jobs.clear()
        change()
        session.commit()

        assert list(queue.jobs.values()) == ([(jobs.tell, ())] if url else [])


def test_a_closing_that_changes_nothing_rings_for_nobody(talk, queue, monkeypatch):
    monkeypatch.setattr(server, "url", "http://127.0.0.1:9")
    session.commit()

    rooms.set_closing({talk.name: None})
    session.commit()

    assert queue.jobs == {}
