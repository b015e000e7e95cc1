"""Blocking: what it hides both ways, what it refuses, and what it leaves alone."""

from datetime import timedelta

import pytest

from app.bookings import openings, reserving
from app.bookings.models import BookingState
from app.casts import profiles, search, standby
from app.casts.search import Search
from app.db import session
from app.errors import Refused
from app.messages import thread
from app.people import blocks
from app.people.models import Account
from app.talks import entering
from app.talks.models import TalkState
from tests.evidence import CAST, GUEST
from tests.factories import (
    NOON,
    book,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    publish,
    ring,
)

HOUR = timedelta(hours=1)
BOTH_WAYS = pytest.mark.parametrize("blocker", ["guest", "cast"])


@pytest.fixture
def guest():
    return make_guest(points=10_000)


@pytest.fixture
def cast():
    return make_cast(name="千景")


def person(cast):
    return session.get(Account, cast.account_id)


def block(guest, cast, blocker):
    pair = (guest, person(cast)) if blocker == "guest" else (person(cast), guest)
    blocks.block(*pair, now=NOON)


@BOTH_WAYS
def test_list_search_states_and_page_vanish_both_ways(guest, cast, blocker):
    other = make_cast(name="別の人")
    block(guest, cast, blocker)

    def names(reader, **wanted):
        return {each.name for each in search.find(Search(**wanted), reader_id=reader).casts}

    assert names(guest.id) == names(guest.id, ready=True) == {"別の人"}
    assert names(guest.id, words="千景") == set()
    assert names(None) == names(make_guest().id) == {"千景", "別の人"}
    asked = [cast.public_id, other.public_id]
    assert set(standby.states_of(asked, reader_id=guest.id)) == {other.public_id}
    assert set(standby.states_of(asked)) == set(asked)
    assert profiles.find_for(cast.public_id, guest) is None
    assert profiles.find_for(cast.public_id, None) is cast
    assert profiles.find_for(cast.public_id, person(cast)) is cast


@BOTH_WAYS
def test_no_ring_no_booking_no_call_and_no_word(guest, cast, blocker):
    publish(cast, NOON + 2 * HOUR)
    publish(cast, NOON + 30 * HOUR)
    booking = book(guest, cast, NOON + 2 * HOUR)
    block(guest, cast, blocker)

    with pytest.raises(Refused) as ringing:
        ring(guest, cast)
    with pytest.raises(Refused) as reserved:
        book(guest, cast, NOON + 2 * HOUR + timedelta(minutes=6))
    with pytest.raises(Refused) as asking:
        openings.ask(guest.id, cast.account_id, starts_at=NOON + 30 * HOUR, now=NOON)
    for refused in (ringing, reserved, asking):
        assert refused.value.codes == {"cannot_meet"}
    for party in (GUEST, CAST):
        with pytest.raises(Refused):
            thread.write(booking.id, by=party, words="あの", knows_warning=False, now=NOON)
    assert reserving.get(booking.id).state is BookingState.CONFIRMED


@BOTH_WAYS
def test_who_asked_before_hears_of_no_opening(guest, cast, blocker):
    publish(cast, NOON + 30 * HOUR, slots=1)
    openings.ask(guest.id, cast.account_id, starts_at=NOON + 30 * HOUR, now=NOON)
    block(guest, cast, blocker)

    assert openings.take_due(NOON + 7 * HOUR) == []


def test_a_running_talk_goes_on(guest, cast):
    talk = make_talk(guest, cast)

    block(guest, cast, "guest")

    session.refresh(talk)
    assert talk.state is TalkState.RUNNING


def test_taking_it_back_leaves_the_others_block(guest, cast):
    for blocker in ("guest", "cast", "cast"):
        block(guest, cast, blocker)
    (mine,) = blocks.of_account(person(cast))
    assert blocks.against([guest.id]) == {guest.id: 1}

    assert blocks.unblock(mine[0].public_id, by=guest, now=NOON) is None
    assert blocks.unblock(mine[0].public_id, by=person(cast), now=NOON) is guest
    assert blocks.unblock(mine[0].public_id, by=person(cast), now=NOON) is None

    assert blocks.stand_between(guest.id, cast.account_id)
    (mine,) = blocks.of_account(guest)
    blocks.unblock(mine[0].public_id, by=guest, now=NOON)
    assert entering.why_not_enter(guest, cast, points=10_000, now=NOON) == []


def test_guests_block_casts_and_casts_guests_and_nobody_else(guest, cast):
    for pair in [(guest, make_guest()), (guest, make_operator()), (guest, guest)]:
        with pytest.raises(Refused):
            blocks.block(*pair, now=NOON)
    with pytest.raises(Refused):
        blocks.block(person(cast), person(make_cast()), now=NOON)


@pytest.mark.committed
def test_both_block_at_once(at_once):
    guest, cast = make_guest(), make_cast()
    ids = [(guest.id, cast.account_id), (cast.account_id, guest.id)] * 2

    def press(one, other):
        return lambda: blocks.block(
            session.get_one(Account, one), session.get_one(Account, other), now=NOON
        )

    assert at_once(*[press(*each) for each in ids]) == [None] * 4

    assert len(session.scalars(blocks.select(blocks.Block)).all()) == 2
