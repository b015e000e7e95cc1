from datetime import timedelta

import pytest

from app.bookings import cancelling
from app.casts import standby
from app.casts.models import Cast, State
from app.db import session
from app.errors import Refused
from app.people.models import Account
from app.talks import endings, history, replay, reserved, settling
from app.talks.models import EndedBy, Talk, TalkState
from app.video import rooms
from tests.evidence import BOTH, CAST, GUEST, Room, drain, post, work
from tests.factories import MINUTE, NOON, make_cast, make_guest, make_talk, ring
from tests.reservations import START, attend, make_booking, moment


def enter(booking, seconds=0):
    return reserved.enter(booking.id, now=moment(booking, seconds))


def codes(booking, seconds):
    with pytest.raises(Refused) as refusal, session.begin_nested():
        enter(booking, seconds)
    return refusal.value.codes


def state_of(booking):
    return session.get_one(Cast, booking.cast_id, populate_existing=True).state


@pytest.mark.req("C44", "G33")
def test_the_room_opens_at_the_start_to_the_second():
    booking = make_booking()

    assert codes(booking, -1) == {"too_early"}
    talk = enter(booking, 0)

    assert (talk.state, talk.booking_id) == (TalkState.RUNNING, booking.id)


@pytest.mark.req("C46", "G34")
def test_the_room_closes_30_seconds_before_the_end_to_the_second_also_for_who_comes_late():
    booking = make_booking()
    last = 180 - 30

    talk = enter(booking, last - 1)

    assert talk.ends_by == moment(booking, last)
    assert rooms.find_room(talk.room).closes_at == moment(booking, last)
    assert codes(make_booking(start=START + 30 * MINUTE), last) == {"over"}


@pytest.mark.req("G34", "C46")
def test_the_server_ends_it_at_the_fixed_moment_whoever_is_still_there():
    booking = make_booking()
    room = Room(enter(booking))
    offset = 3600
    room.join(*BOTH, at=offset)
    room.beats(offset, offset + 149)
    room.tell()

    endings.end_due(moment(booking, 149.9))
    assert room.talk.state is TalkState.RUNNING
    endings.end_due(moment(booking, 150))

    talk = room.talk
    assert (talk.state, talk.ended_by) == (TalkState.ENDED, EndedBy.TIME)
    assert talk.ended_at == moment(booking, 150)
    assert rooms.find_room(talk.room).closed_because == "time"


def test_unread_events_do_not_hold_up_the_end():
    booking = make_booking()
    room = Room(enter(booking))
    room.join(*BOTH, at=3600)
    told, room.untold = room.untold, []
    post(told, now=moment(booking, 1))

    endings.end_due(moment(booking, 150))

    assert room.talk.ended_by is EndedBy.TIME


def test_who_enters_again_comes_into_the_same_room():
    booking = make_booking()

    first, second = enter(booking, 0), enter(booking, 60)

    assert first.id == second.id
    assert session.query(Talk).count() == 1


@pytest.mark.req("G34")
def test_leaving_is_no_ending_and_neither_is_silence():
    booking = make_booking(slots=5)
    room = Room(enter(booking))
    room.join(*BOTH, at=3600)
    room.beats(3600, 3660)
    room.leave(GUEST, at=3661)
    room.leave(CAST, at=3662)
    room.tell()

    work(3600 + 500)

    assert room.talk.state is TalkState.RUNNING


@pytest.mark.req("G26", "D15")
def test_a_reserved_talk_charges_no_minutes():
    booking = make_booking(slots=3, points=900)

    room = attend(booking, guest=[(0, 540)], cast=[(0, 540)])

    talk = room.talk
    assert (talk.minutes_charged, talk.minutes_waived, talk.points_kept) == (0, 0, 0)
    assert replay.replay(talk).difference == 0
    assert history.page(session.get_one(Account, booking.guest_id)) == []  # of talks at once


def test_a_cancelled_booking_opens_no_room():
    booking = make_booking(start=NOON + timedelta(hours=20))
    cancelling.by_guest(booking.id, accepts_loss=False, now=NOON)

    assert codes(booking, 0) == {"cancelled"}


def test_a_talk_that_the_office_ended_stays_ended():
    booking = make_booking()
    talk = enter(booking, 0)
    endings.end(talk.id, by=EndedBy.OPERATOR, now=moment(booking, 60))

    assert codes(booking, 61) == {"ended"}


@pytest.mark.req("D10")
@pytest.mark.parametrize(("online", "afterwards"), [(True, State.WRAP_UP), (False, State.OFFLINE)])
def test_the_cast_is_in_a_talk_meanwhile_and_then_where_they_were(online, afterwards):
    booking = make_booking(cast=make_cast(online=online))

    enter(booking, 0)
    assert state_of(booking) is State.IN_TALK
    standby.beat(booking.cast_id, now=moment(booking, 100))
    endings.end_due(moment(booking, 150))

    assert state_of(booking) is afterwards


@pytest.mark.req("D10")
def test_who_was_taken_offline_for_their_silence_is_offline_after_the_talk():
    cast = make_cast()
    booking = make_booking(cast=cast)
    standby.turn_due(moment(booking, -60))  # nothing was heard since noon
    session.expire_all()
    assert state_of(booking) is State.OFFLINE

    enter(booking, 0)
    endings.end_due(moment(booking, 150))

    assert state_of(booking) is State.OFFLINE


@pytest.mark.req("D11")
def test_a_walk_in_that_stands_in_the_way_is_ended_even_if_no_worker_did():
    guest, cast = make_guest(points=5000), make_cast()
    walk_in = make_talk(make_guest(points=5000), cast)
    booking = make_booking(guest=guest, cast=cast)

    talk = enter(booking, 0)

    session.refresh(walk_in)
    assert (walk_in.state, walk_in.ended_by) == (TalkState.ENDED, EndedBy.NEXT_RESERVATION)
    assert talk.state is TalkState.RUNNING


def test_a_ring_that_stands_in_the_way_is_withdrawn():
    cast = make_cast()
    waiting = ring(make_guest(points=5000), cast)
    booking = make_booking(cast=cast)

    enter(booking, 0)

    session.refresh(waiting)
    assert waiting.state is TalkState.WITHDRAWN


def test_presence_told_late_is_kept_until_the_settlement():
    """Prosody was cut off: what it tells nine minutes after the end still counts."""
    booking = make_booking()
    talk = enter(booking, 0)
    room = Room(talk)
    endings.end_due(moment(booking, 150))
    room.join(*BOTH, at=3600)
    room.beats(3600, 3749)

    room.tell(now=3600 + 150 + 590)
    drain(3600 + 150 + 590)

    assert settling.judge(booking).outcome == "completed"
