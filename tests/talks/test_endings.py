import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.casts import standby
from app.casts.models import Cast, State
from app.db import session
from app.talks import endings
from app.talks.models import EndedBy, Party, TalkState
from app.video import reconciling, rooms
from app.video.server import Seen, server
from tests.evidence import (
    BOTH,
    CAST,
    GUEST,
    at,
    charged,
    closes_at,
    hang_up,
    make_room,
    post,
    work,
)


def ending_of(room):
    session.refresh(room.talk)
    return room.talk.ended_by, room.talk.ended_at


def is_running(room):
    session.refresh(room.talk)
    return room.talk.state is TalkState.RUNNING


@pytest.mark.parametrize("party", Party)
def test_leaving_on_purpose_ends_the_talk_after_ten_seconds_at_the_moment_of_leaving(party):
    room = make_room()
    room.talk_until(80)
    room.leave(party, at=85)
    room.tell()

    work(94.9)
    assert is_running(room)

    work(95)
    assert ending_of(room) == (EndedBy(party.value), at(85))


def test_a_page_that_is_loaded_anew_ends_nothing():
    room = make_room()
    room.talk_until(80)
    room.leave(GUEST, at=82)
    room.join(GUEST, at=87)
    room.tell()

    room.talk_until(130, start=87)

    assert is_running(room)
    assert charged(room.talk) == 200


def test_a_newer_page_of_the_same_person_ends_nothing():
    room = make_room()
    room.talk_until(80)
    room.lose(GUEST, at=82)
    room.join(GUEST, at=82)
    room.tell()

    room.talk_until(130, start=82)

    assert is_running(room)


def test_a_lost_connection_ends_nothing_before_five_minutes():
    room = make_room()
    room.talk_until(90)
    room.lose(CAST, at=93)
    room.tell()

    work(389.9)
    assert is_running(room)

    work(390)
    assert ending_of(room) == (EndedBy.LOST, at(90))
    assert charged(room.talk) == 0


@pytest.mark.req("D4", "D6")
def test_a_cast_who_closes_the_laptop_ends_the_talk_within_fifteen_seconds():
    room = make_room()
    room.talk_until(140)
    room.leave(CAST, at=140)
    room.tell()

    work(152)  # the timetable looks every two seconds

    assert ending_of(room) == (EndedBy.CAST, at(140))
    assert charged(room.talk) == 100
    assert (room.talk.minutes_returned, room.talk.earned_yen) == (1, 50)


def test_where_nobody_ever_came_five_minutes_count_from_the_answer():
    room = make_room()

    work(299)
    assert is_running(room)

    work(300)
    assert ending_of(room) == (EndedBy.LOST, at(0))


def test_whoever_leaves_an_empty_room_ends_the_talk():
    room = make_room()
    room.join(GUEST, at=0)
    room.leave(GUEST, at=20)
    room.tell()

    work(30)

    assert ending_of(room) == (EndedBy.GUEST, at(20))


def test_whoever_leaves_while_the_other_was_lost_ends_the_talk():
    room = make_room()
    room.talk_until(80)
    room.beat(90, silent=BOTH)
    room.leave(GUEST, at=100)
    room.tell()

    work(110)

    assert ending_of(room) == (EndedBy.GUEST, at(100))


def test_when_both_leave_the_first_one_ended_it():
    room = make_room()
    room.talk_until(90)
    room.leave(CAST, at=95)
    room.leave(GUEST, at=96)
    room.tell()

    work(106)

    assert ending_of(room) == (EndedBy.CAST, at(95))


def test_nothing_is_lost_or_left_while_events_wait_to_be_read():
    """As when no worker ran for minutes: what happened meanwhile lies in the inbox."""
    left, lost = make_room(), make_room()
    for room in (left, lost):
        room.talk_until(50)
    left.leave(GUEST, at=55)
    left.tell()
    lost.beats(50, 400)
    post(lost.untold, now=at(400))

    endings.end_due(at(400))
    assert is_running(left)
    assert is_running(lost)

    work(400)
    assert ending_of(left) == (EndedBy.GUEST, at(55))
    assert charged(lost.talk) == 600


def test_hanging_up_ends_the_talk_at_once_and_closes_its_room():
    room = make_room()
    room.talk_until(65)

    hang_up(room.talk, at_second=65)

    assert ending_of(room) == (EndedBy.GUEST, at(65))
    found = rooms.find_room(room.name)
    assert (found.closed_at, found.closed_because) == (at(65), "guest")
    assert not rooms.is_open(found, now=at(65))


