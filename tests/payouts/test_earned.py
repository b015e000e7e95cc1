import pytest

from app.db import session
from app.payouts import earned
from tests.evidence import GUEST, Room, at, come_back, finish, make_room
from tests.factories import NOON, japan, make_cast, make_talk


def talk_of_minutes(room, until):
    start = (room.talk.answered_at - NOON).total_seconds()
    room.talk_until(start + until, start=start)
    finish(room, f"{GUEST} leaves", start + until)


@pytest.mark.req("C60")
def test_earned_is_what_the_minutes_that_stand_pay():
    room = make_room()
    talk_of_minutes(room, 170)

    seen = earned.earned_by(room.talk.cast_id, now=at(600))

    assert (seen.today.yen, seen.today.talks) == (100, 1)
    assert (seen.yen, seen.talks) == (100, 1)


@pytest.mark.req("D4")
def test_a_minute_that_went_back_earns_nothing():
    room = make_room()
    room.talk_until(170)
    finish(room, "cast leaves", 170)

    assert earned.earned_by(room.talk.cast_id, now=at(600)).today.yen == 50


def test_a_running_talk_is_not_counted_yet():
    room = make_room()
    room.talk_until(170)

    assert earned.earned_by(room.talk.cast_id, now=at(171)).today.talks == 0


def test_the_month_has_all_its_days_and_they_begin_at_midnight_in_japan():
    room = make_room()
    talk_of_minutes(room, 170)
    cast_id = room.talk.cast_id

    last_minute = earned.earned_by(cast_id, now=japan(2026, 11, 22, 23, 59))
    next_day = earned.earned_by(cast_id, now=japan(2026, 11, 23))

    assert [day.yen for day in last_minute.days] == [0] * 21 + [100] + [0] * 8
    assert (last_minute.today.yen, next_day.today.yen, next_day.yen) == (100, 0, 100)
    assert len(next_day.so_far) == 23


def test_a_month_begins_with_nothing_on_its_first_day():
    room = make_room()
    talk_of_minutes(room, 170)

    seen = earned.earned_by(room.talk.cast_id, now=japan(2026, 12, 1))

    assert (seen.yen, len(seen.days), len(seen.so_far)) == (0, 31, 1)


def test_a_cast_without_talks_has_earned_nothing():
    seen = earned.earned_by(make_cast().account_id, now=NOON)

    assert (seen.yen, [day.yen for day in seen.days]) == (0, [0] * 30)


def test_another_casts_talks_do_not_count():
    room = make_room()
    talk_of_minutes(room, 170)
    other = make_talk(cast=make_cast(now=at(400)), now=at(400))

    assert earned.earned_by(other.cast_id, now=at(600)).talks == 0


def test_two_talks_of_a_day_add_up():
    room = make_room()
    talk_of_minutes(room, 170)
    again: Room = come_back(room, second=3600)
    talk_of_minutes(again, 110)
    session.expire_all()

    seen = earned.earned_by(room.talk.cast_id, now=at(7200))

    assert (seen.today.yen, seen.today.talks) == (150, 2)
