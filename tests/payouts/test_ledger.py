"""Where the reward of each talk stands, from the cast's side, and when it is paid."""

from datetime import date, timedelta

import pytest

from app.db import session
from app.payouts import claim_lists, claims, ledger, payday, returning
from app.payouts.claim_lists import ClaimState
from app.payouts.ledger import State
from app.payouts.models import BatchState, ReturnReason
from tests import paying, reservations, wages
from tests.factories import (
    NOON,
    japan,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    new_key,
)

HOUR = timedelta(hours=1)
LATER = NOON + 8 * HOUR
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def cast():
    cast = make_cast(online=False)
    cast.reward_yen = cast.slot_reward_yen = 2_500
    session.flush()
    return cast


def line_of(cast, *, now=LATER):
    [line] = ledger.all_of_month(cast.account_id, NOVEMBER, now=now)
    return line


def sums(cast, *, now=LATER):
    seen = ledger.open_of(cast.account_id, now=now)
    return seen.payable_yen, seen.on_hold_yen, seen.pending_yen


def test_a_running_talk_is_pending_with_what_it_came_to_so_far():
    cast = make_cast()
    make_talk(cast=cast, now=NOON)

    line = line_of(cast, now=NOON)

    assert (line.state, line.reason, line.yen) == (State.PENDING, "running", 0)
    assert line.pay_on == date(2026, 12, 30)


def test_a_talk_that_has_just_ended_is_pending_until_late_evidence_cannot_come(cast):
    talk = wages.talk_for(cast, minutes=1)
    final_at = talk.ended_at + timedelta(minutes=11)

    before, after = (line_of(cast, now=final_at + each * HOUR / 3600) for each in (-1, 0))

    assert (before.state, before.reason) == (State.PENDING, "counting")
    assert (after.state, after.reason) == (State.PAYABLE, "")
    assert sums(cast, now=final_at - HOUR / 3600) == (0, 0, 2500)
    assert sums(cast, now=final_at) == (2500, 0, 0)


@pytest.mark.req("C50")
def test_a_reservation_that_is_over_is_pending_until_it_is_settled(cast):
    booking = reservations.make_booking(cast=cast, guest=make_guest(points=1_000))

    line = line_of(cast, now=booking.ends_at)

    assert (line.booking_id, line.state, line.reason) == (booking.id, State.PENDING, "unsettled")
    assert sums(cast, now=booking.ends_at) == (0, 0, 2500)
    assert sums(cast, now=booking.talk_ends_at) == (0, 0, 2500)
    assert sums(cast, now=booking.talk_ends_at - HOUR / 3600) == (0, 0, 0)


@pytest.mark.req("D20")
def test_a_talk_within_the_free_minute_is_not_paid_and_says_why(cast):
    wages.talk_for(cast, minutes=0)

    line = line_of(cast)

    assert (line.state, line.reason, line.pay_on) == (State.NOT_PAYABLE, "free", None)


@pytest.mark.req("D20")
def test_a_reservation_whose_cast_did_not_come_is_not_paid_and_says_why(cast):
    booking = reservations.make_booking(cast=cast, guest=make_guest(points=1_000))
    reservations.attend(booking, guest=[(0.0, 180.0)])
    reservations.settle(booking)

    line = line_of(cast)

    assert (line.state, line.reason, line.yen) == (State.NOT_PAYABLE, "cast_absent", 0)
    assert line.returned_yen == 2500


@pytest.mark.req("D20")
def test_an_unclear_reservation_is_on_hold(cast):
    booking = reservations.make_booking(cast=cast, guest=make_guest(points=5_000), slots=3)
    reservations.attend(booking, cast=[(0, 60)])
    reservations.settle(booking)

    line = line_of(cast)

    assert (line.state, line.reason, line.pay_on) == (State.ON_HOLD, "dispute", None)


