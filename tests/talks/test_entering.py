from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import policy
from app.casts import standby
from app.casts.models import Cast, State
from app.db import session
from app.errors import Refused
from app.people.models import Account
from app.talks import entering
from app.talks.models import EndedBy, Talk, TalkState
from app.video import rooms
from app.video.models import VideoEvent
from tests.evidence import (
    BOTH,
    GUEST,
    at,
    charged,
    come_back,
    drain,
    finish,
    hang_up,
    make_room,
    post,
    spend_elsewhere,
    top_up,
    work,
)
from tests.factories import NOON, SECOND, give_points, make_cast, make_guest, make_talk, ring

ANYONE = ["guest leaves", "cast leaves", "operator"]


def refusals(guest, cast, *, price=100, now=NOON):
    with pytest.raises(Refused) as refused:
        entering.ask(guest, cast.account_id, price_points=price, now=now)
    return [problem.code for problem in refused.value.problems]


def guest_of(room):
    return session.get_one(Account, room.talk.guest_id)


def state_of(cast):
    session.flush()
    session.refresh(cast)
    return cast.state


@pytest.mark.req("G5", "G9")
def test_a_guest_with_enough_points_rings_at_a_cast_who_stands_by():
    guest, cast = make_guest(points=500), make_cast()

    talk = ring(guest, cast)

    assert (talk.state, talk.answer_by) == (TalkState.RINGING, NOON + policy.RING_TIME)
    assert (talk.price_points, talk.reward_yen) == (100, 50)
    assert state_of(cast) is State.IN_TALK
    assert talk.room is None


@pytest.mark.req("G11", "G12")
def test_five_minutes_of_points_are_enough_and_one_point_less_is_not():
    poor, cast = make_guest(points=499), make_cast()

    with pytest.raises(Refused) as refused:
        ring(poor, cast)

    [problem] = refused.value.problems
    assert problem.code == "too_few_points"
    assert problem.values == {"minutes": 5, "needed": "500", "missing": "1"}
    give_points(poor, 1)
    assert ring(poor, cast).state is TalkState.RINGING


@pytest.mark.req("D8")
def test_expired_points_open_no_door():
    guest, cast = make_guest(points=499), make_cast()
    give_points(guest, 1_000, expires_at=NOON)

    assert refusals(guest, cast) == ["too_few_points"]


@pytest.mark.req("G9", "D10")
def test_a_cast_who_is_offline_cannot_be_entered():
    assert refusals(make_guest(points=500), make_cast(online=False)) == ["offline"]


@pytest.mark.req("D10")
def test_a_cast_in_a_talk_or_catching_breath_cannot_be_entered():
    room = make_room()
    cast = session.get_one(Cast, room.talk.cast_id)
    assert refusals(make_guest(points=500), cast) == ["in_talk"]

    hang_up(room.talk, at_second=30)
    assert refusals(make_guest(points=500), cast, now=at(31)) == ["wrap_up"]


def test_a_cast_whose_page_has_been_silent_cannot_be_entered():
    guest, cast = make_guest(points=500), make_cast()
    last = NOON + policy.STANDBY_TTL

    assert refusals(guest, cast, now=last + SECOND) == ["offline"]
    assert ring(guest, cast, now=last).state is TalkState.RINGING


def test_every_reason_is_told_at_once():
    guest = make_guest(confirmed=False)

    codes = refusals(guest, make_cast(online=False), price=90)

    assert codes == ["unconfirmed", "offline", "too_few_points", "price_changed"]


def test_at_another_price_than_the_guest_saw_nothing_begins():
    guest, cast = make_guest(points=1_000), make_cast()

    assert refusals(guest, cast, price=99) == ["price_changed"]
    assert state_of(cast) is State.ONLINE


def test_pressing_twice_rings_once():
    guest, cast = make_guest(points=500), make_cast()

    assert ring(guest, cast) is ring(guest, cast)
    assert session.scalar(select(func.count()).select_from(Talk)) == 1


