from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.db import session
from app.errors import Refused
from app.jobs import transaction
from app.purchases import orders
from app.purchases.models import Order, OrderState
from tests.factories import NOON, make_guest

SHOWN = {"購入内容": "1,000 pt", "金額": "1,000円"}


def confirm(guest_id, *, form_key="one screen", **changes):
    said = {"points": 1000, "price_yen": 1000, "gateway": "sandbox", "back_to": "/points"}
    return orders.confirm(guest_id, form_key=form_key, shown=SHOWN, now=NOON, **{**said, **changes})


def test_an_order_keeps_what_the_screen_said():
    guest = make_guest()

    order = confirm(guest.id, back_to="/casts/abc/entry")

    assert (order.points, order.price_yen, order.shown) == (1000, 1000, SHOWN)
    assert (order.state, order.back_to) == (OrderState.CONFIRMED, "/casts/abc/entry")
    assert orders.undecided_of(guest.id) == [order]


def test_one_screen_is_one_order():
    guest = make_guest()

    assert confirm(guest.id) is confirm(guest.id)
    assert confirm(guest.id, form_key="another") is not confirm(guest.id)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"points": 999, "price_yen": 999}, "no_such_pack"),
        ({"points": -500, "price_yen": -500}, "no_such_pack"),
        ({"price_yen": 1}, "start_again"),
    ],
)
def test_only_what_is_sold_at_its_price(changes, code):
    with pytest.raises(Refused) as refusal:
        confirm(make_guest().id, **changes)

    assert refusal.value.codes == {code}


def test_a_screen_belongs_to_its_guest():
    confirm(make_guest().id)

    with pytest.raises(Refused):
        confirm(make_guest().id)


def test_to_everyone_else_an_order_does_not_exist():
    guest, other = make_guest(), make_guest()
    order = confirm(guest.id)

    assert orders.find(order.public_id, guest_id=guest.id) is order
    assert orders.find(order.public_id, guest_id=other.id) is None
    assert orders.by_id([order.id], guest_id=other.id) == {}
    assert orders.orders_of(other.id) == []


@pytest.mark.committed
def test_a_button_pressed_eight_times_at_once_makes_one_order(app):
    guest_id = make_guest().id
    session.commit()

    def press(_number):
        with app.app_context(), transaction():
            return confirm(guest_id).id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(press, range(8)))) == 1
    assert session.scalar(select(func.count()).select_from(Order)) == 1