def test_a_second_ending_changes_nothing():
    room = make_room()
    room.talk_until(90)
    hang_up(room.talk, at_second=90)

    hang_up(room.talk, by=EndedBy.CAST, at_second=91)
    work(500)

    assert ending_of(room) == (EndedBy.GUEST, at(90))
    assert charged(room.talk) == 100


def test_an_ending_is_written_down_once():
    room = make_room()
    hang_up(room.talk, at_second=5)
    hang_up(room.talk, at_second=6)

    noted = session.scalars(select(AuditEntry).filter_by(did="talk.ended")).all()
    assert [note.facts for note in noted] == [{"ended_by": "guest"}]


def test_after_a_talk_the_cast_has_a_minutes_breath():
    room = make_room()
    hang_up(room.talk, at_second=30)

    cast = session.get_one(Cast, room.talk.cast_id)
    assert (cast.state, cast.wrap_up_until) == (State.WRAP_UP, at(30 + 60))


def test_a_cast_who_switched_off_meanwhile_is_offline_after_the_talk():
    room = make_room()
    standby.stop(room.talk.cast_id)
    session.flush()

    hang_up(room.talk, at_second=60)

    assert session.get_one(Cast, room.talk.cast_id).state is State.OFFLINE


@pytest.mark.req("D7")
def test_a_room_that_closed_itself_at_the_boundary_ends_the_talk_by_its_own_word():
    room = make_room(points=500)
    room.talk_until(350)
    assert closes_at(room) == 360

    room.close(at=360.2)
    room.tell()

    assert ending_of(room) == (EndedBy.BALANCE, at(360))
    assert charged(room.talk) == 500


def test_an_ending_that_fails_is_set_aside_and_holds_up_nobody(caplog):
    faulty, fine = make_room(), make_room()
    for room in (faulty, fine):
        room.talk_until(50)
        room.leave(GUEST, at=55)
        room.tell()
    faulty.talk.minutes_charged = 9  # nothing was ever spent for them
    session.flush()

    assert endings.end_due(at(65)) == 2

    assert ending_of(fine) == (EndedBy.GUEST, at(55))
    assert is_running(faulty)
    assert faulty.talk.fault
    assert f"talk {faulty.talk_id} is set aside" in caplog.text
    faulty.talk.minutes_charged = 0


@pytest.fixture
def elsewhere(monkeypatch):
    """The rooms stand at a video server that nobody has asked anything yet."""
    monkeypatch.setattr(server, "url", "http://127.0.0.1:9")


@pytest.fixture
def silent(elsewhere):
    """A talk of which nothing was heard since its fiftieth second, as nobody's events came."""
    room = make_room()
    room.talk_until(50)
    return room


def answer(second, *, undelivered=0):
    reconciling.compare(Seen({}, {}, undelivered), now=at(second))


def test_silence_ends_nothing_while_the_video_server_holds_events(silent):
    answer(345, undelivered=3)

    work(400)
    assert is_running(silent)

    silent.beats(50, 400)
    silent.tell()
    answer(405)
    work(405)
    assert is_running(silent)
    assert charged(silent.talk) == 600


def test_silence_ends_nothing_before_the_video_server_was_asked(silent):
    work(1_000)

    assert is_running(silent)


def test_silence_ends_nothing_by_an_old_answer(silent):
    answer(50)

    work(1_000)
    assert is_running(silent)

    answer(1_001)
    work(1_001)
    assert ending_of(silent) == (EndedBy.LOST, at(50))


def test_silence_ends_a_talk_once_the_video_server_is_caught_up(silent):
    answer(345)

    work(349.9)
    assert is_running(silent)

    work(350)
    assert ending_of(silent) == (EndedBy.LOST, at(50))


def test_silence_ends_a_talk_whose_video_server_does_not_answer_either(silent):
    answer(100, undelivered=3)
    reconciling.note_silence("refused", now=at(345))

    work(350)

    assert ending_of(silent) == (EndedBy.LOST, at(50))


@pytest.mark.req("D4")
@pytest.mark.parametrize("asked", [True, False])
def test_leaving_on_purpose_ends_a_talk_even_while_the_video_server_is_behind(silent, asked):
    if asked:
        answer(50, undelivered=3)
    silent.leave(CAST, at=55)
    silent.tell()

    work(65)

    assert ending_of(silent) == (EndedBy.CAST, at(55))


def test_rooms_in_the_house_wait_for_no_video_server():
    room = make_room()
    room.talk_until(50)

    work(350)

    assert ending_of(room) == (EndedBy.LOST, at(50))
