from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import policy
from app.db import session
from app.points import checks, expiry, lots
from app.points.models import Kind, PointEntry, PointLot, Reason
from app.points.returning import give_back
from app.points.spending import Wanted, spend_many
from tests.factories import NOON, SECOND, give_points, japan, make_guest

DAY = timedelta(days=1)


def spend(guest, points, *, key="talk:1:minute:1", now=NOON):
    wanted = Wanted(guest.id, points, key.rpartition(":minute")[0], key)
    return not spend_many([wanted], reason=Reason.TALK_MINUTE, now=now)


def back(key="talk:1:minute:1", *, now=NOON):
    given_back = give_back(key, reason=Reason.MINUTE_RETURNED, key=f"{key}:return", now=now)
    session.flush()
    session.expire_all()
    return given_back


def points_of(guest, now=NOON):
    return lots.purse_of(guest.id, now=now).points


@pytest.mark.req("D34")
def test_points_go_back_into_the_lots_that_they_came_from():
    guest = make_guest()
    some = [give_points(guest, 60, expires_at=NOON + days * DAY) for days in (10, 20)]
    spend(guest, 100)

    assert back() == 100

    assert [lot.remaining for lot in some] == [60, 60]


@pytest.mark.req("D34")
def test_a_spending_is_returned_once():
    guest = make_guest(points=100)
    spend(guest, 100)

    assert (back(), back()) == (100, 0)
    assert points_of(guest) == 100


def test_minute_1_is_not_minute_10():
    guest = make_guest(points=1000)
    for minute in (1, 10, 11):
        spend(guest, 100, key=f"talk:1:minute:{minute}")

    assert back("talk:1:minute:1") == 100
    assert points_of(guest) == 800


@pytest.mark.req("D34")
@pytest.mark.parametrize(
    ("left", "compensated"),
    [(policy.RETURN_NEEDS, False), (policy.RETURN_NEEDS - SECOND, True), (-DAY, True)],
)
def test_a_lot_with_too_little_time_left_takes_nothing_back(left, compensated):
    guest = make_guest()
    lot = give_points(guest, 100, expires_at=NOON + 30 * DAY)
    spend(guest, 100)
    now = lot.expires_at - left

    assert back(now=now) == 100

    assert lot.remaining == (0 if compensated else 100)
    [held] = lots.lots_of(guest.id, now=now)
    if compensated:
        assert (held.kind, held.points, held.price_yen) == (Kind.FREE, 100, 0)
        assert held.expires_at == now + policy.COMPENSATION


@pytest.mark.req("D34")
def test_scenario_8_a_returned_point_goes_back_to_its_lot():
    guest = make_guest()
    old = give_points(guest, 1000, now=japan(2026, 11, 30, 21))
    give_points(guest, 1000, now=japan(2026, 12, 15))
    now = japan(2027, 2, 20)
    spend(guest, 300, now=now)

    back(now=now)

    assert old.remaining == 1000


def test_what_was_never_spent_cannot_come_back():
    with pytest.raises(AssertionError):
        back("talk:99:minute:1")


acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("issue"),
            st.sampled_from(list(Kind)),
            st.integers(1, 500),
            st.integers(1, 60),
        ),
        st.tuples(st.just("spend"), st.integers(0, 5), st.integers(1, 400)),
        st.tuples(st.just("back"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 40)),
        st.tuples(st.just("expire")),
    ),
    max_size=25,
)


@pytest.mark.req("D7", "D33", "D34")
@settings(max_examples=60)
@given(acts=acts)
def test_any_run_of_issues_spendings_returns_and_expiries_keeps_the_books(acts, undone):
    with undone():
        guest, now = make_guest(), NOON
        for act in acts:
            match act:
                case ("issue", kind, points, days):
                    give_points(guest, points, kind=kind, expires_at=now + days * DAY, now=now)
                case ("spend", minute, points):
                    before = points_of(guest, now)
                    known = _was_spent(minute)
                    paid = spend(guest, points, key=f"talk:1:minute:{minute}", now=now)
                    assert paid is (known or before >= points)
                    assert points_of(guest, now) == before - (points if paid and not known else 0)
                case ("back", minute) if _was_spent(minute):
                    back(f"talk:1:minute:{minute}", now=now)
                case ("wait", days):
                    now += days * DAY
                case ("expire",):
                    expiry.expire_due(now)
            session.flush()
            assert checks.problems() == []
            assert (session.scalar(select(func.min(PointLot.remaining))) or 0) >= 0
            assert _sum_of(Reason.MINUTE_RETURNED) <= -_sum_of(Reason.TALK_MINUTE)


def _was_spent(minute):
    key = f"talk:1:minute:{minute}"
    return session.scalar(select(PointEntry.id).where(PointEntry.key == key)) is not None


def _sum_of(reason):
    summed = select(func.coalesce(func.sum(PointEntry.delta), 0))
    return session.scalar(summed.where(PointEntry.reason == reason))
