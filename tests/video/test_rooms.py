from datetime import timedelta

from app.video import rooms
from tests.video.conftest import NOON

MINUTE = timedelta(minutes=1)


def test_each_room_has_a_name_of_its_own_that_survives_being_folded(talk):
    other = rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON)

    assert other.name != talk.name
    assert other.name == other.name.lower()
    assert len(other.name) == 32


def test_a_room_is_open_until_it_is_closed(talk):
    assert rooms.is_open(rooms.find_room(talk.name), now=NOON)

    rooms.close(talk.name, because="guest", now=NOON + MINUTE)

    assert not rooms.is_open(rooms.find_room(talk.name), now=NOON)


def test_closing_again_changes_nothing(talk):
    rooms.close(talk.name, because="guest", now=NOON)
    rooms.close(talk.name, because="lost", now=NOON + MINUTE)

    room = rooms.find_room(talk.name)
    assert (room.closed_because, room.closed_at) == ("guest", NOON)


def test_a_room_closes_by_itself_at_its_moment(talk):
    rooms.set_closing({talk.name: NOON + MINUTE})

    room = rooms.find_room(talk.name)
    assert rooms.is_open(room, now=NOON + MINUTE - timedelta(milliseconds=1))
    assert not rooms.is_open(room, now=NOON + MINUTE)


def test_many_closings_are_set_and_lifted_at_once(talk):
    other = rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON)
    rooms.set_closing({talk.name: NOON, other.name: NOON + MINUTE})

    rooms.set_closing({talk.name: None, "unknown": NOON})

    assert rooms.find_room(talk.name).closes_at is None
    assert rooms.find_room(other.name).closes_at == NOON + MINUTE


def test_no_closings_at_all_are_fine():
    rooms.set_closing({})
