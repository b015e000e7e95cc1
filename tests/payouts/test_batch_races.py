"""Two operators at the same instant: the first has done it, and the other is told."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.payouts import batches, planning, returning
from app.payouts.models import (
    BatchState,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    ReturnReason,
)
from tests import paying
from tests.factories import make_operator
from tests.paying import AFTER, PAY_DAY, make_batch, make_claim, make_payer, payouts_of

pytestmark = pytest.mark.committed


def count(table):
    return session.scalar(select(func.count()).select_from(table))


def codes_of(outcomes):
    return [each.codes for each in outcomes if isinstance(each, Refused)]


def make(by, form_key=None):
    return batches.make(PAY_DAY, by=by, now=AFTER, form_key=form_key).id


def step(verb, batch_id, by, **words):
    return verb(batch_id, by=by, now=words.pop("now", AFTER), **words).id


def test_of_two_who_make_the_batch_of_a_day_one_has_made_it(at_once):
    make_payer()
    for _ in range(3):
        make_claim()
    operators = [make_operator().id for _ in range(4)]

    outcomes = at_once(*[partial(make, by) for by in operators])

    assert codes_of(outcomes) == [{"nothing_waits"}] * 3
    assert (count(PayoutBatch), count(Payout), count(PayoutClaim)) == (1, 3, 3)


def test_two_presses_of_one_form_lead_to_one_batch(at_once):
    make_payer()
    make_claim()
    by = make_operator().id

    first, second = at_once(*[partial(make, by, "form")] * 2)

    assert first == second
    assert count(PayoutBatch) == 1


@pytest.mark.parametrize("_try", range(3))
def test_a_batch_is_approved_or_withdrawn_and_never_both(at_once, _try):
    batch = make_batch()
    batch_id, maker, other = batch.id, batch.made_by, make_operator().id

    outcomes = at_once(
        partial(step, batches.approve, batch_id, other),
        partial(step, batches.withdraw, batch_id, maker),
    )

    batch = session.get_one(PayoutBatch, batch_id)
    # Whoever approves first may be followed by who withdraws; the other way round is refused.
    assert batch.state is BatchState.WITHDRAWN
    assert codes_of(outcomes) in ([], [{"is_withdrawn"}])
    assert len(planning.waiting()) == 1


@pytest.mark.parametrize("_try", range(3))
def test_what_the_bank_accepts_is_whole(at_once, _try):
    """Accepted, and a payout taken out or the whole withdrawn, at the same instant."""
    batch = make_batch(make_claim(), make_claim(), state=BatchState.APPROVED)
    batches.hand_out(batch.id, by=batch.approved_by, now=AFTER)
    batch_id, by, other = batch.id, batch.made_by, batch.approved_by
    payout_id = payouts_of(batch)[0].id

    outcomes = at_once(
        partial(step, batches.accept, batch_id, other),
        partial(step, batches.take_out, payout_id, by),
        partial(step, batches.withdraw, batch_id, by),
    )

    batch = session.get_one(PayoutBatch, batch_id)
    states = {payout.state for payout in payouts_of(batch)}
    assert isinstance(outcomes[1], Refused) or batch.state is BatchState.WITHDRAWN
    if batch.state is BatchState.ACCEPTED:
        assert states == {PayoutState.WAITING}
    else:
        assert (batch.state, states) == (BatchState.WITHDRAWN, {PayoutState.WITHDRAWN})


@pytest.mark.parametrize("_try", range(3))
def test_a_payout_is_in_the_file_or_taken_out(at_once, _try):
    batch = make_batch(make_claim(), make_claim())
    batch_id, by, other = batch.id, batch.made_by, make_operator().id
    payout_id = payouts_of(batch)[0].id

    at_once(
        partial(step, batches.approve, batch_id, other),
        partial(step, batches.take_out, payout_id, by),
    )

    payout = session.get_one(Payout, payout_id)
    assert session.get_one(PayoutBatch, batch_id).state is BatchState.APPROVED
    assert (payout.state is PayoutState.WITHDRAWN) == (payout.statement is None)


def test_a_payout_comes_back_once(at_once):
    (payout,) = payouts_of(make_batch(state=BatchState.PAID))
    payout_id, operators = payout.id, [make_operator().id for _ in range(4)]
    now = paying.on(PAY_DAY) + timedelta(hours=1)

    def give_back(by):
        words = {"reason": ReturnReason.CLOSED, "returned_on": PAY_DAY}
        return returning.give_back(payout_id, **words, by=by, now=now).id

    outcomes = at_once(*[partial(give_back, by) for by in operators])

    assert codes_of(outcomes) == [{"returned"}] * 3
    noted = select(AuditEntry).filter_by(did="payout.returned")
    assert len(session.scalars(noted).all()) == 1
    assert len(planning.waiting()) == 1


def test_a_batch_is_marked_as_paid_once(at_once):
    batch_id = make_batch(state=BatchState.ACCEPTED).id
    operators = [make_operator().id for _ in range(3)]
    words = {"paid_on": PAY_DAY, "now": paying.on(PAY_DAY)}

    outcomes = at_once(
        *[partial(step, batches.mark_paid, batch_id, by, **words) for by in operators]
    )

    assert codes_of(outcomes) == [{"is_paid"}] * 2
    noted = select(AuditEntry).filter_by(did="payout_batch.paid")
    assert len(session.scalars(noted).all()) == 1
