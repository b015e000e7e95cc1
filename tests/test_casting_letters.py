"""The mail of the written conditions, and the job that gives both."""

import pytest
from sqlalchemy import select

from app import casting_letters
from app.db import session
from app.mail import Mail
from app.payouts import conditions
from app.payouts.condition_models import ConditionsNotice
from app.people.models import Account
from tests.commissions import name_seller
from tests.factories import NOON, make_cast
from tests.payouts.test_conditions import IN_A_WEEK, plan_price, set_bearer


@pytest.fixture(autouse=True)
def house(at):
    at(NOON)
    name_seller()


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def test_a_cast_is_mailed_their_first_conditions_once(queue):
    cast = make_cast(name="千景")

    queue.do(casting_letters.give_conditions)
    queue.do(casting_letters.give_conditions)

    (mail,) = mails()
    notice = session.scalars(select(ConditionsNotice)).one()
    assert mail.key == f"conditions:{cast.account_id}:1"
    assert mail.subject == "【サシトーク】お仕事の条件をお知らせします"
    assert "11月22日(日)から、次の条件で委託します" in mail.body
    assert "課金された1分ごと: 50円" in mail.body
    assert "予約1枠ごと: 150円" in mail.body
    assert "振込手数料: お支払いする額から差し引きます" in mail.body
    assert f"http://127.0.0.1:5000/cast-room/conditions/{notice.public_id}" in mail.body


@pytest.mark.req("C60")
def test_a_change_is_mailed_before_its_day_in_the_casts_language(queue):
    cast = make_cast()
    session.get_one(Account, cast.account_id).locale = "en"
    queue.do(casting_letters.give_conditions)
    plan_price(IN_A_WEEK)
    queue.do(casting_letters.give_conditions)
    set_bearer(cast_bears_fee=False)
    queue.do(casting_letters.give_conditions)

    _, price, *fee = mails()
    assert price.subject == "Sashitalk: new conditions of your work from Sun 29 Nov"
    assert "Each charged minute: ¥72" in price.body
    assert "Transfer fee: taken from what is paid" in price.body
    # Today's conditions and those ahead are both told anew.
    assert ["Transfer fee: borne by us" in mail.body for mail in fee] == [True, True]


def test_every_cast_is_mailed_however_many_batches(queue, monkeypatch):
    monkeypatch.setattr(conditions, "BATCH", 2)
    casts = [make_cast() for _ in range(5)]

    queue.do(casting_letters.give_conditions)

    assert {mail.account_id for mail in mails()} == {cast.account_id for cast in casts}
