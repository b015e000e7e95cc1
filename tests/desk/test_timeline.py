import pytest

from app.desk.timeline import WIDTH, timeline_of
from app.talks import receipts, recording
from tests.evidence import at, finish, make_room


def timeline(room, second):
    talk = room.talk
    receipt = receipts.receipt_of(talk, now=at(second))
    return timeline_of(receipt, recording.presence_of(talk))


def test_both_people_and_the_minutes_stand_on_one_axis():
    room = make_room()
    room.talk_until(170)
    finish(room, "cast leaves", 170)

    seen = timeline(room, 600)

    assert [lane.name for lane in seen.lanes] == ["guest", "cast", "minutes"]
    guest, cast, minutes = (lane.bars for lane in seen.lanes)
    assert len(guest) == len(cast) == 1
    assert [bar.kind for bar in minutes] == ["free", "paid", "returned"]
    assert [bar.number for bar in minutes] == [None, 1, 2]
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH + 2 for bar in guest + cast + minutes)


def test_a_talk_in_which_nobody_came_has_an_axis_without_bars():
    room = make_room()

    seen = timeline(room, 0)

    assert [lane.bars for lane in seen.lanes] == [[], [], []]
    assert seen.end_at > seen.start_at


@pytest.mark.parametrize("seconds", [5, 70, 600])
def test_marks_are_few_and_inside(seconds):
    room = make_room()
    room.talk_until(seconds)

    marks = timeline(room, seconds).marks

    assert 1 <= len(marks) <= 13
    assert all(0 <= x <= WIDTH for x, _ in marks)
