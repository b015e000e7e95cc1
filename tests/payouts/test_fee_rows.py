"""The operator's rows of transfer fees: added, listed, and taken back until they begin."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.payouts import fee_rows
from app.payouts.models import TransferFee
from tests.factories import NOON, make_fees, make_operator

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def add(**fee) -> TransferFee:
    return fee_rows.add(fee_rows.Fee(**{"holds_from": TODAY, **fee}), by=None, now=NOON)


@pytest.mark.parametrize(
    ("fee", "about", "code"),
    [
        ({"holds_from": TODAY - DAY}, "holds_from", "too_early"),
        ({"fee_yen": -1}, "fee_yen", "out_of_range"),
        ({"fee_yen": 10_001}, "fee_yen", "out_of_range"),
        ({"from_yen": -1}, "from_yen", "out_of_range"),
        ({"from_yen": 10**12}, "from_yen", "out_of_range"),
        ({"bank_code": "9999"}, "bank_code", "no_bank"),
        ({"branch_code": "001"}, "bank_code", "no_bank"),
        ({"bank_code": "0001", "branch_code": "999"}, "branch_code", "no_branch"),
        ({"from_yen": 30_000}, "holds_from", "taken"),
    ],
)
def test_a_row_that_cannot_be_is_told_beside_its_field(fee, about, code):
    make_fees()

    with pytest.raises(Refused) as refused:
        add(**{"fee_yen": 110, **fee})

    assert [(each.about, each.code) for each in refused.value.problems] == [(about, code)]


def test_a_row_that_has_begun_stays_and_a_planned_one_can_be_taken_back():
    operator = make_operator()
    begun, planned = add(fee_yen=110), add(fee_yen=220, holds_from=TODAY + DAY)

    with pytest.raises(Refused) as refused:
        fee_rows.remove(begun, by=operator.id, now=NOON)
    fee_rows.remove(planned, by=operator.id, now=NOON)

    assert refused.value.codes == {"begun"}
    assert [line.row for line in fee_rows.lines(today=TODAY)] == [begun]
    did = session.scalars(select(AuditEntry.did).filter_by(by=operator.id)).all()
    assert did == ["transfer_fee.removed"]


def test_lines_tell_what_holds_and_until_when():
    add(fee_yen=110)
    add(fee_yen=220, holds_from=TODAY + DAY)
    add(fee_yen=0, bank_code="0001", branch_code="001")

    today = fee_rows.lines(today=TODAY)
    tomorrow = fee_rows.lines(today=TODAY + DAY)

    told = [(line.row.fee_yen, line.is_ahead, line.holds, line.until) for line in today]
    assert told == [
        (220, True, False, None),
        (110, False, True, TODAY + DAY),
        (0, False, True, None),
    ]
    assert [line.holds for line in tomorrow] == [True, False, True]
    assert (today[2].bank, today[2].branch) == ("みずほ銀行", "東京営業部")


@pytest.mark.committed
def test_two_operators_at_once_add_one_row(at_once):
    def add_one():
        add(fee_yen=110)

    outcomes = at_once(add_one, add_one)

    assert len(fee_rows.lines(today=TODAY)) == 1
    assert [type(each) for each in outcomes if each is not None] == [Refused]
