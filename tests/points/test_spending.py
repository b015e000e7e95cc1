from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import session
from app.points import lots
from app.points.models import Kind, PointEntry, Reason
from app.points.spending import Wanted, spend_many
from tests.factories import NOON, give_points, japan, make_guest

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def spend(guest, points, *, key="talk:1:minute:1", now=NOON):
    """Spend for one guest; says whether it happened."""
    wanted = Wanted(guest.id, points, key.rpartition(":minute")[0], key)
    short = spend_many([wanted], reason=Reason.TALK_MINUTE, now=now)
    session.expire_all()
    return not short


def points_of(guest, now=NOON):
    return lots.purse_of(guest.id, now=now).points


@pytest.mark.req("D33")
def test_the_earliest_expiry_goes_first_then_free_then_older():
    guest = make_guest()
    late = give_points(guest, 100, expires_at=NOON + 9 * DAY)
    younger = give_points(guest, 100, expires_at=NOON + 5 * DAY)
    older = give_points(guest, 100, expires_at=NOON + 5 * DAY, now=NOON - DAY)
    free = give_points(guest, 100, kind=Kind.FREE, expires_at=NOON + 5 * DAY)
    first = give_points(guest, 100, expires_at=NOON + DAY)

    emptied = []
    for minute in range(5):
        spend(guest, 100, key=f"talk:1:minute:{minute}")
        emptied += [
            lot
            for lot in (first, free, older, younger, late)
            if lot.remaining == 0 and lot not in emptied
        ]

    assert emptied == [first, free, older, younger, late]


@pytest.mark.req("D33")
def test_a_spending_splits_over_lots_and_its_parts_are_named():
    guest = make_guest()
    for points in (30, 50, 500):
        give_points(guest, points, expires_at=NOON + points * HOUR)

    assert spend(guest, 100)

    spent = select(PointEntry.key, PointEntry.delta).where(PointEntry.delta < 0)
    assert session.execute(spent.order_by(PointEntry.key)).all() == [
        ("talk:1:minute:1", -30),
        ("talk:1:minute:1:part:2", -50),
        ("talk:1:minute:1:part:3", -20),
    ]


@pytest.mark.req("D7")
def test_who_cannot_pay_the_whole_keeps_everything():
    guest = make_guest(points=99)

    assert not spend(guest, 100)
    assert points_of(guest) == 99
    assert spend(guest, 99)
    assert points_of(guest) == 0


def test_a_key_spends_once():
    guest = make_guest(points=1000)

    assert spend(guest, 100) and spend(guest, 100)

    assert points_of(guest) == 900


def test_a_key_that_was_spent_with_the_last_points_is_still_paid():
    guest = make_guest(points=100)

    assert spend(guest, 100) and spend(guest, 100)


def test_many_guests_spend_at_once_and_each_for_itself():
    rich, poor, exact = make_guest(points=500), make_guest(points=99), make_guest(points=100)
    wanted = [
        Wanted(guest.id, 100, f"talk:{guest.id}", f"talk:{guest.id}:minute:1")
        for guest in (rich, poor, exact)
    ]

    assert spend_many(wanted, reason=Reason.TALK_MINUTE, now=NOON) == {poor.id}

    session.expire_all()
    assert [points_of(guest) for guest in (rich, poor, exact)] == [400, 99, 0]


@pytest.mark.req("G47", "D32", "D33")
def test_points_of_the_last_of_november_are_usable_to_the_last_second_of_february():
    """Scenario 8: they go first, to the last second, and are gone a second later."""
    guest = make_guest()
    old = give_points(guest, 1000, now=japan(2026, 11, 30, 21))
    give_points(guest, 1000, now=japan(2026, 12, 15))
    last_second = japan(2027, 2, 28, 23, 59, 59)

    assert spend(guest, 300, key="talk:1:minute:1", now=last_second)
    assert (old.remaining, points_of(guest, last_second)) == (700, 1700)
    assert points_of(guest, japan(2027, 3, 1)) == 1000
    assert not spend(guest, 1001, key="talk:1:minute:2", now=japan(2027, 3, 1))
