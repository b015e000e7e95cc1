"""The account that a cast is paid to (C5, C27, C28, D27)."""

from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit import AuditEntry
from app.bookings import schedule
from app.casts import account_reviews, bank_accounts, standby
from app.casts.bank_models import AccountKind, BankAccount
from app.casts.banks import Branch
from app.casts.models import LegalName
from app.clock import Span
from app.db import session
from app.errors import Refused
from tests.factories import (
    MINUTE,
    NOON,
    SHINJUKU,
    japan,
    make_bank_account,
    make_cast,
    make_operator,
)

YUCHO_058 = Branch(bank_code="9900", bank_name="ゆうちょ銀行", code="058", name="〇五八")
YUCHO_059 = Branch(bank_code="9900", bank_name="ゆうちょ銀行", code="059", name="〇五九")
EVENING = Span(japan(2026, 11, 22, 20), japan(2026, 11, 22, 21))


@pytest.fixture
def cast():
    return make_cast(has_account=False)


def refusal(rule, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        rule(*args, **kwargs)
    return refused.value.codes


@pytest.mark.req("C5", "C27")
def test_without_an_account_nobody_stands_by_or_publishes_times(cast):
    assert refusal(standby.begin, cast.account_id, now=NOON) == {"no_bank_account"}
    assert refusal(schedule.publish, cast.account_id, [EVENING], now=NOON) == {"no_bank_account"}
    week = {"first": japan(2026, 11, 16).date(), "until": japan(2026, 11, 29).date()}
    assert refusal(schedule.repeat_week, cast.account_id, **week, now=NOON) == {"no_bank_account"}

    make_bank_account(cast)

    assert standby.begin(cast.account_id, now=NOON).state == "online"
    assert schedule.publish(cast.account_id, [EVENING], now=NOON) == 20


@pytest.mark.req("C28", "D27")
@pytest.mark.parametrize(
    ("holder", "is_own"),
    [
        ("ヤマダ ハナコ", True),
        ("ﾔﾏﾀﾞﾊﾅｺ", True),
        ("やまだ　はなこ", True),
        ("ヤマタ ハナコ", False),  # a mark less may be another person
        ("スズキ ハナコ", False),  # a name before marriage
        ("YAMADA HANAKO", False),
    ],
)
def test_another_holder_is_taken_and_looked_at(cast, holder, is_own):
    account = make_bank_account(cast, holder=holder)

    assert account.holder_ok is is_own
    assert bank_accounts.why_not_work(cast.account_id) == []
    assert [each.account.id for each in account_reviews.queue()] == ([] if is_own else [account.id])


def test_a_name_too_long_for_banks_is_cut_and_looked_at(cast):
    legal = session.get_one(LegalName, cast.account_id)
    legal.family_kana, legal.given_kana = (
        "アイウエオカキクケコサシスセソ",
        "タチツテトナニヌネノハヒフヘホガ",
    )

    account = make_bank_account(cast, holder=f"{legal.family_kana} {legal.given_kana}")

    assert len(account.holder) <= 30
    assert not account.holder_ok


def test_the_number_stands_encrypted_and_is_shown_by_its_end(cast):
    account = make_bank_account(cast, number="1234567")

    raw = session.execute(text("SELECT number FROM bank_account")).scalar_one()
    assert b"1234567" not in bytes(raw)
    assert "1234567" not in account.number_mark
    assert (account.number, account.masked) == ("1234567", "•••4567")


def test_a_short_number_is_filled_with_zeros(cast):
    assert make_bank_account(cast, number="4567").number == "0004567"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": "12345678"}, "no_number"),
        ({"number": "12-4567"}, "no_number"),
        ({"number": "１２３４５６７"}, "no_number"),
        ({"holder": "山田 花子"}, "not_in_banks"),
        ({"holder": " "}, "no_name"),
        ({"branch": YUCHO_059, "kind": AccountKind.ORDINARY}, "wrong_kind"),
        ({"branch": YUCHO_058, "kind": AccountKind.CURRENT}, "wrong_kind"),
    ],
)
def test_what_no_bank_has_is_refused(cast, given, code):
    assert refusal(make_bank_account, cast, **given) == {code}
    assert bank_accounts.find(cast.account_id) is None


def test_a_changed_account_replaces_the_one_before_which_stays_in_the_history(cast):
    first = make_bank_account(cast, number="1111111")
    second = make_bank_account(cast, number="2222222", now=NOON + MINUTE)

    assert bank_accounts.find(cast.account_id) == second
    assert bank_accounts.past(cast.account_id) == [first]
    assert first.replaced_at == NOON + MINUTE


def test_the_same_account_again_changes_nothing(cast):
    first = make_bank_account(cast, number="1111111")

    assert make_bank_account(cast, number="1111111", now=NOON + MINUTE) == first
    assert bank_accounts.past(cast.account_id) == []


