from datetime import timedelta

import pytest

from app.video import reconciling, rooms, telling
from app.video.reconciling import Differences
from app.video.server import Inside, Order, Seen
from tests.video.conftest import NOON

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
UNKNOWN = "f" * 32


def compare(*, rooms=None, versions=None, undelivered=0, now=NOON):
    return reconciling.compare(Seen(rooms or {}, versions or {}, undelivered), now=now)


def both(talk):
    return [Inside(talk.guest, "s1"), Inside(talk.cast, "s2")]


def untold():
    return [each.room for each in telling.untold(10, now=NOON)]


def test_where_all_is_as_it_should_be_nothing_is_done(talk):
    telling.mark_told([Order(talk.name, 1)])

    assert compare(rooms={talk.name: both(talk)}, versions={talk.name: 1}) == Differences()

    assert untold() == []


def test_a_room_that_is_none_of_ours_is_ended():
    wrong = compare(rooms={UNKNOWN: []})

    assert wrong.endings == [Order(UNKNOWN, 1, ended="unknown")]


def test_a_room_that_we_closed_is_ended_with_its_reason(talk):
    rooms.close(talk.name, because="balance", now=NOON)

    wrong = compare(rooms={talk.name: both(talk)}, versions={talk.name: 1})

    assert wrong == Differences(endings=[Order(talk.name, 2, ended="balance")])


def test_a_closed_room_is_ended_however_old_it_is(talk):
    rooms.close(talk.name, because="guest", now=NOON)

    wrong = compare(rooms={talk.name: []}, now=NOON + 2 * telling.TOLD_FOR)

    assert [each.room for each in wrong.endings] == [talk.name]


def test_an_end_is_of_no_lower_version_than_the_servers_own(talk):
    """As after a backup was brought back: the server knows more than we do, and obeys no less."""
    rooms.close(talk.name, because="guest", now=NOON)

    wrong = compare(rooms={talk.name: [], UNKNOWN: []}, versions={talk.name: 9, UNKNOWN: 7})

    assert [(each.room, each.version) for each in wrong.endings] == [(talk.name, 9), (UNKNOWN, 7)]


def test_whoever_is_not_of_the_talk_is_a_stranger_in_its_room(talk):
    other = rooms.open_room(guest_id=talk.cast_id, cast_id=talk.cast_id, now=NOON)
    stranger = Inside("somebody", "s3")

    wrong = compare(rooms={talk.name: [*both(talk), stranger], other.name: both(talk)})

    assert wrong.endings == []
    assert wrong.strangers == [(talk.name, stranger), (other.name, Inside(talk.guest, "s1"))]


def test_a_room_that_is_ended_anyway_has_no_strangers(talk):
    rooms.close(talk.name, because="guest", now=NOON)
    stranger = [Inside("somebody", "s3")]

    assert compare(rooms={talk.name: stranger, UNKNOWN: stranger}).strangers == []


@pytest.mark.parametrize(
    ("theirs", "told_again"),
    [(None, [2]), (1, [2]), (2, []), (3, [4])],
    ids=["none", "an older one", "the same", "a newer one, as after a backup was brought back"],
)
def test_a_room_of_which_the_server_has_another_version_is_told_again(talk, theirs, told_again):
    rooms.set_closing({talk.name: NOON + MINUTE})
    telling.mark_told([Order(talk.name, 2)])

    compare(versions={} if theirs is None else {talk.name: theirs})

    assert [each.version for each in telling.untold(10, now=NOON)] == told_again


def test_a_closed_room_that_the_server_forgot_is_not_told_again(talk):
    rooms.close(talk.name, because="guest", now=NOON)
    telling.mark_told([Order(talk.name, 2)])

    compare()

    assert untold() == []


@pytest.mark.parametrize(
    ("age", "inside", "gone"),
    [
        (MINUTE, {}, 0),
        (MINUTE + SECOND, {}, 1),
        (MINUTE + SECOND, {"s1"}, 0),
        (2 * telling.TOLD_FOR, {}, 0),
    ],
)
def test_open_rooms_older_than_a_minute_in_which_nobody_is_are_counted(talk, age, inside, gone):
    closed = rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON)
    rooms.close(closed.name, because="guest", now=NOON)

    there = [Inside(talk.guest, each) for each in inside]
    compare(rooms={talk.name: there} if there else {}, now=NOON + age)

    assert reconciling.find_server().gone == gone


def test_an_empty_room_that_the_server_still_has_is_gone_too(talk):
    compare(rooms={talk.name: []}, now=NOON + 2 * MINUTE)

    assert reconciling.find_server().gone == 1


def test_a_server_that_nobody_asked_yet_may_be_behind():
    assert reconciling.is_behind(now=NOON)


def test_a_server_that_was_asked_long_ago_may_be_behind():
    compare()

    assert not reconciling.is_behind(now=NOON + reconciling.ASKED_WITHIN)
    assert reconciling.is_behind(now=NOON + reconciling.ASKED_WITHIN + SECOND)


def test_a_server_with_events_that_we_did_not_take_is_behind():
    compare(undelivered=1)
    assert reconciling.is_behind(now=NOON)

    compare(undelivered=0, now=NOON + MINUTE)
    assert not reconciling.is_behind(now=NOON + MINUTE)


def test_a_server_that_does_not_answer_is_not_waited_for():
    compare(undelivered=5)

    reconciling.note_silence("refused", now=NOON + MINUTE)

    assert not reconciling.is_behind(now=NOON + MINUTE)


def test_a_silence_keeps_when_the_server_last_answered(talk):
    compare(undelivered=5, now=NOON + 2 * MINUTE)
    reconciling.note_silence("refused " * 100, now=NOON + 3 * MINUTE)

    kept = reconciling.find_server()
    assert (kept.asked_at, kept.answered_at) == (NOON + 3 * MINUTE, NOON + 2 * MINUTE)
    assert (kept.waiting, kept.gone) == (0, 0)
    assert (kept.trouble[:7], len(kept.trouble)) == ("refused", 500)


def test_a_server_that_never_answered_has_no_moment_of_it():
    reconciling.note_silence("refused", now=NOON)

    assert reconciling.find_server().answered_at is None


def test_an_answer_ends_the_trouble():
    reconciling.note_silence("refused", now=NOON)

    compare(now=NOON + MINUTE)

    kept = reconciling.find_server()
    assert (kept.trouble, kept.answered_at) == ("", NOON + MINUTE)
