"""Leaving and beginning at the same instant, over real connections: one of the two, never both."""

import pytest
from sqlalchemy import func, select

from app import leaving
from app.bookings import openings, reserving
from app.bookings.models import Booking, OpeningCall
from app.casts import favourites
from app.casts.models import Favourite
from app.db import session
from app.errors import Refused
from app.people.models import Account
from app.points.models import PointLot
from app.purchases import orders
from app.purchases.models import Order
from app.talks import entering
from app.talks.models import Talk
from tests.factories import NOON, make_cast, make_guest, new_key, publish
from tests.reservations import START

pytestmark = pytest.mark.committed
ROUNDS = 6
POINTS = 500


def leaver(guest_id):
    return lambda: leaving.leave(guest_id, points_seen=POINTS, accepts_loss=True, now=NOON)


def enterer(guest_id, cast_id):
    def enter():
        guest = session.get_one(Account, guest_id)
        return entering.ask(guest, cast_id, price_points=100, now=NOON).id

    return enter


def booker(guest_id, cast_id):
    return lambda: reserving.reserve(
        guest_id,
        cast_id,
        starts_at=START,
        slots=1,
        price_points=300,
        form_key=new_key(),
        shown={},
        now=NOON,
    )


def orderer(guest_id, _cast_id):
    return lambda: (
        orders.confirm(
            guest_id,
            points=500,
            price_yen=500,
            form_key=new_key(),
            shown={},
            gateway="sandbox",
            back_to="/points",
            now=NOON,
        ).id
    )


@pytest.mark.req("D35")
@pytest.mark.parametrize(
    ("begin", "model"),
    [(enterer, Talk), (booker, Booking), (orderer, Order)],
    ids=["entering", "booking", "ordering"],
)
def test_of_leaving_and_beginning_one_wins_and_the_other_is_told_why(at_once, begin, model):
    for _ in range(ROUNDS):
        guest, cast = make_guest(points=POINTS), make_cast()
        publish(cast, START)
        guest_id, cast_id = guest.id, cast.account_id

        left, begun = at_once(leaver(guest_id), begin(guest_id, cast_id))

        assert isinstance(left, Refused) != isinstance(begun, Refused)
        assert_whole(guest_id, model, has_left=not isinstance(left, Refused))


def assert_whole(guest_id, model, *, has_left):
    """All of the one happened, and nothing of the other."""
    account = session.get_one(Account, guest_id, populate_existing=True)
    held = select(func.sum(PointLot.remaining)).filter_by(guest_id=guest_id)
    begun = select(func.count()).select_from(model).filter_by(guest_id=guest_id)
    assert (account.closed_at is not None) == has_left
    assert session.scalar(begun) == (0 if has_left else 1)
    if has_left:
        assert session.scalar(held) == 0


@pytest.mark.req("D35")
def test_leaving_pressed_twice_at_once_leaves_once(at_once):
    guest_id = make_guest(points=POINTS).id

    outcomes = at_once(*[leaver(guest_id)] * 4)

    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert [each for each in outcomes if not isinstance(each, Refused)] == [POINTS]
    assert all(each.codes == {"closed"} for each in refused)


def test_no_favourite_and_no_wish_outlives_its_guest(at_once):
    for _ in range(ROUNDS):
        guest, cast = make_guest(points=POINTS), make_cast()
        start = START.replace(day=START.day + 2)
        publish(cast, start)
        guest_id, cast_id = guest.id, cast.account_id

        at_once(
            leaver(guest_id),
            lambda: favourites.add(guest_id, cast_id, now=NOON),  # noqa: B023 - runs at once
            lambda: openings.ask(guest_id, cast_id, starts_at=start, now=NOON),  # noqa: B023
        )

        for model in (Favourite, OpeningCall):
            assert session.scalars(select(model).filter_by(guest_id=guest_id)).all() == []
