"""How a walk-in gives way to a reservation (D11)."""

from datetime import timedelta

import pytest

from app import policy
from app.bookings import cancelling
from app.bookings import jobs as booking_jobs
from app.casts import standby
from app.casts.models import Cast, State
from app.db import session
from app.errors import Refused
from app.talks import bounds, doorway, endings, entering
from app.talks.models import EndedBy, TalkState
from app.video import rooms
from tests.evidence import BOTH, Room, at, charged
from tests.factories import MINUTE, NOON, SECOND, make_cast, make_guest, make_talk, ring
from tests.reservations import START, make_booking

GAP = policy.WALK_IN_GAP
HOUR = timedelta(hours=1)


def closes_at(talk):
    return rooms.find_room(talk.room).closes_at


@pytest.mark.req("D11")
def test_a_walk_in_lasts_until_two_minutes_before_the_casts_next_reservation():
    cast, guest = make_cast(), make_guest(points=100_000)
    make_booking(cast=cast)

    door = doorway.doorway_of(guest, cast, now=NOON)
    talk = make_talk(guest, cast)

    assert (door.lasts_until, door.ends_by) == (START - GAP, START - GAP)
    assert door.lasts_minutes == 58
    assert talk.ends_by == closes_at(talk) == START - GAP


@pytest.mark.req("D11")
def test_so_it_does_before_the_guests_own():
    guest = make_guest(points=100_000)
    make_booking(guest=guest)

    talk = make_talk(guest, make_cast())

    assert talk.ends_by == START - GAP


def test_points_that_end_sooner_are_what_counts():
    cast, guest = make_cast(), make_guest(points=500)
    make_booking(cast=cast)

    door = doorway.doorway_of(guest, cast, now=NOON)

    assert (door.lasts, door.ends_by) == (6 * MINUTE, None)


@pytest.mark.req("D11", "D10")
def test_with_less_than_three_minutes_nobody_enters_to_the_second():
    cast, guest = make_cast(), make_guest(points=5000)
    make_booking(cast=cast)
    last = START - GAP - policy.WALK_IN_LEAST
    standby.begin(cast.account_id, now=last)
    standby.beat(cast.account_id, now=last)

    with pytest.raises(Refused) as refusal, session.begin_nested():
        ring(guest, cast, now=last + SECOND)
    assert refusal.value.codes == {"soon_reserved"}
    assert ring(guest, cast, now=last)


@pytest.mark.req("D11")
def test_a_guest_with_a_reservation_of_their_own_is_told_which_to_the_second():
    guest, other = make_guest(points=5000), make_cast()
    make_booking(guest=guest)
    last = START - GAP - policy.WALK_IN_LEAST
    standby.begin(other.account_id, now=last)
    standby.beat(other.account_id, now=last)

    with pytest.raises(Refused) as refusal, session.begin_nested():
        ring(guest, other, now=last + SECOND)
    assert refusal.value.codes == {"own_booking"}
    assert ring(guest, other, now=last)


@pytest.mark.req("D11")
def test_a_reservation_made_meanwhile_bounds_the_running_talk_and_one_cancelled_frees_it():
    cast, guest = make_cast(), make_guest(points=100_000)
    talk = make_talk(guest, cast)
    assert talk.ends_by is None

    booking = make_booking(cast=cast, start=NOON + 13 * HOUR)
    bounds.bind_due(NOON)
    assert talk.ends_by == closes_at(talk) == booking.starts_at - GAP
    assert bounds.bind_due(NOON) == 0

    cancelling.by_guest(booking.id, accepts_loss=False, now=NOON)
    bounds.bind_due(NOON)
    assert talk.ends_by is None
    assert closes_at(talk) > booking.starts_at


@pytest.mark.req("D11", "D4")
def test_the_hard_end_is_to_the_second_and_returns_the_minute_it_cuts():
    cast, guest = make_cast(), make_guest(points=100_000)
    make_booking(cast=cast, start=NOON + 18 * MINUTE)
    room = Room(make_talk(guest, cast, now=NOON))
    end = 16 * 60
    room.join(*BOTH, at=30)
    room.beats(30, end)
    room.tell()

    endings.end_due(at(end - 0.1))
    assert room.talk.state is TalkState.RUNNING
    endings.end_due(at(end))

    talk = room.talk
    assert (talk.ended_by, talk.ended_at) == (EndedBy.NEXT_RESERVATION, at(end))
    # Together for 15:30, the first minute free: 14 whole ones.
    assert charged(talk) == 1400


def test_who_left_before_has_left_before():
    cast, guest = make_cast(), make_guest(points=100_000)
    make_booking(cast=cast, start=NOON + 18 * MINUTE)
    room = Room(make_talk(guest, cast))
    end = 16 * 60
    room.join(*BOTH, at=0)
    room.beats(0, end - 20)
    for party in BOTH:
        room.leave(party, at=end - 15)
    room.tell(now=end - 15)

    endings.end_due(at(end))

    assert room.talk.ended_at == at(end - 15)


@pytest.mark.req("D10")
def test_who_stands_by_is_shown_as_booked_soon_and_then_online_again(queue, at):
    cast, other = make_cast(), make_cast()
    booking = make_booking(cast=cast)

    def states(moment):
        for each in (cast, other):
            standby.beat(each.account_id, now=moment)
        at(moment)
        queue.do(booking_jobs.mark_soon)
        found = [session.get_one(Cast, each.account_id) for each in (cast, other)]
        return [each.state for each in found]

    soon = START - policy.SOON_RESERVED
    assert states(soon - SECOND) == [State.ONLINE, State.ONLINE]
    assert states(soon) == [State.SOON_RESERVED, State.ONLINE]
    assert states(booking.ends_at - SECOND) == [State.SOON_RESERVED, State.ONLINE]
    assert states(booking.ends_at) == [State.ONLINE, State.ONLINE]


def test_who_is_booked_soon_and_silent_goes_offline():
    cast = make_cast()
    standby.set_soon([cast.account_id])

    standby.turn_due(NOON + policy.STANDBY_TTL + SECOND)

    session.refresh(cast)
    assert cast.state is State.OFFLINE


def test_an_offline_cast_stays_offline():
    cast = make_cast(online=False)

    assert standby.set_soon([cast.account_id]) == 0
    assert entering.live_talk_of_cast(cast.account_id) is None
