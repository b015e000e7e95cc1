"""What casts were paid in a year, and the table of it."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.casts.models import LegalName
from app.db import session
from app.payouts import registrations, yearly
from tests import factories, paying, wages
from tests.factories import NOON

DAY = timedelta(days=1)


def pay(cast, *, minutes=2, paid_on=date(2026, 12, 30), start=NOON, **amounts):
    claim = paying.claim_of(cast, [wages.talk_for(cast, minutes=minutes, now=start)])
    return paying.make_payout(cast, [claim], paid_on=paid_on, **amounts)


def test_a_year_sums_what_was_paid_in_it_by_the_banks_day():
    cast = factories.make_cast(name="ひより")
    pay(cast, minutes=20, teaches=True, cast_bears_fee=True)
    pay(cast, minutes=4, start=NOON + DAY)
    pay(cast, minutes=6, start=NOON + 2 * DAY, paid_on=date(2027, 1, 29))

    (last,) = yearly.sums_of(2026)

    assert (last.real_name, last.kana, last.cast_name) == ("山田 花子", "ヤマダ ハナコ", "ひより")
    assert (last.payments, last.paid_yen, last.taxed_yen, last.withheld_yen) == (2, 1200, 1200, 122)
    assert [each.paid_yen for each in yearly.sums_of(2027)] == [300]
    assert yearly.years() == [2027, 2026]


def test_the_tax_office_is_told_only_of_what_the_law_names():
    """Talking is not in 所得税法204条, so a year without any class is reported nowhere."""
    pay(factories.make_cast(), minutes=20)

    (last,) = yearly.sums_of(2026)

    assert (last.paid_yen, last.taxed_yen, last.is_reported) == (1_000, 0, False)


def test_what_came_back_or_still_waits_does_not_count():
    cast = factories.make_cast()
    paying.give_back(pay(cast), now=NOON + 45 * DAY)
    paying.make_payout(factories.make_cast())

    assert yearly.sums_of(2026) == []
    assert yearly.years() == []


@pytest.mark.parametrize(("minutes", "is_reported"), [(1000, False), (1001, True)])
def test_more_than_fifty_thousand_yen_is_reported(minutes, is_reported):
    total = yearly.Sum(
        real_name="",
        kana="",
        cast_name="",
        registration="",
        payments=1,
        paid_yen=1_000_000,
        taxed_yen=minutes * 50,
        withheld_yen=0,
    )

    assert total.is_reported is is_reported


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing():
    cast = factories.make_cast(name="=HYPERLINK(1)")
    legal = session.get_one(LegalName, cast.account_id)
    legal.family_name, legal.given_name = "髙橋", "花,子"
    registrations.enter(
        cast.account_id,
        "T6912345678901",
        holds_from=date(2026, 4, 1),
        by=cast.account_id,
        now=NOON,
    )
    pay(cast, minutes=20, teaches=True)

    table = yearly.export(2026, by=factories.make_operator().id, now=NOON)

    assert table.startswith("\ufeff氏名,フリガナ,")
    _, row = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    assert row == [
        *("髙橋 花,子", "ヤマダ ハナコ", "'=HYPERLINK(1)", "T6912345678901"),
        *("1", "1000", "1000", "102", ""),
    ]


def test_who_took_the_table_is_in_the_audit():
    operator = factories.make_operator()
    pay(factories.make_cast())

    yearly.export(2026, by=operator.id, now=NOON)

    wanted = select(AuditEntry).where(AuditEntry.did == "payouts.year_exported")
    (entry,) = session.scalars(wanted)
    assert (entry.by, entry.about, entry.facts) == (operator.id, "year:2026", {"casts": 1})