def test_a_claimed_talk_says_the_pay_day_of_its_claim(cast):
    wages.talk_for(cast, minutes=2)
    shown = claims.shown_of(ledger.claimable(cast.account_id, now=LATER))
    made = claims.claim(
        cast.account_id, shown=shown, form_key=new_key(), by=cast.account_id, now=LATER
    )

    line = line_of(cast)

    assert (line.state, line.pay_on) == (State.CLAIMED, made.pay_on)
    assert sums(cast) == (0, 0, 0)
    [listed] = claim_lists.unpaid(cast.account_id)
    assert (listed.claim.id, listed.state, listed.on) == (made.id, ClaimState.WAITING, made.pay_on)


@pytest.mark.parametrize(
    ("state", "of_talk", "of_claim", "pay_on"),
    [
        (BatchState.MADE, State.IN_PAYOUT, ClaimState.IN_PAYOUT, paying.PAY_DAY),
        (BatchState.ACCEPTED, State.IN_PAYOUT, ClaimState.IN_PAYOUT, paying.PAY_DAY),
        (BatchState.PAID, State.PAID, ClaimState.PAID, paying.PAY_DAY),
        (BatchState.WITHDRAWN, State.CLAIMED, ClaimState.WAITING, paying.PAY_DAY),
    ],
)
def test_a_claim_and_its_talk_stand_where_their_transfer_stands(state, of_talk, of_claim, pay_on):
    cast = make_cast()
    claim = paying.make_claim(cast)
    paying.make_batch(claim, state=state)

    line, listed = line_of(cast), claim_lists.find(claim.public_id, cast_id=cast.account_id)

    assert (line.state, line.pay_on) == (of_talk, pay_on)
    assert (listed.state, listed.on) == (of_claim, pay_on)
    assert bool(claim_lists.unpaid(cast.account_id)) is (of_claim is not ClaimState.PAID)
    assert sums(cast) == (0, 0, 0)


def test_a_claim_whose_money_came_back_waits_again_and_says_so():
    cast = make_cast()
    claim = paying.make_claim(cast)
    [payout] = paying.payouts_of(paying.make_batch(claim, state=BatchState.PAID))
    words = {"reason": ReturnReason.CLOSED, "returned_on": paying.PAY_DAY}
    now = paying.on(paying.PAY_DAY)
    returning.give_back(payout.id, **words, by=make_operator().id, now=now)

    assert line_of(cast).state is State.CAME_BACK
    [listed] = claim_lists.unpaid(cast.account_id)
    assert listed.state is ClaimState.CAME_BACK
    assert sums(cast) == (0, 0, 0)


@pytest.mark.req("D26")
@pytest.mark.parametrize(
    ("now", "pay_on"),
    [
        (japan(2026, 11, 25), date(2026, 12, 30)),  # the closing claims it on 1 December
        (japan(2026, 12, 1), date(2026, 12, 30)),
        (japan(2026, 12, 24), date(2027, 1, 29)),  # decided late: claimed tonight, on the 25th
    ],
)
def test_the_promise_of_a_talk_depends_on_no_click(now, pay_on):
    assert ledger.promised(japan(2026, 11, 22, 12), now=now) == pay_on


def test_the_promise_is_the_day_that_the_closing_will_set():
    served_at = japan(2026, 11, 30, 23, 59, 59)

    assert ledger.promised(served_at, now=served_at) == payday.of_claim(date(2026, 12, 1))


def test_a_month_goes_on_page_by_page_without_gap_or_repetition(cast, monkeypatch):
    monkeypatch.setattr(ledger, "PAGE", 2)
    made = [wages.talk_for(cast, minutes=1, now=NOON + hour * HOUR).id for hour in range(5)]
    seen, before = [], None
    while page := ledger.of_month(cast.account_id, NOVEMBER, before=before, now=LATER):
        seen += [line.talk_id for line in page]
        before = page[-1].served_at

    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("ended", "month"), [((11, 30, 23, 58), NOVEMBER), ((12, 1, 0, 1), date(2026, 12, 1))]
)
def test_a_talk_is_of_the_month_in_which_it_ended_in_japan(cast, ended, month):
    ends_at = japan(2026, *ended)
    wages.talk_for(cast, minutes=1, now=ends_at - timedelta(seconds=110))
    now = ends_at + HOUR

    months = (NOVEMBER, date(2026, 12, 1))
    found = [each for each in months if ledger.of_month(cast.account_id, each, now=now)]

    assert found == [month]
