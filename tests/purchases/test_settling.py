from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import session
from app.jobs import transaction
from app.points import lots
from app.points.models import Kind, PointLot
from app.purchases import orders
from app.purchases.models import NoticeState, Order, OrderState, PaymentNotice
from app.purchases.settling import Notice, Outcome, settle
from tests.factories import NOON, japan, make_guest

_number = count(1)


def make_order(guest, *, now=NOON):
    return orders.confirm(
        guest.id,
        points=1000,
        price_yen=1000,
        form_key=f"screen {next(_number)}",
        shown={},
        gateway="sandbox",
        back_to="/points",
        now=now,
    )


def notice(order, outcome=Outcome.PAID, *, key="", amount_yen=1000):
    return Notice(
        key=key or f"sandbox:{order.public_id}:{outcome}",
        order_public_id=order.public_id,
        amount_yen=amount_yen,
        outcome=outcome,
        body={},
    )


def points_of(guest):
    return lots.purse_of(guest.id, now=NOON).points


@pytest.mark.req("G4", "G47")
def test_a_paid_order_becomes_a_lot_that_holds_three_months():
    guest = make_guest()
    order = make_order(guest)

    assert settle(notice(order), now=NOON) is order

    [lot] = lots.lots_of(guest.id, now=NOON)
    assert (order.state, order.paid_at) == (OrderState.PAID, NOON)
    assert (lot.kind, lot.points, lot.price_yen) == (Kind.PAID, 1000, 1000)
    assert lot.expires_at == japan(2027, 2, 23)


def test_points_count_from_the_payment_and_not_from_the_order():
    guest = make_guest()
    order = make_order(guest, now=japan(2026, 11, 21))

    settle(notice(order), now=NOON)

    assert lots.lots_of(guest.id, now=NOON)[0].bought_at == NOON


def test_two_notices_of_one_payment_pay_once():
    guest = make_guest()
    order = make_order(guest)

    for key in ("", "", "sandbox:another"):
        settle(notice(order, key=key), now=NOON)

    assert points_of(guest) == 1000
    assert session.scalars(select(PaymentNotice.state).order_by(PaymentNotice.id)).all() == [
        NoticeState.SETTLED,
        NoticeState.REPEATED,
    ]


@pytest.mark.parametrize(
    ("first", "then", "ends", "kept_as"),
    [
        (Outcome.PENDING, Outcome.PAID, OrderState.PAID, NoticeState.SETTLED),
        (Outcome.PENDING, Outcome.FAILED, OrderState.FAILED, NoticeState.SETTLED),
        (Outcome.PAID, Outcome.PENDING, OrderState.PAID, NoticeState.REPEATED),
        (Outcome.PAID, Outcome.FAILED, OrderState.PAID, NoticeState.KEPT),
        (Outcome.FAILED, Outcome.PENDING, OrderState.FAILED, NoticeState.REPEATED),
        (Outcome.FAILED, Outcome.PAID, OrderState.PAID, NoticeState.SETTLED),
    ],
)
def test_notices_may_come_in_any_order(first, then, ends, kept_as):
    guest = make_guest()
    order = make_order(guest)

    settle(notice(order, first), now=NOON)
    settle(notice(order, then), now=NOON)

    second = select(PaymentNotice.state).order_by(PaymentNotice.id.desc()).limit(1)
    assert (order.state, session.scalar(second)) == (ends, kept_as)
    assert points_of(guest) == (1000 if ends is OrderState.PAID else 0)


def test_a_notice_of_another_amount_or_an_unknown_order_is_kept_for_the_operator():
    guest = make_guest()
    order = make_order(guest)

    assert settle(notice(order, amount_yen=1), now=NOON) is None
    unknown = Notice(
        key="sandbox:x", order_public_id="x", amount_yen=1000, outcome=Outcome.PAID, body={}
    )
    assert settle(unknown, now=NOON) is None

    assert set(session.scalars(select(PaymentNotice.state))) == {NoticeState.KEPT}
    assert (order.state, points_of(guest)) == (OrderState.CONFIRMED, 0)


@settings(max_examples=40)
@given(outcomes=st.lists(st.tuples(st.sampled_from(Outcome), st.integers(1, 3)), max_size=12))
def test_any_notices_in_any_order_pay_at_most_once(outcomes, undone):
    with undone():
        guest = make_guest()
        order = make_order(guest)

        for outcome, number in outcomes:
            settle(notice(order, outcome, key=f"sandbox:{outcome}:{number}"), now=NOON)
        session.flush()

        was_paid = any(outcome is Outcome.PAID for outcome, _ in outcomes)
        assert (order.state is OrderState.PAID) is was_paid
        assert points_of(guest) == (1000 if was_paid else 0)


@pytest.mark.committed
def test_the_same_notice_at_the_same_moment_pays_once(app):
    guest = make_guest()
    order_id = make_order(guest).id
    session.commit()

    def tell(number):
        with app.app_context(), transaction():
            order = session.get_one(Order, order_id)
            settle(notice(order, key=f"sandbox:{number % 2}"), now=NOON)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(tell, range(8)))

    assert [lot.points for lot in session.scalars(select(PointLot))] == [1000]
