"""Batches of payouts: made, approved by a second person, taken by the bank, paid, or withdrawn."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.audit import AuditEntry
from app.casts import account_reviews, bank_accounts
from app.casts.banks import Branch
from app.casts.models import Cast
from app.db import session
from app.errors import Refused
from app.payouts import approving, banks_file, batch_lists, batches, fee_rows, planning
from app.payouts.left_out import LeftOutReason
from app.payouts.models import BatchState, PayoutBatch, PayoutState
from tests import factories, paying
from tests.factories import NOON, make_bank_account, make_cast, make_operator
from tests.paying import (
    AFTER,
    PAY_DAY,
    make_batch,
    make_claim,
    make_payer,
    payouts_of,
)


@pytest.fixture(name="maker")
def _maker():
    return make_operator().id


@pytest.fixture(name="other")
def _other():
    return make_operator().id


def refused(work, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        work(*args, **kwargs)
    session.rollback()
    return refusal.value.codes


# Making


@pytest.mark.req("C58")
def test_the_claims_of_one_cast_are_paid_as_one_and_less_the_fee(maker):
    make_payer()
    cast = make_cast()
    claims = [make_claim(cast), make_claim(cast, now=NOON + timedelta(hours=1))]

    batch = batches.make(PAY_DAY, by=maker, now=AFTER)

    (payout,) = payouts_of(batch)
    assert (payout.claimed_yen, payout.fee_yen, payout.transfer_yen) == (2_000, 110, 1_890)
    assert paying.live_claims() == {claim.id for claim in claims}
    assert (payout.bank_name, payout.branch_name) == ("ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ", "ｼﾝｼﾞﾕｸ")
    assert (batch.state, payout.state) == (BatchState.MADE, PayoutState.WAITING)


@pytest.mark.req("D25")
def test_where_the_house_bears_the_fee_all_arrives(maker):
    make_payer(cast_bears_fee=False)
    make_claim()

    (payout,) = payouts_of(batches.make(PAY_DAY, by=maker, now=AFTER))

    assert (payout.fee_yen, payout.bank_fee_yen, payout.transfer_yen) == (0, 110, 1_000)


def test_claims_of_a_later_day_wait(maker):
    make_payer()
    due, later = make_claim(), make_claim(pay_on=date(2026, 12, 30))

    batches.make(PAY_DAY, by=maker, now=AFTER)

    assert paying.live_claims() == {due.id}
    assert [each.id for each in planning.waiting()] == [later.id]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 20), "day_is_over"),
        (date(2026, 11, 28), "no_bank_day"),  # a Saturday
        (date(2026, 12, 31), "no_bank_day"),
    ],
)
def test_banks_pay_on_bank_days_to_come(maker, day, code):
    make_payer()
    make_claim()
    assert refused(batches.make, day, by=maker, now=AFTER) == {code}


def test_without_a_remitter_nobody_pays(maker):
    make_claim()
    assert refused(batches.make, PAY_DAY, by=maker, now=AFTER) == {"no_remitter"}


def test_where_no_claim_waits_there_is_no_batch(maker):
    make_payer()
    assert refused(batches.make, PAY_DAY, by=maker, now=AFTER) == {"nothing_waits"}


def test_a_second_press_makes_no_second_batch(maker):
    make_payer()
    make_claim()
    first = batches.make(PAY_DAY, by=maker, now=AFTER, form_key="one")
    assert batches.make(PAY_DAY, by=maker, now=AFTER, form_key="one").id == first.id


# Left out


def no_account(cast):
    session.delete(bank_accounts.find(cast.account_id))


def asked_for_correction(cast):
    account = make_bank_account(cast, holder="サトウ ハナコ")
    account_reviews.ask_correction(account.id, said="?", by=make_operator().id, now=NOON)


def under_another_name(cast):
    make_bank_account(cast, holder="サトウ ハナコ")


def sharing(cast):
    make_bank_account(make_cast(online=False), number="1111111")
    make_bank_account(cast, number="1111111")


def of_a_branch_that_is_gone(cast):
    gone = Branch(bank_code="0005", bank_name="三菱UFJ銀行", code="999", name="なし")
    make_bank_account(cast, branch=gone)


def unwritable(cast):
    bank_accounts.find(cast.account_id).holder = "山田"


def that_money_came_back_from(cast):
    account = bank_accounts.find(cast.account_id)
    account_reviews.money_came_back(account.id, by=make_operator().id, now=NOON)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_account, LeftOutReason.NO_ACCOUNT),
        (asked_for_correction, LeftOutReason.CORRECTION),
        (under_another_name, LeftOutReason.OTHER_HOLDER),
        (sharing, LeftOutReason.SHARED),
        (of_a_branch_that_is_gone, LeftOutReason.NO_BRANCH),
        (unwritable, LeftOutReason.UNWRITABLE),
        (that_money_came_back_from, LeftOutReason.CAME_BACK),
    ],
)
@pytest.mark.req("D27")
def test_who_cannot_be_paid_is_left_out_with_the_reason(maker, spoil, reason):
    make_payer()
    paid, waits = make_claim(), make_claim()
    spoil(session.get(Cast, waits.cast_id))

    batch = batches.make(PAY_DAY, by=maker, now=AFTER)

    assert paying.live_claims() == {paid.id}
    [left_out] = batch_lists.left_out_of(batch)
    assert (left_out.cast_id, left_out.yen, left_out.reason) == (waits.cast_id, 1_000, reason)


@pytest.mark.req("D27")
def test_an_account_that_the_office_has_accepted_is_paid(maker):
    make_payer()
    claim = make_claim()
    account = make_bank_account(session.get(Cast, claim.cast_id), holder="サトウ ハナコ")
    account_reviews.accept(account.id, by=maker, now=NOON)

    (payout,) = payouts_of(batches.make(PAY_DAY, by=maker, now=AFTER))

    assert payout.bank_account_id == account.id


@pytest.mark.req("D25", "D26")
def test_what_the_fee_would_eat_up_arrives_whole_at_our_cost(maker):
    make_payer()
    make_claim(minutes=2)  # 100 yen, and the bank takes 110

    (payout,) = payouts_of(batches.make(PAY_DAY, by=maker, now=AFTER))

    assert (payout.transfer_yen, payout.fee_yen, payout.bank_fee_yen) == (100, 0, 110)


def test_where_nobody_can_be_paid_there_is_no_batch(maker):
    make_payer()
    unwritable(session.get(Cast, make_claim().cast_id))

    assert refused(batches.make, PAY_DAY, by=maker, now=AFTER) == {"nothing_can_be_paid"}


# 新規コード


def test_the_file_says_which_transfers_are_new():
    cast = make_cast()
    codes = []
    for day, spoil in [(0, None), (1, None), (2, make_bank_account), (3, None)]:
        claim = make_claim(cast, now=NOON + timedelta(days=day))
        if spoil:
            spoil(cast)
        codes.append(payouts_of(make_batch(claim, state=BatchState.ACCEPTED))[0].new_code)
    assert codes == ["1", "0", "2", "0"]


def test_a_batch_that_was_given_up_is_no_first_transfer():
    claim = make_claim()
    make_batch(claim, state=BatchState.WITHDRAWN)
    assert payouts_of(make_batch(claim))[0].new_code == "1"


# Taking out


def test_a_payout_is_taken_out_before_approval_and_its_claims_wait(maker):
    batch = make_batch(make_claim(), make_claim())
    taken, stays = payouts_of(batch)

    batches.take_out(taken.id, by=maker, now=AFTER)
    batches.take_out(taken.id, by=maker, now=AFTER)

    assert (taken.state, stays.state) == (PayoutState.WITHDRAWN, PayoutState.WAITING)
    assert [each.cast_id for each in planning.waiting()] == [taken.cast_id]
    assert batch_lists.totals_of(batch).transfer_yen == 890


def test_nothing_is_taken_out_of_an_approved_batch(maker):
    payout = payouts_of(make_batch(state=BatchState.APPROVED))[0]
    assert refused(batches.take_out, payout.id, by=maker, now=AFTER) == {"is_approved"}


# Approving


@pytest.mark.req("C58")
def test_a_second_person_approves_and_the_file_is_written(other):
    batch = make_batch(make_claim(), make_claim())

    batches.approve(batch.id, by=other, now=AFTER)
    batches.approve(batch.id, by=other, now=AFTER)

    assert batch.state is BatchState.APPROVED
    assert batch.file_sha256 == approving.hash_of(batch.file)
    assert [each.yen for each in banks_file.read(batch.file).transfers] == [890, 890]
    assert all(payout.statement["payee"] for payout in payouts_of(batch))


def test_nobody_approves_their_own_batch():
    batch = make_batch()
    assert refused(batches.approve, batch.id, by=batch.made_by, now=AFTER) == {"same_person"}


def test_the_database_wants_two_people_as_well():
    batch = make_batch(state=BatchState.APPROVED)
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(update(PayoutBatch).values(made_by=batch.approved_by))


def test_a_batch_of_which_all_were_taken_out_is_not_approved(maker, other):
    batch = make_batch()
    batches.take_out(payouts_of(batch)[0].id, by=maker, now=AFTER)
    assert refused(batches.approve, batch.id, by=other, now=AFTER) == {"empty"}


def test_a_day_that_is_over_is_not_approved(other):
    batch = make_batch()
    late = paying.on(date(2026, 12, 1))
    assert refused(batches.approve, batch.id, by=other, now=late) == {"day_is_over"}


def test_another_remitter_since_needs_a_new_batch(other):
    batch = make_batch()
    factories.make_remitter(cast_bears_fee=False)
    assert "remitter_changed" in refused(batches.approve, batch.id, by=other, now=AFTER)


def test_another_account_since_is_named_and_the_rest_can_be_approved(maker, other):
    batch = make_batch(make_claim(), make_claim())
    changed, _stays = payouts_of(batch)
    make_bank_account(session.get(Cast, changed.cast_id))
    with pytest.raises(Refused) as refusal:
        batches.approve(batch.id, by=other, now=AFTER)
    assert [problem.code for problem in refusal.value.problems] == ["account_changed"]
    assert refusal.value.problems[0].values == {"name": session.get(Cast, changed.cast_id).name}

    batches.take_out(changed.id, by=maker, now=AFTER)
    batches.approve(batch.id, by=other, now=AFTER)

    assert banks_file.read(batch.file).yen == 890


def test_another_fee_since_is_seen(other):
    batch = make_batch()
    fee_rows.add(fee_rows.Fee(fee_yen=200, holds_from=date(2026, 11, 24)), by=other, now=AFTER)
    assert refused(batches.approve, batch.id, by=other, now=AFTER) == {"amount_changed"}


# Handing the file out


@pytest.mark.req("C58")
def test_the_file_is_the_same_each_time_and_each_look_is_written_down(maker, other):
    batch = make_batch(state=BatchState.APPROVED)

    first = batches.hand_out(batch.id, by=maker, now=AFTER)
    second = batches.hand_out(batch.id, by=other, now=AFTER + timedelta(hours=1))

    assert first == second == batch.file
    assert batch.downloaded_at == AFTER
    seen = select(AuditEntry.by).filter_by(did="payout_batch.downloaded").order_by(AuditEntry.id)
    assert session.scalars(seen).all() == [maker, other]


@pytest.mark.parametrize("state", [BatchState.MADE, BatchState.WITHDRAWN])
def test_there_is_no_file_before_approval_nor_after_withdrawal(maker, state):
    batch = make_batch(state=state)
    assert refused(batches.hand_out, batch.id, by=maker, now=AFTER) == {f"is_{state}"}


def test_an_account_changed_after_approval_needs_a_new_batch(maker):
    batch = make_batch(state=BatchState.APPROVED)
    make_bank_account(session.get(Cast, payouts_of(batch)[0].cast_id))

    codes = refused(batches.hand_out, batch.id, by=maker, now=AFTER)

    assert codes == {"account_changed", "withdraw_it"}


# Accepted and paid


def test_the_bank_cannot_accept_what_nobody_downloaded(maker):
    batch = make_batch(state=BatchState.APPROVED)
    assert refused(batches.accept, batch.id, by=maker, now=AFTER) == {"never_downloaded"}


def test_what_the_bank_took_is_taken_whatever_became_of_an_account_since(maker):
    """The file is at the bank already: who could not write that down would withdraw it, and pay twice."""
    batch = make_batch(state=BatchState.APPROVED)
    batches.hand_out(batch.id, by=maker, now=AFTER)
    make_bank_account(session.get(Cast, payouts_of(batch)[0].cast_id))

    batches.accept(batch.id, by=maker, now=AFTER)

    assert batch.state is BatchState.ACCEPTED
    assert planning.waiting() == []


@pytest.mark.req("C57")
def test_what_the_bank_has_paid_is_paid(maker):
    batch = make_batch(make_claim(), make_claim(), state=BatchState.ACCEPTED)
    now = paying.on(date(2026, 12, 1))

    batches.mark_paid(batch.id, paid_on=PAY_DAY, by=maker, now=now)
    batches.mark_paid(batch.id, paid_on=PAY_DAY, by=maker, now=now)

    assert (batch.state, batch.paid_on) == (BatchState.PAID, PAY_DAY)
    assert {payout.state for payout in payouts_of(batch)} == {PayoutState.PAID}
    done = select(AuditEntry).filter_by(did="payout_batch.paid")
    assert len(session.scalars(done).all()) == 1


@pytest.mark.parametrize(
    ("paid_on", "code"),
    [
        (date(2026, 11, 27), "too_early"),
        (date(2026, 12, 2), "to_come"),
    ],
)
def test_the_banks_day_is_a_day_on_which_it_can_have_paid(maker, paid_on, code):
    batch = make_batch(state=BatchState.ACCEPTED)
    now = paying.on(date(2026, 12, 1))
    assert refused(batches.mark_paid, batch.id, paid_on=paid_on, by=maker, now=now) == {code}


@pytest.mark.parametrize(
    "state", [BatchState.MADE, BatchState.APPROVED, BatchState.PAID, BatchState.WITHDRAWN]
)
def test_only_what_the_bank_has_accepted_is_paid(maker, state):
    batch = make_batch(state=state)
    now = paying.on(PAY_DAY)
    codes = refused(batches.mark_paid, batch.id, paid_on=PAY_DAY, by=maker, now=now)
    assert codes == {f"is_{state}"}


# Withdrawing


@pytest.mark.parametrize("state", [BatchState.MADE, BatchState.APPROVED])
def test_a_batch_is_given_up_before_the_bank_has_it(maker, state):
    claim = make_claim()
    batch = make_batch(claim, state=state)

    batches.withdraw(batch.id, by=maker, now=AFTER)
    batches.withdraw(batch.id, by=maker, now=AFTER)

    assert {payout.state for payout in payouts_of(batch)} == {PayoutState.WITHDRAWN}
    assert [each.id for each in planning.waiting()] == [claim.id]
    assert paying.live_claims() == set()


def test_a_file_that_left_the_house_is_not_given_up_by_one_press(maker):
    batch = make_batch(state=BatchState.APPROVED)
    batches.hand_out(batch.id, by=maker, now=AFTER)

    assert refused(batches.withdraw, batch.id, by=maker, now=AFTER) == {"bank_may_have_it"}


@pytest.mark.parametrize("state", [BatchState.ACCEPTED, BatchState.PAID])
def test_what_the_bank_has_is_not_given_up(maker, state):
    batch = make_batch(state=state)
    assert refused(batches.withdraw, batch.id, by=maker, now=AFTER) == {f"is_{state}"}


# Reading


def test_payouts_are_found_by_day_cast_and_amount():
    batch = make_batch(make_claim(), make_claim(minutes=40))
    small, large = payouts_of(batch)
    name = session.get(Cast, large.cast_id).name
    found = {
        "name": batch_lists.Search(name=name),
        "kana": batch_lists.Search(name="ヤマダ ハナ"),
        "amount": batch_lists.Search(yen_from=1_000),
        "most": batch_lists.Search(yen_to=890),
        "day": batch_lists.Search(since=PAY_DAY, until=PAY_DAY),
        "later": batch_lists.Search(since=date(2026, 12, 1)),
        "sign": batch_lists.Search(name="%"),
    }
    ids = {each: {line.payout.id for line in batch_lists.search(it)} for each, it in found.items()}
    assert large.id in ids.pop("name")
    both = {small.id, large.id}
    assert ids == {
        "kana": both,
        "amount": {large.id},
        "most": {small.id},
        "day": both,
        "later": set(),
        "sign": set(),
    }


def test_two_payouts_of_one_sum_to_one_account_are_pointed_out(maker):
    make_payer()
    claims = [make_claim(), make_claim(), make_claim()]
    for claim in claims[:2]:
        account = make_bank_account(session.get(Cast, claim.cast_id), number="2222222")
    account_reviews.accept(account.id, by=maker, now=NOON)

    batch = batches.make(PAY_DAY, by=maker, now=AFTER)

    assert approving.twins_in(batch) == payouts_of(batch)[:2]
