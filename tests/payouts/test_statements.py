"""What a statement says for ever, from the moment its payout is approved."""

from datetime import date, timedelta

import pytest

from app.db import session
from app.payouts import registrations, statements
from app.texts import publishing
from app.texts.models import TextKind
from tests import factories, paying, wages
from tests.factories import NOON

DAY = timedelta(days=1)


@pytest.mark.req("C58")
def test_the_facts_name_both_sides_the_time_and_the_talks():
    write_notice()
    cast = factories.make_cast(name="ひより")
    talks = [wages.talk_for(cast, minutes=2), wages.talk_for(cast, minutes=4, now=NOON + DAY)]
    payout = paying.make_payout(cast, [paying.claim_of(cast, talks)])

    assert payout.statement == {
        "payer": "株式会社サシトーク",
        "payer_address": "東京都千代田区1-1",
        "payer_phone": "03-1234-5678",
        "payee": "山田 花子",
        "cast_name": "ひより",
        "fee_borne_by": "house",
        "registration": "",
        "issued_on": "2026-11-24",
        "first_on": "2026-11-22",
        "last_on": "2026-11-23",
        "yen_at_70": "300",
    }


def test_without_a_legal_notice_the_payer_is_named_as_the_bank_knows_it():
    payout = paying.make_payout(factories.make_cast())

    assert payout.statement["payer"] == "カ)テストウンエイ"


def test_a_registration_counts_for_the_talks_from_its_day_on():
    cast = factories.make_cast()
    talks = [wages.talk_for(cast, minutes=2), wages.talk_for(cast, minutes=4, now=NOON + DAY)]
    registrations.enter(
        cast.account_id,
        "T6912345678901",
        holds_from=date(2026, 11, 23),
        by=cast.account_id,
        now=NOON + DAY,
    )
    payout = paying.make_payout(cast, [paying.claim_of(cast, talks)])

    assert payout.statement["registration"] == "T6912345678901"
    assert (payout.statement["yen_at_100"], payout.statement["yen_at_70"]) == ("200", "100")


def test_a_registration_entered_later_does_not_change_a_statement():
    cast = factories.make_cast()
    payout = paying.make_payout(cast)
    registrations.enter(
        cast.account_id,
        "T6912345678901",
        holds_from=date(2026, 4, 1),
        by=cast.account_id,
        now=NOON + 3 * DAY,
    )
    session.refresh(payout)

    assert (payout.statement["registration"], payout.statement["yen_at_70"]) == ("", "100")


def test_the_talks_of_a_payout_that_came_back_stay_on_its_statement():
    cast = factories.make_cast()
    payout = paying.make_payout(cast, paid_on=date(2026, 12, 30))
    paying.give_back(payout, now=NOON + 40 * DAY)

    assert [item.yen for item in statements.items_of(payout)] == [100]


def write_notice():
    words = {
        "seller": "株式会社サシトーク",
        "responsible": "佐藤",
        "address": "東京都千代田区1-1",
        "phone": "03-1234-5678",
        "email": "office@example.com",
        "telecom": "A-06-12345",
    }
    publishing.publish(
        TextKind.COMMERCE,
        fields={name: {"ja": said} for name, said in words.items()},
        body_ja="",
        body_en="",
        holds_from=NOON,
        based_on=0,
        by=factories.make_operator().id,
        now=NOON,
    )
