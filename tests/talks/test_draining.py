import pytest
from sqlalchemy import event, select

from app.db import db, session
from app.talks import draining, jobs, metering, recording
from app.talks.models import EndedBy, PresenceEvent, TalkState
from app.video.jobs import reconcile
from app.video.models import VideoEvent
from tests.evidence import (
    BOTH,
    CAST,
    GUEST,
    at,
    charged,
    drain,
    hang_up,
    make_room,
    post,
    spend_elsewhere,
    work,
)
from tests.factories import NOON


def troubles():
    """What the operator finds about events that could not be used."""
    found = select(VideoEvent.trouble).where(VideoEvent.trouble.is_not(None))
    return list(session.scalars(found.order_by(VideoEvent.id)))


def together(room, until):
    room.join(*BOTH, at=0)
    room.beats(0, until)


def spoil(room):
    """Put a talk into a state that cannot be settled, as a fault of ours might."""
    session.refresh(room.talk)
    room.talk.minutes_charged += 9
    session.flush()


def mend(room):
    session.refresh(room.talk)
    room.talk.minutes_charged -= 9
    session.flush()


def settle(room):
    metering.settle(room.talk, recording.presence_of(room.talk), now=at(200))


def test_events_of_an_unknown_room_are_kept_and_marked_and_charge_nobody():
    room = make_room()
    room.name = "no-such-room"
    together(room, 130)

    room.tell()

    assert set(troubles()) == {"unknown room no-such-room"}
    assert charged(room.talk) == 0
    assert session.scalars(select(PresenceEvent)).all() == []


def test_unknown_people_are_kept_and_marked_and_do_not_count():
    room = make_room()
    room.people[CAST] = "a-stranger"
    together(room, 130)

    room.tell()

    assert set(troubles()) == {"unknown people ['a-stranger']"}
    assert charged(room.talk) == 0
    assert room.talk.missing == "cast"


def test_a_stranger_in_the_room_changes_nothing_for_the_two():
    room = make_room()
    room.join(*BOTH, at=0)
    stranger = {"room": room.name, "person": "a-stranger", "session": "s"}
    room.happen("joined", 5, **stranger)
    room.beats(0, 60)
    room.happen("left", 65, **stranger)

    room.tell()

    assert charged(room.talk) == 100
    assert troubles() == ["unknown people ['a-stranger']"] * 2


def test_a_person_of_another_talk_is_a_stranger_in_this_room():
    room, other = make_room(), make_room()
    room.people[CAST] = other.people[CAST]
    together(room, 60)

    room.tell()

    assert charged(room.talk) == charged(other.talk) == 0
    assert len(set(troubles())) == 1


def test_the_same_events_again_change_nothing():
    room = make_room()
    together(room, 130)
    events = list(room.untold)

    assert post(events, now=at(130)) == len(events)
    work(130)
    assert post(events, now=at(135)) == 0
    work(135)

    assert charged(room.talk) == 200
    assert troubles() == []


def test_events_that_come_backwards_charge_the_same():
    room = make_room()
    together(room, 130)

    for told in reversed(room.untold):
        post([told], now=at(130))
        drain(130)
    work(130)

    assert charged(room.talk) == 200


def test_a_batch_is_read_to_its_end_and_no_further(monkeypatch):
    monkeypatch.setattr(draining, "BATCH", 4)
    room = make_room()
    together(room, 70)
    post(room.untold, now=at(70))

    assert [draining.drain(at(70)) for _ in range(4)] == [4, 4, 1, 0]
    work(70)
    assert charged(room.talk) == 100


def test_a_heartbeat_of_many_rooms_is_read_for_each_of_them():
    rooms = [make_room() for _ in range(3)]
    beat(rooms, 0)
    beat(rooms, 30)
    beat(rooms, 61)

    assert [charged(room.talk) for room in rooms] == [100] * 3


def beat(rooms, second):
    """One heartbeat that shows both in each of these rooms."""
    for room in rooms:
        if not room.inside[GUEST]:
            room.inside = {GUEST: ["g"], CAST: ["c"]}
        room.beat(second)
    first, *others = [room.untold.pop() for room in rooms]
    first["rooms"] += [each for other in others for each in other["rooms"]]
    post([first], now=at(second))
    drain(second)
    work(second)


