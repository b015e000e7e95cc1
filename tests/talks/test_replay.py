import pytest

from app.books import checks as books
from app.db import session
from app.talks import replay
from tests.evidence import CAST, at, drain, finish, hang_up, make_room, post
from tests.factories import make_cast, make_guest, ring

HOWS = ["guest leaves", "cast hangs up", "lost", "operator"]


def difference(room):
    session.refresh(room.talk)
    return replay.replay(room.talk).difference


@pytest.mark.parametrize("how", HOWS)
def test_an_ended_talk_is_recomputed_without_a_difference(how):
    room = make_room()
    room.talk_until(150)
    finish(room, how, 150)

    seen = replay.replay(room.talk)

    assert seen.difference == 0
    assert seen.minutes_due == (2 if how == "guest leaves" else 1)


def test_a_running_talk_may_be_behind_but_never_ahead():
    room = make_room()
    room.talk_until(50)
    room.beats(50, 130)
    post(room.untold, now=at(130))
    drain(130)
    assert (replay.replay(room.talk).minutes_due, room.talk.minutes_kept) == (2, 0)
    assert difference(room) == 0

    room.talk.minutes_charged = 3
    assert replay.replay(room.talk).difference == 1
    room.talk.minutes_charged = 0


def test_minutes_that_nobody_can_explain_are_told():
    room = make_room()
    room.talk_until(130)
    finish(room, "guest leaves", 130)
    room.talk.minutes_charged += 1
    session.flush()

    assert books.problems() == [
        f"talk {room.talk_id}: 3 minutes charged, but its entries took 200 points",
        f"talk {room.talk_id}: 3 minutes stand, but its presence shows 2",
    ]

    room.talk.minutes_charged -= 1


def test_evidence_that_nobody_charged_is_told():
    room = make_room()
    room.talk_until(130)
    finish(room, "guest leaves", 130)
    room.talk.ended_at = at(10)
    session.flush()

    assert books.problems() == [f"talk {room.talk_id}: 2 minutes stand, but its presence shows 0"]

    room.talk.ended_at = at(130)


def test_only_talks_with_a_room_are_replayed():
    rung = ring(make_guest(points=500), make_cast())
    room = make_room()

    assert replay.answered_ids() == [room.talk_id]
    assert rung.room is None


def test_the_command_shows_each_talk_and_fails_on_a_difference(app):
    room = make_room()
    room.talk_until(130)
    room.beats(130, 140, silent=[CAST])
    room.tell()
    hang_up(room.talk, at_second=140)
    told = app.test_cli_runner().invoke(args=["talk", "replay", str(room.talk_id)])
    assert told.exit_code == 0
    assert "presence shows 2 minutes, 2 stand, difference 0" in told.output

    room.talk.minutes_charged += 1
    session.flush()
    told = app.test_cli_runner().invoke(args=["talk", "replay"])
    assert told.exit_code == 1
    assert "1 talks replayed, 1 differ." in told.output
    room.talk.minutes_charged -= 1


def test_the_command_knows_no_talk_that_was_not_answered(app):
    told = app.test_cli_runner().invoke(args=["talk", "replay", "1"])

    assert told.exit_code == 1
    assert "There is no answered talk 1." in told.output


def test_the_books_agree_by_command(app):
    room = make_room()
    room.talk_until(130)

    told = app.test_cli_runner().invoke(args=["books", "check"])

    assert (told.exit_code, told.output) == (0, "The books agree.\n")
