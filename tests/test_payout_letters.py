"""The mails about rewards, as their readers find them in the mailbox."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import payout_letters
from app.db import session
from app.mail import Mail, MailState
from app.payouts.models import ClaimKind, Payout, ReturnReason
from app.people.models import Account
from tests import factories, paying, wages
from tests.factories import NOON

DAY = timedelta(days=1)
PAID_ON = date(2026, 12, 30)
PAID_AT = factories.japan(2026, 12, 30, 14)


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def the_mail():
    (mail,) = mails()
    return mail


def email_of(cast):
    return session.get_one(Account, cast.account_id).email


def make_paid(cast, *, locale="ja", **amounts):
    session.get_one(Account, cast.account_id).locale = locale
    claim = paying.claim_of(cast, [wages.talk_for(cast, minutes=20)])
    return paying.make_payout(cast, [claim], paid_on=PAID_ON, **amounts)


@pytest.mark.req("C57", "C58")
def test_a_paid_cast_reads_amount_fee_and_day(at):
    cast = factories.make_cast()
    payout = make_paid(cast, cast_bears_fee=True, teaches=True)
    email, public_id, digits = email_of(cast), payout.public_id, payout.account_number[-4:]
    at(PAID_AT)

    payout_letters.tell_of_payouts()

    mail = the_mail()
    assert mail.to == email
    assert mail.subject == "【サシトーク】報酬 788円 をお振り込みしました"
    for words in (
        f"口座番号の下4桁が {digits} の口座",
        "支払日: 2026年12月30日(水)",
        "報酬: 1,000円",
        "源泉徴収税額: 102円",
        "差し引いた振込手数料: 110円",
        f"http://127.0.0.1:5000/cast-room/statements/{public_id}",
        "7日以内にご連絡ください",
    ):
        assert words in mail.body, words


@pytest.mark.req("C57")
def test_the_mail_is_in_its_readers_language(at):
    make_paid(factories.make_cast(), locale="en", cast_bears_fee=True)
    at(PAID_AT)

    payout_letters.tell_of_payouts()

    assert the_mail().subject == "Sashitalk: ¥890 was transferred to you"
    assert "Pay day: Wed 30 Dec 2026" in the_mail().body
    assert "Income tax" not in the_mail().body


@pytest.mark.req("C57")
def test_each_payment_is_told_once_however_often_the_job_runs(at, monkeypatch):
    monkeypatch.setattr(payout_letters, "BATCH", 2)
    for _ in range(5):
        paying.make_payout(factories.make_cast(), paid_on=PAID_ON)
    for hours in range(2):
        at(PAID_AT + timedelta(hours=hours))
        payout_letters.tell_of_payouts()

    assert len(mails()) == 5


def test_nothing_is_told_before_the_bank_has_paid(at):
    paying.make_payout(factories.make_cast())
    at(PAID_AT)

    payout_letters.tell_of_payouts()

    assert mails() == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (ReturnReason.NO_ACCOUNT, "理由: 該当する口座がありません。"),
        (ReturnReason.OTHER_NAME, "理由: 口座名義が銀行の登録と異なります。"),
        (ReturnReason.CLOSED, "理由: 口座が解約されています。"),
        (ReturnReason.OTHER, "理由: 銀行から理由の連絡はありませんでした。"),
    ],
)
def test_money_that_came_back_asks_for_the_account(at, reason, words):
    payout = make_paid(factories.make_cast())
    paying.give_back(payout, reason=reason, now=PAID_AT + DAY)
    at(PAID_AT + DAY)

    payout_letters.tell_of_payouts()

    mail = the_mail()
    assert mail.subject == "【サシトーク】お振り込みが戻りました。口座をご確認ください"
    assert words in mail.body
    assert "金額: 1,000円" in mail.body
    assert "戻った日: 2026年12月31日(木)" in mail.body
    assert "http://127.0.0.1:5000/cast-room/account\n" in mail.body
    assert "次の振込であらためてお支払いし" in mail.body


def test_a_payment_that_comes_back_later_is_told_a_second_time(at):
    payout_id = make_paid(factories.make_cast()).id
    at(PAID_AT)
    payout_letters.tell_of_payouts()
    paying.give_back(session.get_one(Payout, payout_id), now=PAID_AT + 3 * DAY)
    at(PAID_AT + 3 * DAY)

    payout_letters.tell_of_payouts()

    assert [mail.key.split(":")[2] for mail in mails()] == ["paid", "returned"]


def test_what_the_closing_claimed_is_told_with_its_pay_day(at):
    cast = factories.make_cast()
    closed_at = factories.japan(2026, 12, 1, 3)
    talks = [wages.talk_for(cast, minutes=12)]
    claim = paying.claim_of(cast, talks, kind=ClaimKind.CLOSING, now=closed_at)
    claim_id = claim.public_id
    at(closed_at)

    payout_letters.tell_of_payouts()
    payout_letters.tell_of_payouts()

    mail = the_mail()
    assert mail.subject == "【サシトーク】報酬 600円 を2026年12月30日(水)にお支払いします"
    assert "対象のトーク: 1件" in mail.body
    assert "お手続きは必要ありません" in mail.body
    assert f"http://127.0.0.1:5000/cast-room/claims/{claim_id}\n" in mail.body


def test_a_claim_that_the_cast_made_is_not_told(at):
    paying.claim_of(factories.make_cast())
    at(NOON + 2 * DAY)

    payout_letters.tell_of_payouts()

    assert mails() == []


def test_who_has_left_is_not_written_to_and_holds_up_nobody(at):
    gone, stays = factories.make_cast(), factories.make_cast()
    for cast in (gone, stays):
        make_paid(cast)
    session.get_one(Account, gone.account_id).closed_at = NOON + DAY
    email = email_of(stays)
    at(PAID_AT)

    payout_letters.tell_of_payouts()

    left_out, sent = mails()
    assert (left_out.state, left_out.to) == (MailState.WITHDRAWN, "")
    assert sent.to == email


def test_a_mail_that_cannot_be_written_holds_up_nobody(at, monkeypatch):
    broken, whole = (make_paid(factories.make_cast()).id for _ in range(2))
    write = payout_letters.write

    def fail_for_the_first(name, **context):
        if context["payout"].id == broken:
            raise RuntimeError("a broken template")
        write(name, **context)

    monkeypatch.setattr(payout_letters, "write", fail_for_the_first)
    at(PAID_AT)
    payout_letters.tell_of_payouts()

    assert the_mail().key == f"payout:{whole}:paid"