def test_heartbeats_of_thirty_talks_cost_as_many_statements_as_those_of_one():
    rooms = [make_room() for _ in range(30)]
    for few in (rooms[:1], rooms):
        beat(few, 0)
        beat(few, 10)

    one = statements_of(lambda: beat(rooms[:1], 20))
    thirty = statements_of(lambda: beat(rooms, 30))

    assert len(thirty) == len(one)
    assert rooms[0].talk.evidence_at == at(30)


def statements_of(what):
    said = []
    listener = (db.engines[None].engine, "before_cursor_execute", lambda *of: said.append(of[2]))
    event.listen(*listener)
    try:
        what()
    finally:
        event.remove(*listener)
    return said


def test_what_only_goes_on_adds_up_to_what_reading_anew_shows():
    room = make_room()
    room.talk_until(100)
    session.refresh(room.talk)
    kept = room.talk

    presence = recording.presence_of(kept)

    assert kept.evidence_at == presence.evidence_at == at(100)
    assert kept.shared_since == presence.running_since
    assert kept.sessions == presence.sessions


def test_a_hole_between_heartbeats_is_not_jumped():
    room = make_room()
    room.talk_until(50)

    room.beat(111)
    room.beats(111, 130)
    room.tell()
    work(130)

    assert charged(room.talk) == 100
    assert (room.talk.shared_since, room.talk.shared.total_seconds()) == (at(111), 50)


def test_a_new_boot_of_the_server_stops_every_clock():
    rooms = [make_room() for _ in range(2)]
    for room in rooms:
        room.talk_until(50)

    rooms[0].reboot(at=55)
    rooms[0].tell()

    assert [room.talk.missing for room in rooms] == ["both", "both"]
    assert [room.talk.next_charge_at for room in rooms] == [None, None]


def test_after_a_new_boot_the_counter_goes_on():
    room = make_room()
    room.talk_until(50)
    room.reboot(at=55)
    room.tell()

    room.join(*BOTH, at=80)
    room.talk_until(89, start=80)
    assert charged(room.talk) == 0
    room.talk_until(90, start=89)
    assert charged(room.talk) == 100


def test_a_talk_that_cannot_be_read_is_set_aside_and_holds_up_nobody(caplog):
    faulty, fine = make_room(), make_room()
    together(faulty, 130)
    together(fine, 130)
    spoil(faulty)

    post(faulty.untold + fine.untold, now=at(130))
    work(130)

    assert charged(fine.talk) == 200
    session.refresh(faulty.talk)
    assert "nothing was spent" in faulty.talk.fault
    assert f"talk {faulty.talk_id} is set aside" in caplog.text
    mend(faulty)
    settle(faulty)


def test_a_talk_set_aside_goes_on_when_its_fault_is_mended():
    room = make_room()
    room.talk_until(50)
    spoil(room)
    room.join(GUEST, at=55)
    room.beats(55, 125)
    room.tell()
    work(125)
    session.refresh(room.talk)
    assert room.talk.fault

    mend(room)
    room.beat(135)
    room.tell()

    session.refresh(room.talk)
    assert room.talk.fault is None
    assert charged(room.talk) == 200


def test_a_charge_that_fails_is_set_aside_and_tried_again_while_the_others_go_on(queue, at):
    faulty, fine = make_room(points=500), make_room()
    for room in (faulty, fine):
        room.talk_until(50)
        room.beat(60)
        room.tell()
    spend_elsewhere(faulty.talk, leaving=0)  # so that it must end, for which it is read
    spoil(faulty)
    at(NOON.replace(minute=1))

    queue.do(jobs.charge)

    assert charged(fine.talk) == 100
    session.refresh(faulty.talk)
    assert faulty.talk.state is TalkState.RUNNING
    assert faulty.talk.fault

    mend(faulty)
    queue.do(jobs.charge)
    assert (faulty.talk.fault, faulty.talk.ended_by) == (None, EndedBy.BALANCE)


