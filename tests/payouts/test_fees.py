"""Transfer fees: which row counts, and what is taken of an amount whose receiver bears the fee."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payouts import fee_rows, fees
from app.payouts.fees import Tariff
from app.payouts.models import TransferFee
from tests.factories import NOON, make_fees

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def add(**fee) -> TransferFee:
    return fee_rows.add(fee_rows.Fee(**{"holds_from": TODAY, **fee}), by=None, now=NOON)


def test_the_row_that_names_more_counts_and_of_those_the_highest_amount_reached():
    make_fees(below=110, above=330)
    add(bank_code="0001", fee_yen=0)
    add(bank_code="0001", from_yen=50_000, fee_yen=55)
    add(bank_code="0001", branch_code="001", from_yen=40_000, fee_yen=11)

    found = {
        (bank, branch, yen): fees.fee_of(bank, branch, yen, on=TODAY)
        for bank, branch, yen in (
            ("0005", "341", 29_999),
            ("0005", "341", 30_000),
            ("0001", "110", 49_999),
            ("0001", "110", 50_000),
            ("0001", "001", 39_999),
            ("0001", "001", 60_000),
        )
    }

    assert list(found.values()) == [110, 330, 0, 55, 0, 11]


def test_a_row_counts_from_its_day_on_and_the_newer_one_of_the_same_kind():
    make_fees(below=110, above=330)
    add(from_yen=30_000, fee_yen=440, holds_from=TODAY + 3 * DAY)

    assert fees.fee_of("0005", "341", 30_000, on=TODAY - DAY) == 0
    assert fees.fee_of("0005", "341", 30_000, on=TODAY + 2 * DAY) == 330
    assert fees.fee_of("0005", "341", 30_000, on=TODAY + 3 * DAY) == 440
    assert fees.fee_of("0005", "341", 29_999, on=TODAY + 3 * DAY) == 110


@pytest.mark.req("D25")
@pytest.mark.parametrize(
    ("amount", "fee", "arrives"),
    [
        (5_000, 110, 4_890),
        (29_999, 110, 29_889),
        (30_000, 110, 29_890),
        (30_109, 110, 29_999),
        (30_110, 110, 30_000),
        (30_329, 110, 30_219),  # 330 would leave 29,999, for which the bank takes 110
        (30_330, 330, 30_000),
        (100_000, 330, 99_670),
    ],
)
def test_never_more_is_taken_than_the_bank_takes(amount, fee, arrives):
    make_fees(below=110, above=330)

    taken = fees.deducted("0005", "341", amount, on=TODAY)

    assert (taken, amount - taken) == (fee, arrives)
    assert taken <= fees.fee_of("0005", "341", arrives, on=TODAY)


@given(
    steps=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 900)), max_size=5),
    amount=st.integers(1, 3_000),
)
def test_whatever_the_tariff_the_bank_takes_at_least_what_is_taken_of_the_cast(steps, amount):
    rows = [
        TransferFee(
            bank_code="",
            branch_code="",
            from_yen=start,
            fee_yen=fee,
            holds_from=TODAY + number * DAY,
        )
        for number, (start, fee) in enumerate(steps)
    ]
    tariff = Tariff(rows)

    taken = tariff.deducted("0005", "341", amount)

    assert 0 <= taken <= tariff.fee_of("0005", "341", amount)
    assert taken < amount
    assert taken <= tariff.fee_of("0005", "341", max(amount - taken, 0))


@pytest.mark.req("D26")
@pytest.mark.parametrize(("amount", "fee"), [(50, 0), (110, 0), (111, 110)])
def test_a_fee_as_high_as_the_amount_is_not_taken_of_it(amount, fee):
    make_fees(below=110, above=330)

    assert fees.deducted("0005", "341", amount, on=TODAY) == fee


def test_without_any_row_a_transfer_costs_nothing():
    assert fees.fee_of("0005", "341", 5_000, on=TODAY) == 0
    assert fees.deducted("0005", "341", 5_000, on=TODAY) == 0


def test_examples_tell_what_arrives_and_who_bears_what():
    make_fees(below=110, above=330)

    borne = fees.examples("", "", on=TODAY, cast_bears_fee=True)
    ours = fees.examples("", "", on=TODAY, cast_bears_fee=False)

    told = [(each.amount_yen, each.taken_yen, each.arrives_yen, each.ours_yen) for each in borne]
    assert told == [
        (5_000, 110, 4_890, 0),
        (29_999, 110, 29_889, 0),
        (30_000, 110, 29_890, 0),
        (30_329, 110, 30_219, 220),
        (100_000, 330, 99_670, 0),
    ]
    assert [(each.arrives_yen, each.ours_yen) for each in ours] == [
        *((5_000, 110), (29_999, 110), (30_000, 330), (30_329, 330), (100_000, 330)),
    ]
