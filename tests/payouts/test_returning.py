"""Money that a cast's bank sends back: paid again once the account is mended, and nobody stops working."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.casts import account_reviews, bank_accounts, standby
from app.casts.models import Cast, State
from app.db import session
from app.errors import Refused
from app.payouts import batch_lists, batches, planning, returning
from app.payouts.left_out import LeftOutReason
from app.payouts.models import BatchState, PayoutState, ReturnReason
from tests import paying
from tests.factories import make_bank_account, make_operator
from tests.paying import make_batch, make_claim, payouts_of

NEXT = date(2026, 12, 2)
NEXT_PAY_DAY = date(2026, 12, 30)
NOW = paying.on(NEXT)


@pytest.fixture(name="by")
def _by():
    return make_operator().id


def came_back(by, *, state=BatchState.PAID, minutes=20):
    batch = make_batch(make_claim(minutes=minutes), state=state)
    (payout,) = payouts_of(batch)
    return returning.give_back(
        payout.id, reason=ReturnReason.NO_ACCOUNT, returned_on=NEXT, by=by, now=NOW
    )


def make_next(*claims):
    """A batch of the month after, of what waits."""
    return batches.make(NEXT_PAY_DAY, by=make_operator().id, now=NOW)


@pytest.mark.req("C58")
@pytest.mark.parametrize("state", [BatchState.ACCEPTED, BatchState.PAID])
def test_what_came_back_waits_whole(by, state):
    payout = came_back(by, state=state)

    assert payout.state is PayoutState.RETURNED
    assert (payout.returned_by, payout.returned_on) == (by, NEXT)
    [claim] = planning.waiting()
    assert (claim.cast_id, claim.yen) == (payout.cast_id, 1_000)


def test_what_came_back_before_the_batch_was_paid_is_not_paid_with_it(by):
    payout = came_back(by, state=BatchState.ACCEPTED)
    batches.mark_paid(payout.batch_id, paid_on=date(2026, 11, 30), by=by, now=NOW)
    assert payout.state is PayoutState.RETURNED


def test_a_second_press_changes_nothing_and_another_word_is_refused(by):
    payout = came_back(by)
    words = {"returned_on": NEXT, "by": by, "now": NOW + timedelta(minutes=1)}

    returning.give_back(payout.id, reason=ReturnReason.NO_ACCOUNT, **words)
    with pytest.raises(Refused, match="meanwhile"):
        returning.give_back(payout.id, reason=ReturnReason.CLOSED, **words)

    assert payout.returned_at == NOW
    noted = select(AuditEntry).filter_by(did="payout.returned")
    assert len(session.scalars(noted).all()) == 1


@pytest.mark.parametrize(
    ("state", "code"), [(BatchState.MADE, "is_made"), (BatchState.APPROVED, "is_approved")]
)
def test_nothing_comes_back_that_the_bank_never_had(by, state, code):
    (payout,) = payouts_of(make_batch(state=state))
    with pytest.raises(Refused) as refusal:
        returning.give_back(payout.id, reason=ReturnReason.OTHER, returned_on=NEXT, by=by, now=NOW)
    assert refusal.value.codes == {code}


def test_a_payout_that_was_taken_out_cannot_come_back(by):
    batch = make_batch(make_claim(), make_claim())
    taken = payouts_of(batch)[0]
    batches.take_out(taken.id, by=by, now=paying.AFTER)
    batches.approve(batch.id, by=by, now=paying.AFTER)
    batches.hand_out(batch.id, by=by, now=paying.AFTER)
    batches.accept(batch.id, by=by, now=paying.AFTER)
    with pytest.raises(Refused) as refusal:
        returning.give_back(taken.id, reason=ReturnReason.OTHER, returned_on=NEXT, by=by, now=NOW)
    assert refusal.value.codes == {"taken_out"}


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 20), "too_early"), (date(2026, 12, 3), "to_come")]
)
def test_the_day_is_one_on_which_it_can_have_come_back(by, day, code):
    (payout,) = payouts_of(make_batch(state=BatchState.PAID))
    with pytest.raises(Refused) as refusal:
        returning.give_back(payout.id, reason=ReturnReason.OTHER, returned_on=day, by=by, now=NOW)
    assert refusal.value.codes == {code}


def test_its_cast_works_on(by):
    payout = came_back(by)

    assert bank_accounts.why_not_work(payout.cast_id) == []
    cast = session.get(Cast, payout.cast_id)
    standby.stop(cast.account_id)
    standby.begin(cast.account_id, now=NOW)
    assert cast.state is State.ONLINE


def test_the_next_batch_leaves_them_out_until_the_account_is_mended(by):
    payout = came_back(by)
    make_claim()

    [left_out] = batch_lists.left_out_of(make_next())

    assert (left_out.cast_id, left_out.reason) == (payout.cast_id, LeftOutReason.CAME_BACK)


@pytest.mark.req("C58")
def test_a_new_account_is_paid_and_the_failed_fee_was_ours(by):
    payout = came_back(by)
    make_bank_account(session.get(Cast, payout.cast_id))

    (again,) = payouts_of(make_next())

    assert (again.claimed_yen, again.fee_yen, again.transfer_yen) == (1_000, 110, 890)
    assert again.new_code == planning.CHANGED
    assert [each.id for each in batch_lists.other_tries(again)] == [payout.id]


def test_an_account_that_the_office_confirms_is_tried_again(by):
    payout = came_back(by)
    [waiting] = account_reviews.queue()
    assert (waiting.account.id, waiting.reasons) == (payout.bank_account_id, ["came_back"])

    account_reviews.accept(payout.bank_account_id, by=by, now=NOW)

    assert account_reviews.count_waiting() == 0
    (again,) = payouts_of(make_next())
    assert (again.bank_account_id, again.new_code) == (payout.bank_account_id, planning.CHANGED)


def test_it_may_come_back_again_and_is_asked_about_again(by):
    first = came_back(by)
    account_reviews.accept(first.bank_account_id, by=by, now=NOW)
    batch = make_next()
    other = make_operator().id
    batches.approve(batch.id, by=other, now=NOW)
    batches.hand_out(batch.id, by=other, now=NOW)
    batches.accept(batch.id, by=other, now=NOW)
    (again,) = payouts_of(batch)

    returning.give_back(again.id, reason=ReturnReason.CLOSED, returned_on=NEXT, by=by, now=NOW)

    assert account_reviews.count_waiting() == 1
    assert len(planning.waiting()) == 1


def test_an_account_replaced_before_the_money_came_back_is_not_asked_about(by):
    batch = make_batch(make_claim(), state=BatchState.ACCEPTED)
    (payout,) = payouts_of(batch)
    make_bank_account(session.get(Cast, payout.cast_id))

    returning.give_back(payout.id, reason=ReturnReason.CLOSED, returned_on=NEXT, by=by, now=NOW)

    assert account_reviews.count_waiting() == 0
    (again,) = payouts_of(make_next())
    assert again.transfer_yen == 890
