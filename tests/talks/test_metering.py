from datetime import timedelta

import pytest

from app import policy
from app.db import session
from app.points import expiry, lots
from app.points.models import Kind
from app.talks import metering
from app.talks.models import EndedBy, TalkState
from app.video import rooms
from tests.evidence import (
    BOTH,
    CAST,
    GUEST,
    at,
    charged,
    closes_at,
    come_back,
    drain,
    finish,
    hang_up,
    make_room,
    points_of,
    post,
    remaining,
    spend_elsewhere,
    top_up,
    work,
)
from tests.factories import NOON, give_points, make_cast, make_guest

DAY = timedelta(days=1)
ANYONE = ["guest leaves", "guest hangs up", "cast leaves", "cast hangs up", "lost", "operator"]


@pytest.mark.req("G14", "G15", "G16", "G19", "D3", "D4")
@pytest.mark.parametrize(
    ("seconds", "how", "points"),
    [
        *((59.9, how, 0) for how in ANYONE),
        (60, "guest leaves", 100),
        (60, "guest hangs up", 100),
        (60, "cast leaves", 0),
        (90, "guest leaves", 100),
        (90, "guest hangs up", 100),
        (90, "cast leaves", 0),
        (90, "cast hangs up", 0),
        (90, "lost", 0),
        (90, "operator", 0),
        (90, "report", 0),
        (120, "guest leaves", 200),
        (120, "guest hangs up", 200),
        (120, "cast leaves", 100),
        (140, "cast leaves", 100),
        (140, "cast hangs up", 100),
        (140, "lost", 100),
    ],
)
def test_the_vectors(seconds, how, points):
    room = make_room()
    room.talk_until(seconds)

    finish(room, how, seconds)

    assert room.talk.state is TalkState.ENDED
    assert charged(room.talk) == points
    assert points_of(room.talk) == 10_000 - points


@pytest.mark.req("D3")
def test_a_guest_who_waits_for_ten_minutes_for_a_cast_pays_nothing():
    room = make_room()
    room.join(GUEST, at=0)
    room.beats(0, 600)

    room.tell()
    work(600)

    assert (room.talk.state, room.talk.ended_by) == (TalkState.ENDED, EndedBy.LOST)
    assert charged(room.talk) == 0


def test_a_cast_whose_media_never_arrives_is_not_there():
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 280, silent=[CAST])

    room.tell()
    work(280)

    assert charged(room.talk) == 0
    assert room.talk.missing == "cast"


@pytest.mark.req("D7")
def test_five_hundred_points_end_at_six_minutes_sharp_and_are_all_charged():
    room = make_room(points=500)
    room.talk_until(380)

    assert (room.talk.ended_by, room.talk.ended_at) == (EndedBy.BALANCE, at(360))
    assert charged(room.talk) == 500
    assert points_of(room.talk) == 0
    assert rooms.find_room(room.name).closed_at


@pytest.mark.parametrize("worker_comes_at", [360, 361, 395, 660, 3600])
def test_the_end_of_the_points_is_the_boundary_whenever_the_worker_comes(worker_comes_at):
    room = make_room(points=500)
    room.join(*BOTH, at=0)
    room.beats(0, 400)
    events, room.untold = room.untold, []
    post([each for each in events if each["at"] <= NOON.timestamp() + worker_comes_at], now=at(400))

    work(worker_comes_at)

    assert (room.talk.ended_by, room.talk.ended_at) == (EndedBy.BALANCE, at(360))
    assert charged(room.talk) == 500


def test_at_the_last_tenth_before_the_boundary_the_talk_goes_on():
    room = make_room(points=500)
    room.talk_until(359.9)

    assert room.talk.state is TalkState.RUNNING
    assert charged(room.talk) == 500


@pytest.mark.req("D3", "D4")
def test_an_outage_of_40_seconds_pauses_the_counter():
    room = make_room()
    room.talk_until(80)
    room.beats(80, 120, silent=[CAST])
    room.tell()
    work(120)
    assert room.talk.missing == "cast"

    # The last good sign was at 80 and the next one comes at 120.
    room.talk_until(150)
    finish(room, "guest leaves", 150)

    assert charged(room.talk) == 100


