import pytest

from app.audit import AuditEntry
from app.db import session
from app.desk import watching
from app.talks.models import EndedBy, TalkState
from tests.evidence import BOTH, GUEST, at, finish, make_room, points_of
from tests.factories import make_operator, make_talk


def watched(seconds):
    session.flush()
    [seen] = watching.running(at(seconds))
    return seen


def test_a_talk_is_watched_from_the_answer_to_the_end():
    room = make_room()
    assert (watched(5).phase, watched(5).evidence_seconds) == ("connecting", None)

    room.talk_until(30)
    assert (watched(34).phase, watched(34).evidence_seconds) == ("free", 4)
    room.talk_until(80, start=30)
    assert (watched(80).phase, watched(80).talk.minutes_kept) == ("charging", 1)
    room.leave(GUEST, at=85)
    room.tell()
    assert watched(86).phase == "paused"
    finish(room, "operator", 90)

    assert watching.running(at(91)) == []
    assert watching.ended_lately() == [room.talk]


@pytest.mark.req("D4")
def test_an_operator_ends_a_talk_and_the_minute_cut_short_goes_back():
    room, operator = make_room(points=1000), make_operator()
    room.talk_until(130)
    assert points_of(room.talk) == 800

    watching.end(room.talk.id, because="迷惑行為", by=operator.id, now=at(131))

    talk = room.talk
    assert (talk.state, talk.ended_by, talk.minutes_kept) == (TalkState.ENDED, EndedBy.OPERATOR, 1)
    assert points_of(talk) == 900
    note = session.query(AuditEntry).filter_by(did="talk.ended_by_operator").one()
    assert (note.by, note.facts) == (operator.id, {"because": "迷惑行為"})


def test_ending_a_talk_that_is_over_changes_and_notes_nothing():
    room, operator = make_room(), make_operator()
    room.talk_until(30)
    finish(room, "guest", 31)

    watching.end(room.talk.id, because="too late", by=operator.id, now=at(60))

    assert room.talk.ended_by is EndedBy.GUEST
    assert not session.query(AuditEntry).filter_by(did="talk.ended_by_operator").count()


def test_the_log_tells_everything_on_one_axis():
    room = make_room()
    room.talk_until(130)
    finish(room, "cast leaves", 130)

    log = watching.log_of(room.talk)

    assert [line.at for line in log] == sorted(line.at for line in log)
    told = [(line.source, line.what) for line in log]
    for each in [
        ("talk", "rung"),
        ("talk", "answered"),
        ("audit", "talk.accepted"),
        ("presence", "joined"),
        ("presence", "heartbeat"),
        ("points", "talk_minute"),
        ("points", "minute_returned"),
        ("presence", "left"),
        ("talk", "ended"),
    ]:
        assert each in told


def test_equal_heartbeats_are_one_line():
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 60)
    room.tell()

    [line] = [line for line in watching.log_of(room.talk) if line.what == "heartbeat"]

    assert (line.times, line.at, line.until) == (6, at(10), at(60))


def test_a_talk_is_found_by_its_public_name_only():
    talk = make_talk()

    assert watching.find(talk.public_id) == talk
    assert watching.find(str(talk.id)) is None


def test_a_merged_heartbeat_shows_since_its_first_beat():
    room = make_room()
    room.join(*BOTH, at=0)
    room.merged_beats(10, 250)
    room.tell()

    [line] = [line for line in watching.log_of(room.talk) if line.what == "heartbeat"]

    assert (line.times, line.at, line.until) == (1, at(10), at(250))


def test_a_merged_heartbeat_goes_on_with_the_equal_ones_around_it():
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 30)
    room.merged_beats(40, 100)
    room.beats(100, 120)
    room.tell()

    [line] = [line for line in watching.log_of(room.talk) if line.what == "heartbeat"]

    assert (line.times, line.at, line.until) == (6, at(10), at(120))