def test_presence_of_a_talk_that_ended_long_ago_is_kept_and_marked():
    room = make_room()
    room.talk_until(50)
    hang_up(room.talk, at_second=55)

    room.beat(60)
    room.tell(now=655 + 1)

    assert troubles() == [f"late for talk {room.talk_id}"]


@pytest.mark.req("D4")
def test_a_leaving_that_comes_late_takes_its_gap_out_again():
    room = make_room()
    room.talk_until(50)
    room.leave(CAST, at=51)
    late, room.untold = room.untold, []
    room.join(CAST, at=58)
    room.beats(58, 66)
    room.tell()
    assert charged(room.talk) == 100

    post(late, now=at(67))
    work(67)

    assert charged(room.talk) == 0
    assert room.talk.minutes_returned == 1


def summary(room):
    """What a talk's row and its presence say, without the names of its sessions."""
    session.refresh(room.talk)
    talk, presence = room.talk, recording.presence_of(room.talk)
    return (
        charged(talk),
        (talk.shared, talk.shared_since, talk.evidence_at, talk.next_charge_at),
        (presence.guest, presence.cast, presence.spans),
    )


@pytest.mark.req("D3", "D4")
def test_a_merged_heartbeat_proves_all_its_minutes_as_if_told_one_by_one():
    single, merged = make_room(), make_room()
    for room in (single, merged):
        room.join(*BOTH, at=0)
    single.beats(0, 250)
    merged.merged_beats(10, 250)

    for room in (single, merged):
        room.tell()
        work(250)

    assert charged(merged.talk) == 400
    assert summary(merged) == summary(single)


@pytest.mark.req("D3", "D4")
def test_a_merged_heartbeat_of_the_same_two_is_read_without_their_whole_presence():
    single, merged = make_room(), make_room()
    for room in (single, merged):
        room.talk_until(50)
    single.beats(50, 250)
    merged.merged_beats(60, 250)
    single.tell()
    post(merged.untold, now=at(250))

    said = statements_of(lambda: drain(250))
    work(250)

    assert not any("FROM presence_event" in each for each in said)
    assert charged(merged.talk) == 400
    assert summary(merged) == summary(single)


@pytest.mark.req("D3")
def test_the_hole_before_a_merged_heartbeat_is_not_jumped():
    room = make_room()
    room.talk_until(50)

    room.merged_beats(111, 230)
    room.tell()
    work(230)

    assert (room.talk.shared_since, room.talk.shared.total_seconds()) == (at(111), 50)
    assert charged(room.talk) == 200


def test_the_last_minute_that_may_be_missing_before_a_merged_heartbeat_is_none():
    room = make_room()
    room.talk_until(50)

    room.merged_beats(110, 230)
    room.tell()
    work(230)

    assert room.talk.shared_since == at(0)
    assert charged(room.talk) == 300


def test_a_merged_heartbeat_that_reaches_back_over_a_leaving_does_not_undo_it():
    """Late words of a time that something newer has been said about are read with it, in order."""
    room = make_room()
    room.talk_until(50)
    both = {party: list(pages) for party, pages in room.inside.items()}
    room.leave(CAST, at=55)
    room.tell()
    room.inside = both
    room.merged_beats(20, 54)
    room.tell(now=56)

    assert (room.talk.missing, room.talk.left_at) == ("cast", at(55))
    assert room.talk.shared.total_seconds() == 54


def rung(queue):
    session.commit()
    return list(queue.jobs.values())


def test_an_unknown_room_or_a_stranger_rings_for_a_comparison(queue):
    unknown, visited = make_room(), make_room()
    unknown.name = "no-such-room"
    unknown.beat(0)
    unknown.tell()
    assert rung(queue) == [(reconcile, ())]

    queue.jobs.clear()
    visited.happen("joined", 5, room=visited.name, person="a-stranger", session="s")
    visited.tell()
    assert rung(queue) == [(reconcile, ())]


def test_people_of_the_talk_ring_for_no_comparison(queue):
    room = make_room()
    together(room, 30)
    room.tell()

    assert rung(queue) == []
