"""What a cast earns, as it is read from talks and settlements."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.db import session
from app.payouts import earnings, ledger
from app.payouts.earnings import EARNED
from app.talks import draining
from app.talks.models import EndedBy
from tests import evidence, factories, reservations, wages
from tests.factories import NOON


def earned(cast):
    wanted = select(EARNED).where(EARNED.c.cast_id == cast.account_id)
    return session.execute(wanted.order_by(EARNED.c.served_at)).all()


@pytest.mark.req("C60")
def test_nothing_is_earned_while_a_talk_runs():
    cast = factories.make_cast()
    factories.make_talk(cast=cast, now=NOON)

    assert earned(cast) == []


@pytest.mark.req("C60")
def test_a_walk_in_earns_its_charged_minutes():
    cast = factories.make_cast()
    talk = wages.talk_for(cast, minutes=2)

    (line,) = earned(cast)

    assert (line.talk_id, line.units, line.yen, line.claimed_yen) == (talk.id, 2, 100, 0)
    assert (line.on_hold, line.outcome) == (False, "")


@pytest.mark.req("C55", "C60")
def test_evidence_that_is_just_being_read_comes_before_any_claim():
    """A worker began to read what came just in time; until it has written that, nothing is claimed."""
    room = evidence.make_room()
    room.talk_until(115)
    evidence.hang_up(room.talk, by=EndedBy.GUEST, at_second=190)
    ended_at = evidence.at(190)
    room.beats(115, 185)
    told, room.untold = room.untold, []
    evidence.post(told, now=ended_at)
    just_in_time = ended_at + policy.LATE_EVIDENCE
    moment_after = just_in_time + timedelta(seconds=2)

    claimable = ledger.claimable(room.talk.cast_id, now=moment_after)
    draining.drain(just_in_time)

    assert claimable == []
    assert room.talk.minutes_kept == 3
    later = just_in_time + policy.EVIDENCE_READ
    (line,) = ledger.claimable(room.talk.cast_id, now=later)
    assert line.yen == room.talk.earned_yen


@pytest.mark.req("G14", "C60")
def test_a_talk_within_the_free_minute_is_there_and_earns_nothing():
    cast = factories.make_cast()
    wages.talk_for(cast, minutes=0)

    (line,) = earned(cast)

    assert (line.units, line.yen) == (0, 0)


@pytest.mark.req("D19")
def test_a_reservation_earns_as_it_was_settled():
    booking = reservations.make_booking()
    reservations.attend(booking, cast=[(5, 170)])
    reservations.settle(booking)

    wanted = select(EARNED).where(EARNED.c.cast_id == booking.cast_id)
    line = session.execute(wanted).one()

    assert (line.booking_id, line.units, line.yen) == (booking.id, 1, booking.reward_yen)
    assert line.outcome == "guest_absent"


def test_a_talk_that_was_set_aside_waits_until_its_fault_is_mended():
    cast = factories.make_cast()
    talk = wages.talk_for(cast, minutes=2)
    talk.fault = "its events could not be read"
    session.flush()
    payable = select(EARNED.c.talk_id).where(*earnings.payable(NOON + timedelta(days=1)))

    assert session.scalars(payable).all() == []

    talk.fault = None
    session.flush()
    assert session.scalars(payable).all() == [talk.id]


def test_a_walk_in_is_final_once_no_late_evidence_can_change_it():
    cast = factories.make_cast()
    talk = wages.talk_for(cast, minutes=2)
    final_at = talk.ended_at + policy.LATE_EVIDENCE + policy.EVIDENCE_READ
    payable = [
        session.scalars(select(EARNED.c.talk_id).where(*earnings.payable(moment))).all()
        for moment in (final_at - factories.SECOND, final_at)
    ]

    assert payable == [[], [talk.id]]
