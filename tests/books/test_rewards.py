"""Rewards: earned and borne on one side, where the yen stand on the other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.books import checks, months, rewards
from app.books.rewards import RewardBalance
from app.cases.models import Case, CaseKind
from app.db import session
from tests import paying, reservations, wages
from tests.books import payments
from tests.factories import NOON, japan, make_cast

LATER = NOON + timedelta(hours=1)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
NOTHING = {
    **dict.fromkeys(("earned", "borne", "pending", "on_hold", "payable"), 0),
    **dict.fromkeys(("claimed", "in_payout", "paid"), 0),
}


def balance(now=LATER, **until):
    return rewards.balance(now=now, **until)


def stands(**yen):
    return RewardBalance(**NOTHING | yen)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def talk(cast):
    """Three charged minutes at 50 yen."""
    return wages.talk_for(cast, minutes=3)


@pytest.mark.req("D26")
def test_a_reward_goes_from_pending_to_paid(cast, talk):
    assert balance(now=talk.ended_at) == stands(earned=150, pending=150)
    assert balance() == stands(earned=150, payable=150)
    claim = payments.claim_all(cast)
    assert balance() == stands(earned=150, claimed=150)
    payout = payments.pay_out(claim)
    assert balance() == stands(earned=150, in_payout=150)
    payments.mark_paid(payout)
    assert balance() == stands(earned=150, paid=150)


def test_a_payout_that_came_back_is_claimed_again(cast, talk):
    payout = payments.pay_out(payments.claim_all(cast))
    payments.mark_paid(payout)
    paying.give_back(payout, now=japan(2026, 12, 2, 9, 0))

    assert balance() == stands(earned=150, claimed=150)


@pytest.mark.req("D19")
def test_what_is_in_dispute_is_on_hold():
    booking = reservations.make_booking()
    reservations.attend(booking, guest=[(5, 170)], cast=[(5, 170)])
    reservations.settle(booking)
    case = Case(booking_id=booking.id, kind=CaseKind.EMERGENCY, words="", opened_at=booking.ends_at)
    session.add(case)
    session.flush()

    found = balance(now=booking.ends_at + timedelta(days=1))

    assert found == stands(earned=booking.reward_yen, on_hold=booking.reward_yen)


@pytest.mark.req("C60")
def test_what_goes_back_after_the_claim_is_borne_by_the_house(cast, talk):
    payments.claim_all(cast)
    undone = session.begin_nested()
    session.execute(text("UPDATE talk SET minutes_returned = 1 WHERE id = :id"), {"id": talk.id})

    assert balance() == stands(earned=100, borne=50, claimed=150)
    assert rewards.by_month()[NOVEMBER] == {"rewards_yen": 150}
    undone.rollback()


def test_a_claimed_reservation_that_then_earns_nothing_is_borne_whole():
    booking = reservations.make_booking()
    reservations.attend(booking, guest=[(5, 170)], cast=[(5, 170)])
    reservations.settle(booking)
    cast = session.get_one(type(make_cast()), booking.cast_id)
    yen = booking.reward_yen
    payments.claim_all(cast)
    undone = session.begin_nested()
    session.execute(text("UPDATE settlement SET earned_yen = 0, outcome = 'guest_cancelled_late'"))

    assert balance(now=booking.ends_at + timedelta(days=1)) == stands(borne=yen, claimed=yen)
    undone.rollback()


def test_until_a_day_only_talks_served_before_it_count(cast, talk):
    wages.talk_for(cast, minutes=2, now=NOON + timedelta(days=1))
    later = NOON + timedelta(days=2)

    assert balance(now=later).earned == 250
    assert balance(now=later, until=japan(2026, 11, 23, 0, 0)) == stands(earned=150, payable=150)


def test_a_talk_claimed_for_more_than_one_item_says_is_a_difference(cast, talk):
    payments.claim_all(cast)
    undone = session.begin_nested()
    session.execute(text("UPDATE claim_item SET yen = 140"))
    session.execute(text("UPDATE claim SET yen = 140"))
    assert balance() == stands(earned=150, payable=10, claimed=140)
    session.execute(text("UPDATE payout_claim SET live = true"))
    assert balance().difference == 0
    undone.rollback()
    assert checks.problems() == []


@pytest.mark.req("D25", "D26")
def test_payments_stand_in_the_month_of_the_banks_day(cast, talk):
    payout = payments.pay_out(payments.claim_all(cast), cast_bears_fee=True, teaches=True)
    assert rewards.payments_by_month() == {}
    payments.mark_paid(payout)

    assert rewards.payments_by_month() == {
        NOVEMBER: {"sent_yen": 25, "withheld_yen": 15, "cast_fees_yen": 110, "bank_fees_yen": 110}
    }


@pytest.mark.req("D25")
def test_a_transfer_that_comes_back_after_its_month_is_frozen_is_taken_out_of_the_next(cast, talk):
    payout = payments.pay_out(payments.claim_all(cast), cast_bears_fee=True, teaches=True)
    payments.mark_paid(payout)
    payments.close_claims(NOVEMBER)
    now = japan(2026, 12, 2, 9, 0)
    months.close_due(now)
    paying.give_back(payout, now=now)

    december, november = months.listed(now)

    assert (november.sales.sent, november.sales.withheld, november.sales.house_fees) == (
        25,
        15,
        0,
    )
    # The bank keeps its 110 yen. The cast gets all back, so the house bears them after all.
    assert (december.sales.sent, december.sales.withheld, december.sales.house_fees) == (
        -25,
        -15,
        110,
    )
    assert december.sales.bank_fees == 0
