"""What goes with the books of its time, and that the sums stay."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from app import policy
from app.casts import jobs as casts
from app.casts.bank_models import BankAccount
from app.db import session
from app.errors import Refused
from app.payouts import (
    batches,
    checks,
    condition_reading,
    jobs,
    registrations,
    returning,
    statements,
)
from app.payouts.condition_models import ConditionsNotice, ConditionsSeen
from app.payouts.left_out import LeftOut
from app.payouts.models import BatchState, ClaimItem, Payout, PayoutBatch, ReturnReason
from app.people.models import Account
from tests import paying
from tests.commissions import give, name_seller
from tests.factories import NOON, make_cast, make_operator
from tests.paying import PAY_DAY, make_batch, make_claim, payouts_of

SECOND = timedelta(seconds=1)
PAID_AT = paying.on(PAY_DAY)
NUMBER = "6912345678901"


def notices_of(cast):
    wanted = select(ConditionsNotice).where(ConditionsNotice.cast_id == cast.account_id)
    return session.scalars(wanted).all()


def forget(queue, at, now):
    session.flush()
    at(now)
    queue.do(jobs.forget_books)
    session.expire_all()


def test_after_ten_years_a_payout_is_a_sum_and_names_nobody(queue, at):
    batch = make_batch(make_claim(), state=BatchState.PAID)
    [payout] = payouts_of(batch)
    left_out = LeftOut(batch_id=batch.id, cast_id=payout.cast_id, yen=1, reason="shared")
    session.add(left_out)
    sums = (payout.claimed_yen, payout.fee_yen, payout.transfer_yen)
    kept = (payout.account_number, payout.holder, payout.statement)
    assert all(kept)

    forget(queue, at, PAID_AT + policy.BOOKS_KEPT)
    assert (payout.account_number, payout.holder, payout.statement) == kept
    forget(queue, at, PAID_AT + policy.BOOKS_KEPT + SECOND)

    assert (payout.account_number, payout.holder, payout.statement) == ("", "", None)
    assert (payout.claimed_yen, payout.fee_yen, payout.transfer_yen) == sums
    assert (batch.file, payout.bank_account_id) == (None, None)
    assert batch.file_sha256
    assert session.scalar(text("SELECT count(*) FROM payout WHERE statement IS NOT NULL")) == 0
    assert session.scalar(select(func.count()).select_from(LeftOut)) == 0
    assert session.scalar(select(func.count()).select_from(ClaimItem)) == 1
    assert checks.problems() == []
    assert statements.of_cast(payout.cast_id) == []
    with pytest.raises(Refused) as refusal:
        batches.hand_out(batch.id, by=make_operator().id, now=PAID_AT)
    assert refusal.value.codes == {"file_is_forgotten"}


def test_a_batch_of_which_money_came_back_later_is_as_old_as_that(queue, at):
    batch = make_batch(make_claim(), state=BatchState.PAID)
    [payout] = payouts_of(batch)
    back_at = paying.on(date(2026, 12, 2))
    words = {"reason": ReturnReason.CLOSED, "returned_on": date(2026, 12, 2)}
    returning.give_back(payout.id, **words, by=make_operator().id, now=back_at)

    forget(queue, at, back_at + policy.BOOKS_KEPT)
    assert payout.holder
    forget(queue, at, back_at + policy.BOOKS_KEPT + SECOND)
    assert not payout.holder
    assert checks.problems() == []


@pytest.mark.parametrize("state", [BatchState.MADE, BatchState.APPROVED, BatchState.ACCEPTED])
def test_what_is_not_finished_is_never_forgotten(queue, at, state):
    batch = make_batch(make_claim(), state=state)

    forget(queue, at, NOON + 2 * policy.BOOKS_KEPT)

    [payout] = payouts_of(batch)
    assert payout.holder
    assert session.get_one(PayoutBatch, batch.id).forgotten_at is None


def test_an_account_that_is_deleted_first_takes_no_payout_with_it(queue, at):
    batch = make_batch(make_claim(), state=BatchState.PAID)
    [payout] = payouts_of(batch)
    session.get_one(Account, payout.cast_id).closed_at = NOON
    number = payout.account_number
    session.flush()

    at(NOON + policy.BOOKS_KEPT + SECOND)
    queue.do(casts.forget_books)
    session.expire_all()

    assert session.scalars(select(BankAccount)).all() == []
    assert (payout.bank_account_id, payout.account_number) == (None, number)
    forget(queue, at, PAID_AT + policy.BOOKS_KEPT + SECOND)
    assert session.scalars(select(Payout.account_number)).all() == [""]
    assert checks.problems() == []


def test_a_number_of_the_invoice_system_goes_ten_years_after_it_was_replaced(queue, at):
    cast = make_cast()
    by = cast.account_id
    first = date(2026, 11, 1)
    registrations.enter(by, NUMBER, holds_from=first, by=by, now=NOON)
    registrations.enter(by, "7912345678901", holds_from=date(2026, 12, 1), by=by, now=NOON)

    forget(queue, at, NOON + policy.BOOKS_KEPT + SECOND)
    assert registrations.number_of(by, on=first) == f"T{NUMBER}", "it held for days after that"
    forget(queue, at, paying.on(date(2026, 12, 2)) + policy.BOOKS_KEPT)

    [stays] = registrations.history_of(by)
    assert stays.number == "T7912345678901"
    session.get_one(Account, by).closed_at = NOON
    forget(queue, at, paying.on(date(2026, 12, 2)) + policy.BOOKS_KEPT)
    assert registrations.history_of(by) == []


def test_notices_go_with_the_books_of_their_time(queue, at):
    name_seller()
    left, here = make_cast(), make_cast()
    for notice in give():
        condition_reading.confirm(notice, now=NOON)
    session.get_one(Account, left.account_id).closed_at = NOON
    session.flush()

    at(NOON + policy.BOOKS_KEPT)
    queue.do(jobs.forget_books)
    assert len(notices_of(left)) == 1
    at(NOON + policy.BOOKS_KEPT + timedelta(seconds=1))
    queue.do(jobs.forget_books)

    assert notices_of(left) == []
    assert len(notices_of(here)) == 1
    assert len(session.scalars(select(ConditionsSeen)).all()) == 1
