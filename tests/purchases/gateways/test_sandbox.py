import json

import pytest

from app import signatures
from app.errors import Refused
from app.purchases import orders
from app.purchases.gateways import GATEWAYS, sandbox
from app.purchases.settling import Outcome
from tests.factories import NOON, SECOND, make_guest

SECRET = "a secret of at least thirty-two letters"


@pytest.fixture
def order():
    made = orders.confirm(
        make_guest().id,
        points=500,
        price_yen=500,
        form_key="one screen",
        shown={},
        gateway="sandbox",
        back_to="/points",
        now=NOON,
    )
    assert sandbox.GATEWAY.begin(made) == f"/points/orders/{made.public_id}/card"
    return made


def told(now=NOON):
    return [json.loads(notice)["outcome"] for notice in sandbox.notices_due(now)]


def test_nothing_is_told_before_a_card_is_chosen(order):
    assert sandbox.awaits_card(order.public_id)
    assert told(NOON + 9 * sandbox.AGAIN_AFTER) == []


@pytest.mark.parametrize(
    ("card", "outcome"), [(sandbox.Card.GOOD, "paid"), (sandbox.Card.REFUSED, "failed")]
)
def test_a_card_decides_at_once(order, card, outcome):
    sandbox.choose_card(order.public_id, card, now=NOON)

    assert told() == [outcome]
    assert not sandbox.awaits_card(order.public_id)


def test_a_slow_bank_is_pending_first(order):
    sandbox.choose_card(order.public_id, sandbox.Card.SLOW, now=NOON)
    [pending] = sandbox.notices_due(NOON)
    sandbox.answered(pending, now=NOON)

    decided = NOON + sandbox.PENDING_TIME
    assert json.loads(pending)["outcome"] == "pending"
    assert told(decided - SECOND) == []
    assert told(decided) == ["paid"]


def test_a_notice_comes_again_until_it_is_answered(order):
    sandbox.choose_card(order.public_id, sandbox.Card.GOOD, now=NOON)
    [first] = sandbox.notices_due(NOON)
    again = NOON + sandbox.AGAIN_AFTER

    assert told() == []
    assert sandbox.notices_due(again) == [first]
    sandbox.answered(first, now=again)
    assert told(again + sandbox.AGAIN_AFTER) == []


def test_beginning_twice_and_choosing_twice_change_nothing(order):
    sandbox.choose_card(order.public_id, sandbox.Card.REFUSED, now=NOON)
    sandbox.GATEWAY.begin(order)
    sandbox.choose_card(order.public_id, sandbox.Card.GOOD, now=NOON)

    assert told() == ["failed"]


def test_what_it_sends_is_what_it_reads(order):
    sandbox.choose_card(order.public_id, sandbox.Card.GOOD, now=NOON)
    [body] = sandbox.notices_due(NOON)
    signature = signatures.sign(body, secret=SECRET, now=NOON)

    notice = GATEWAYS["sandbox"].read_notice(body, signature, secrets=[SECRET], now=NOON)

    assert (notice.order_public_id, notice.amount_yen) == (order.public_id, 500)
    assert notice.outcome is Outcome.PAID
    with pytest.raises(Refused):
        sandbox.GATEWAY.read_notice(body + b" ", signature, secrets=[SECRET], now=NOON)