def test_a_guest_is_in_one_talk_at_a_time():
    guest = make_guest(points=1_000)
    ring(guest, make_cast())

    assert refusals(guest, make_cast()) == ["in_a_talk"]


def test_the_casts_answer_opens_a_room_that_nobody_can_guess():
    talk = ring(make_guest(points=500), make_cast())

    entering.accept(talk, now=at(30))

    assert (talk.state, talk.answered_at) == (TalkState.RUNNING, at(30))
    room = rooms.find_room(talk.room)
    assert (room.guest_id, room.cast_id) == (talk.guest_id, talk.cast_id)
    assert len(room.name) == 32


@pytest.mark.parametrize("answer", [entering.accept, entering.decline])
def test_after_thirty_seconds_it_is_too_late_to_answer(answer):
    talk = ring(make_guest(points=500), make_cast())

    with pytest.raises(Refused):
        answer(talk, now=at(30) + SECOND)

    assert talk.state is TalkState.RINGING


def test_an_unanswered_ring_ends_after_thirty_seconds_and_the_cast_stands_by_again():
    cast = make_cast()
    talk = ring(make_guest(points=500), cast)

    assert entering.miss_due(at(29)) == 0
    assert entering.miss_due(at(30)) == 1

    assert talk.state is TalkState.MISSED
    assert state_of(cast) is State.ONLINE


def miss(cast, *, second):
    ring(make_guest(points=500), cast, now=at(second))
    standby.beat(cast.account_id, now=at(second + 30))
    assert entering.miss_due(at(second + 30)) == 1


def decline(cast, *, second):
    entering.decline(ring(make_guest(points=500), cast, now=at(second)), now=at(second + 5))


def test_two_misses_in_a_row_take_the_cast_offline():
    cast = make_cast()

    miss(cast, second=0)
    miss(cast, second=40)

    assert state_of(cast) is State.OFFLINE


def test_declining_is_no_miss():
    cast = make_cast()

    for second in (0, 10, 20):
        decline(cast, second=second)
    assert state_of(cast) is State.ONLINE

    miss(cast, second=30)
    decline(cast, second=70)
    miss(cast, second=80)
    assert state_of(cast) is State.ONLINE


def test_a_guest_who_does_not_wait_leaves_the_misses_as_they_were():
    cast = make_cast()
    miss(cast, second=0)

    entering.withdraw(ring(make_guest(points=500), cast, now=at(40)), now=at(45))
    assert state_of(cast) is State.ONLINE

    miss(cast, second=50)
    assert state_of(cast) is State.OFFLINE


def test_a_ring_that_is_over_is_not_withdrawn():
    talk = make_talk()

    entering.withdraw(talk, now=at(5))

    assert talk.state is TalkState.RUNNING


@pytest.mark.req("G15", "D5")
def test_leaving_at_59_seconds_again_and_again_wins_nothing():
    room = make_room()
    room.talk_until(59)
    finish(room, "guest leaves", 59)
    assert charged(room.talk) == 0

    paid = 0
    for start in (200, 400, 600):
        room = come_back(room, second=start)
        room.talk_until(start + 59, start=start)
        finish(room, "guest leaves", start + 59)
        paid += charged(room.talk)

    assert paid == 300


@pytest.mark.req("D5")
@pytest.mark.parametrize("how", ANYONE)
@pytest.mark.parametrize(
    ("first", "second", "by_guest", "by_others"),
    [
        (50, 5, 0, 0),
        (50, 15, 100, 100),
        (90, 20, 100, 100),
        (90, 40, 200, 100),
        (140, 30, 200, 200),
        (140, 50, 300, 200),
    ],
)
def test_coming_back_goes_on_with_the_counter(how, first, second, by_guest, by_others):
    """A minute that was given back begins anew; the guest leaves the second time."""
    room = make_room()
    room.talk_until(first)
    finish(room, how, first)

    again = come_back(room, second=300)
    again.talk_until(300 + second, start=300)
    finish(again, "guest leaves", 300 + second)

    wanted = by_guest if "guest" in how else by_others
    assert charged(room.talk) + charged(again.talk) == wanted