def test_a_change_is_written_down_without_the_number(cast):
    make_bank_account(cast, number="1234567")

    entry = session.scalars(select(AuditEntry).filter_by(did="bank_account.added")).one()
    assert entry.about == f"account:{cast.account_id}"
    assert "1234567" not in str(entry.facts)


def test_the_database_keeps_to_one_account_that_counts(cast):
    account = make_bank_account(cast)
    values = {
        column.name: getattr(account, column.name)
        for column in BankAccount.__table__.columns
        if column.name not in {"id", "public_id"}
    }

    session.add(BankAccount(**values))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.committed
def test_two_changes_at_once_leave_one_account(at_once):
    cast = make_cast()
    cast_id = cast.account_id

    def change(number):
        bank_accounts.change(
            cast_id,
            branch=SHINJUKU,
            kind=AccountKind.ORDINARY,
            number=number,
            holder="ヤマダ ハナコ",
            by=cast_id,
            now=NOON + MINUTE,
        )

    results = at_once(*(partial(change, f"{n:07}") for n in range(9_000_000, 9_000_006)))

    assert results == [None] * 6
    assert bank_accounts.find(cast_id) is not None
    assert len(bank_accounts.past(cast_id)) == 6


# The office


@pytest.mark.req("D44")
def test_one_account_of_two_casts_is_looked_at_at_the_later_one():
    first, second = make_cast(has_account=False), make_cast(has_account=False)
    make_bank_account(first, number="1234567")
    later = make_bank_account(second, number="1234567", now=NOON + MINUTE)

    (review,) = account_reviews.queue()

    assert (review.account, review.reasons) == (later, ["shared"])
    assert account_reviews.count_waiting() == 1
    assert [cast.name for cast, _account in account_reviews.sharers(later)] == [first.name]


def test_an_account_that_another_cast_had_before_is_looked_at_too():
    first, second = make_cast(has_account=False), make_cast(has_account=False)
    make_bank_account(first, number="1234567")
    make_bank_account(first, number="7654321", now=NOON + MINUTE)

    later = make_bank_account(second, number="1234567", now=NOON + 2 * MINUTE)

    assert [each.account for each in account_reviews.queue()] == [later]


def test_another_kind_or_branch_with_the_same_number_is_another_account():
    make_bank_account(make_cast(has_account=False), number="1234567")
    make_bank_account(make_cast(has_account=False), number="1234567", kind=AccountKind.SAVINGS)

    assert account_reviews.queue() == []


def test_an_accepted_account_leaves_the_queue_and_a_second_decision_changes_nothing(cast):
    account = make_bank_account(cast, holder="スズキ ハナコ")
    first, second = make_operator(), make_operator()

    account_reviews.accept(account.id, by=first.id, now=NOON)
    account_reviews.ask_correction(account.id, said="別の口座を", by=second.id, now=NOON)

    assert (account.verdict, account.reviewed_by, account.said) == ("accepted", first.id, "")
    assert account_reviews.queue() == []
    assert [each.account for each in account_reviews.decided_lately()] == [account]


@pytest.mark.req("C28")
def test_after_a_correction_was_asked_for_the_cast_works_again_with_another_account(cast):
    account = make_bank_account(cast, holder="スズキ ハナコ")
    account_reviews.ask_correction(account.id, said="ご本人名義で", by=make_operator().id, now=NOON)
    assert refusal(standby.begin, cast.account_id, now=NOON) == {"bank_account_correction"}

    make_bank_account(cast, now=NOON + MINUTE)

    assert bank_accounts.why_not_work(cast.account_id) == []
    assert account_reviews.queue() == []


def test_what_was_replaced_meanwhile_is_not_decided(cast):
    account = make_bank_account(cast, holder="スズキ ハナコ")
    make_bank_account(cast, now=NOON + MINUTE)
    by = make_operator().id

    assert refusal(account_reviews.accept, account.id, by=by, now=NOON) == {"replaced"}


@pytest.mark.committed
def test_two_operators_at_once_make_one_decision(at_once):
    account = make_bank_account(make_cast(has_account=False), holder="スズキ ハナコ")
    account_id, operators = account.id, [make_operator().id for _ in range(4)]

    at_once(
        *(partial(account_reviews.accept, account_id, by=by, now=NOON) for by in operators),
    )

    done = session.scalars(select(AuditEntry).filter_by(did="bank_account.accepted")).all()
    assert len(done) == 1


def test_a_look_at_the_number_is_in_the_audit(cast):
    account = make_bank_account(cast, number="1234567")
    operator = make_operator()

    assert account_reviews.look(account, by=operator.id, now=NOON) == "1234567"

    entry = session.scalars(select(AuditEntry).filter_by(did="bank_account.number_seen")).one()
    assert (entry.by, entry.about) == (operator.id, f"bank_account:{account.id}")
    assert "1234567" not in str(entry.facts)


def test_the_real_name_is_what_is_expected(cast):
    assert bank_accounts.legal_holder(cast.account_id) == "ヤマダ ハナコ"
