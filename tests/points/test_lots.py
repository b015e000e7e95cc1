from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.clock import JAPAN
from app.db import session
from app.points import lots
from app.points.models import Kind, Reason
from tests.factories import MINUTE, NOON, SECOND, give_points, japan, make_guest


@pytest.mark.req("G47", "D32", "D45")
@pytest.mark.parametrize(
    ("bought_at", "last_second"),
    [
        (japan(2026, 11, 30, 21), japan(2027, 2, 28, 23, 59, 59)),
        (japan(2027, 11, 30, 21), japan(2028, 2, 29, 23, 59, 59)),
        (japan(2026, 11, 22, 12), japan(2027, 2, 22, 23, 59, 59)),
        (japan(2026, 12, 31, 23, 59, 59), japan(2027, 3, 31, 23, 59, 59)),
        (japan(2026, 1, 31), japan(2026, 4, 30, 23, 59, 59)),
        (japan(2026, 10, 1), japan(2027, 1, 1, 23, 59, 59)),
    ],
)
def test_points_hold_to_the_end_of_the_same_day_three_months_on(bought_at, last_second):
    assert lots.expiry_of(bought_at).astimezone(JAPAN) - SECOND == last_second


@pytest.mark.req("G47", "D32", "D45")
def test_the_day_of_purchase_is_japans_and_not_that_of_utc():
    late_in_utc = japan(2026, 11, 23, 8, 59)  # still the 22nd in UTC

    assert lots.expiry_of(late_in_utc) == japan(2027, 2, 24)


def test_the_same_key_issues_one_lot():
    guest = make_guest()
    said = {
        "kind": Kind.FREE,
        "points": 100,
        "price_yen": 0,
        "expires_at": NOON + timedelta(days=30),
        "reason": Reason.GIFT,
        "about": "gift:1",
        "key": "gift:1",
        "now": NOON,
    }

    assert lots.issue(guest.id, **said) is lots.issue(guest.id, **said)
    assert lots.purse_of(guest.id, now=NOON).points == 100


@pytest.mark.req("D8")
def test_a_purse_holds_what_can_be_spent_and_what_goes_first():
    guest = make_guest()
    give_points(guest, 300, expires_at=NOON + timedelta(days=2))
    give_points(guest, 200, kind=Kind.FREE, expires_at=NOON + timedelta(days=2))
    give_points(guest, 500, expires_at=NOON + timedelta(days=9))
    give_points(guest, 900, expires_at=NOON, now=NOON - timedelta(days=9))
    give_points(make_guest(), 7)

    purse = lots.purse_of(guest.id, now=NOON)

    assert purse.points == 1000
    assert (purse.next_expiry_at, purse.next_expiry_points) == (NOON + timedelta(days=2), 500)
    assert lots.purse_of(make_guest().id, now=NOON).next_expiry_at is None


@pytest.mark.req("D32", "D34")
def test_no_paid_lot_lives_longer_than_six_months():
    with pytest.raises(IntegrityError), session.begin_nested():
        give_points(make_guest(), 100, expires_at=NOON + timedelta(days=200))


held = st.lists(
    st.tuples(st.integers(0, 900), st.integers(1, 1_000)), max_size=5, unique_by=lambda lot: lot[0]
)


@pytest.mark.req("D7")
@given(held, st.sampled_from([100, 150, 500]))
def test_a_purse_covers_as_many_payments_as_can_be_made_one_after_the_other(held, price):
    by_expiry = tuple((NOON + second * SECOND, points) for second, points in sorted(held))
    purse = lots.Purse(
        points=sum(points for _, points in by_expiry),
        next_expiry_at=None,
        next_expiry_points=0,
        by_expiry=by_expiry,
    )

    assert purse.payments(price, first_at=NOON, every=MINUTE) == paid_one_by_one(by_expiry, price)


def paid_one_by_one(by_expiry, price):
    """As the spending does it: what expires first goes first, what has expired is gone."""
    left, nth = [list(lot) for lot in by_expiry], 0
    while True:
        usable = [lot for lot in left if lot[0] > NOON + nth * MINUTE]
        if sum(points for _, points in usable) < price:
            return nth
        due = price
        for lot in usable:
            taken = min(due, lot[1])
            lot[1], due = lot[1] - taken, due - taken
        nth += 1