@pytest.mark.req("D5")
def test_after_the_points_ran_out_a_top_up_goes_on_without_a_free_minute():
    room = make_room(points=500)
    room.talk_until(365)
    assert room.talk.ended_by is EndedBy.BALANCE
    top_up(room.talk, 500, second=380)

    again = come_back(room, second=430)
    again.join(GUEST, at=430)
    again.beats(430, 460)
    again.tell()
    assert charged(again.talk) == 0

    again.join(*BOTH[1:], at=461)
    again.talk_until(463, start=461)
    assert charged(again.talk) == 100


@pytest.mark.req("D5")
@pytest.mark.parametrize(("seconds_later", "points"), [(300, 100), (300.1, 0)])
def test_five_minutes_after_leaving_the_counter_still_goes_on(seconds_later, points):
    room = make_room()
    room.talk_until(50)
    finish(room, "guest leaves", 50)

    start = 50 + seconds_later
    again = come_back(room, second=start)
    again.talk_until(start + 20, start=start)

    assert charged(again.talk) == points


def test_another_casts_room_has_a_free_minute_of_its_own():
    room = make_room()
    room.talk_until(50)
    finish(room, "guest leaves", 50)

    other = make_talk(guest_of(room), make_cast())

    assert other.carried == timedelta(0)


@pytest.mark.req("D5")
def test_a_returned_minute_begins_anew_and_one_that_stands_is_not_paid_again():
    room = make_room()
    room.talk_until(90)
    finish(room, "guest leaves", 90)  # the first minute stands, half of it used
    again = come_back(room, second=200)
    again.talk_until(210, start=200)
    finish(again, "cast leaves", 210)  # the cast cut it short
    third = come_back(again, second=300)

    third.talk_until(359, start=300)
    finish(third, "guest leaves", 359)

    assert [charged(each.talk) for each in (room, again, third)] == [100, 0, 0]


def test_a_ring_that_nobody_answered_does_not_break_the_counter():
    room = make_room()
    room.talk_until(50)
    finish(room, "guest leaves", 50)
    standby.begin(room.talk.cast_id, now=at(120))
    cast = session.get_one(Cast, room.talk.cast_id)
    entering.decline(ring(guest_of(room), cast, now=at(125)), now=at(128))

    again = come_back(room, second=150)

    assert again.talk.carried.total_seconds() == 50


def test_a_waived_minute_is_not_asked_for_in_the_next_talk():
    room = make_room(points=500)
    room.talk_until(50)
    room.beats(50, 90)
    late, room.untold = room.untold, []
    hang_up(room.talk, at_second=90)
    spend_elsewhere(room.talk, leaving=0)
    post(late, now=at(100))
    drain(100)
    top_up(room.talk, 1_000, second=110)

    again = come_back(room, second=200)
    again.talk_until(220, start=200)

    assert charged(again.talk) == 0
    again.talk_until(230, start=220)
    assert charged(again.talk) == 100


@pytest.mark.req("D5")
def test_presence_of_a_talk_that_comes_after_the_next_one_began_is_kept_and_charges_nobody():
    room = make_room()
    room.talk_until(50)
    room.beats(50, 65)
    late, room.untold = room.untold, []
    hang_up(room.talk, at_second=65)

    again = come_back(room, second=140)
    post(late, now=at(150))
    work(150)
    again.talk_until(150, start=140)

    assert (charged(room.talk), charged(again.talk)) == (0, 100)
    troubles = select(VideoEvent.trouble).where(VideoEvent.trouble.is_not(None))
    assert set(session.scalars(troubles)) == {f"late for talk {room.talk_id}"}