def test_a_paused_minute_is_charged_when_its_second_comes():
    room = make_room()
    room.talk_until(50)
    room.beats(50, 100, silent=[CAST])
    room.tell()

    room.beat(100)
    room.talk_until(109, start=100)
    assert charged(room.talk) == 0

    room.talk_until(111, start=109)
    assert charged(room.talk) == 100


@pytest.mark.req("G14")
def test_a_minute_is_charged_by_evidence_at_its_start_or_later_and_not_before():
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 59)
    room.tell()

    work(100)
    assert charged(room.talk) == 0

    room.beat(60)
    room.tell()
    work(100)
    assert charged(room.talk) == 100


def test_evidence_by_a_clock_ahead_of_ours_charges_nothing_early():
    room = make_room()
    room.talk_until(50)
    room.beat(60)
    room.tell(now=55)

    work(55)
    assert charged(room.talk) == 0

    work(60)
    assert charged(room.talk) == 100


def test_a_late_worker_charges_every_minute_it_missed():
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 300)

    room.tell()
    work(300)

    assert charged(room.talk) == 500


def test_a_worker_that_finds_only_due_minutes_charges_them_one_after_the_other():
    room = make_room()
    room.talk_until(50)
    room.beats(50, 300)
    room.tell()
    assert charged(room.talk) == 0

    assert [metering.charge_due(at(300)) for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    assert charged(room.talk) == 500


def test_a_second_run_charges_nothing_again():
    room = make_room()
    room.talk_until(130)

    for _ in range(3):
        work(130)

    assert charged(room.talk) == 200


def test_many_talks_are_charged_in_one_batch_and_the_poor_ones_end():
    rich, poor = [make_room() for _ in range(3)], [make_room(points=500) for _ in range(2)]
    for room in poor:
        spend_elsewhere(room.talk, leaving=0)
    for room in rich + poor:
        room.talk_until(50)
        room.beat(60)
        room.tell()

    assert metering.charge_due(at(60)) == 5

    session.expire_all()
    assert [charged(room.talk) for room in rich] == [100] * 3
    assert [room.talk.ended_by for room in poor] == [EndedBy.BALANCE] * 2
    assert metering.charge_due(at(60)) == 0


def test_a_batch_takes_no_more_than_it_was_asked_to():
    for _ in range(3):
        room = make_room()
        room.talk_until(50)
        room.beat(60)
        room.tell()

    assert [metering.charge_due(at(60), batch=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.req("D9")
def test_the_price_is_frozen_at_entry():
    guest, cast = make_guest(points=10_000), make_cast()
    room = make_room(guest=guest, cast=cast)
    room.talk_until(65)

    cast.price_points, cast.reward_yen = 300, 150
    session.flush()
    room.talk_until(130)

    assert charged(room.talk) == 200
    assert room.talk.earned_yen == 100


@pytest.mark.req("D33")
def test_minutes_take_what_expires_first_and_split_over_two_lots():
    guest = make_guest()
    later = give_points(guest, 1_000, expires_at=NOON + 60 * DAY)
    first = give_points(guest, 130, expires_at=NOON + 20 * DAY)
    free = give_points(guest, 30, kind=Kind.FREE, expires_at=NOON + 60 * DAY)
    room = make_room(guest=guest)

    room.talk_until(130)

    assert [remaining(lot) for lot in (first, free, later)] == [0, 0, 960]
    assert charged(room.talk) == 200


def test_a_returned_minute_goes_back_into_the_lots_that_it_came_from():
    guest = make_guest()
    first = give_points(guest, 130, expires_at=NOON + 20 * DAY)
    later = give_points(guest, 1_000, expires_at=NOON + 60 * DAY)
    room = make_room(guest=guest)
    room.talk_until(130)
    assert [remaining(first), remaining(later)] == [0, 930]

    finish(room, "cast leaves", 130)

    assert [remaining(first), remaining(later)] == [30, 1_000]


@pytest.mark.req("D34")
def test_a_minute_whose_lot_has_expired_comes_back_as_free_points_of_30_days():
    guest = make_guest()
    dying = give_points(guest, 600, expires_at=NOON + timedelta(seconds=100))
    room = make_room(guest=guest)
    room.talk_until(80)
    expiry.expire_due(at(100))

    finish(room, "cast leaves", 110)

    assert remaining(dying) == 0
    [given] = lots.lots_of(guest.id, now=at(110))
    assert (given.kind, given.points, given.price_yen) == (Kind.FREE, 100, 0)
    assert given.expires_at >= at(110) + policy.COMPENSATION


@pytest.mark.parametrize(("days", "moved"), [(6, True), (8, False)])
@pytest.mark.req("D34")
def test_a_lot_with_less_than_a_week_left_takes_nothing_back(days, moved):
    guest = make_guest()
    lot = give_points(guest, 600, expires_at=NOON + days * DAY)
    room = make_room(guest=guest)
    room.talk_until(80)

    finish(room, "cast leaves", 80)

    assert remaining(lot) == (500 if moved else 600)
    assert points_of(room.talk) == 600


@pytest.mark.req("G45", "G46")
def test_a_top_up_before_the_boundary_saves_the_talk_and_moves_the_closing():
    room = make_room(points=500)
    room.talk_until(330)
    assert closes_at(room) == 360

    top_up(room.talk, 200, second=335)
    assert closes_at(room) == 480

    room.talk_until(500)
    assert (room.talk.ended_by, room.talk.ended_at) == (EndedBy.BALANCE, at(480))
    assert charged(room.talk) == 700


@pytest.mark.req("D7")
def test_the_room_closes_by_itself_whenever_the_points_would_run_out():
    room = make_room(points=550)
    whole = 5 * 60 + 60 + 5 * 60  # five minutes to come, the free one, and five that are paid
    assert closes_at(room) == whole

    room.join(GUEST, at=5)
    room.tell()
    assert closes_at(room) == 5 + whole

    room.join(CAST, at=10)
    for start in (10, 60, 100):
        room.talk_until(start + 40, start=start)
        assert closes_at(room) == 10 + 60 + 5 * 60

    room.beats(140, 170, silent=[CAST])
    room.tell()
    assert closes_at(room) == 170 + whole - 130

    room.talk_until(180, start=170)
    assert closes_at(room) == 10 + 60 + 5 * 60 + 40


def test_an_expiring_lot_shortens_the_time_until_the_room_closes():
    guest = make_guest(points=500)
    give_points(guest, 500, expires_at=at(150))
    room = make_room(guest=guest)

    room.talk_until(65)

    # The minutes at 60 and 120 take 200 of what is gone at 150, then five others follow.
    assert closes_at(room) == 480


def test_evidence_that_comes_after_the_end_is_charged_where_points_are_left():
    room = make_room(points=1_000)
    room.talk_until(100)
    room.beats(100, 130)
    late, room.untold = room.untold, []
    hang_up(room.talk, at_second=130)
    assert charged(room.talk) == 100

    post(late, now=at(140))
    drain(140)

    assert charged(room.talk) == 200


def test_evidence_that_comes_when_the_points_are_gone_waives_the_minute():
    room = make_room(points=500)
    room.talk_until(100)
    room.beats(100, 130)
    late, room.untold = room.untold, []
    hang_up(room.talk, at_second=130)
    spend_elsewhere(room.talk, leaving=50)

    post(late, now=at(140))
    drain(140)

    assert charged(room.talk) == 100
    assert room.talk.minutes_waived == 1


def test_a_waived_minute_that_turns_out_not_to_have_been_is_forgotten():
    room = make_room(points=500)
    room.talk_until(100)
    room.beats(100, 125)
    hang_up(room.talk, at_second=125)
    spend_elsewhere(room.talk, leaving=50)
    room.tell(now=130)
    assert (charged(room.talk), room.talk.minutes_waived) == (100, 1)

    room.beat(105, silent=[CAST])
    room.tell(now=140)

    assert (charged(room.talk), room.talk.minutes_waived) == (100, 0)


def test_evidence_that_comes_later_than_ten_minutes_after_the_end_is_kept_and_marked():
    room = make_room()
    room.talk_until(50)
    room.beats(50, 130)
    late, room.untold = room.untold, []
    hang_up(room.talk, at_second=130)

    post(late, now=at(731))
    drain(731)

    assert charged(room.talk) == 0


@pytest.mark.req("D5")
def test_a_counter_at_the_start_of_a_minute_charges_nobody_who_waits_alone():
    first = make_room()
    first.talk_until(80)
    finish(first, "cast hangs up", 80)
    again = come_back(first, second=150)
    assert again.talk.carried == policy.FREE_TIME

    again.join(GUEST, at=155)
    again.beats(155, 175)
    again.tell()
    work(175)
    hang_up(again.talk, at_second=175)

    assert charged(again.talk) == 0
