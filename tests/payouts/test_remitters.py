"""Who pays: rows that are only added, read by the last one, and written as the bank reads them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.payouts import banks_file, remitters
from app.payouts.remitters import Settings
from tests.factories import NOON, make_operator, make_remitter
from tests.payouts.test_banks_file import YAMADA

OURS = Settings(
    code="12345",
    name="かぶしきがいしゃ サシトーク",
    bank_code="0001",
    branch_code="001",
    account_number="4567",
    cast_bears_fee=True,
)
LATER = NOON + timedelta(days=1)


def test_nobody_pays_before_anything_is_written():
    assert remitters.current() is None
    assert remitters.history() == []


def test_settings_are_kept_as_the_bank_reads_them():
    remitters.write(OURS, by=None, now=NOON)

    row = remitters.current()
    assert (row.code, row.account_number) == ("0000012345", "0004567")
    assert row.name == "ｶﾌﾞｼｷｶﾞｲｼﾔ ｻｼﾄ-ｸ"
    assert (row.bank_name, row.branch_name) == ("ﾐｽﾞﾎ", "ﾄｳｷﾖｳ")
    assert (row.designation, row.line_ends, row.end_mark) == ("7", True, False)
    pay_on = date(2026, 11, 30)
    assert banks_file.why_not_write(row, pay_on, [YAMADA], today=pay_on) == []


@pytest.mark.req("D25")
def test_every_change_is_a_further_row_that_tells_who_wrote_what_when():
    operator = make_operator()
    first = remitters.write(OURS, by=operator.id, now=NOON)
    second = remitters.write(replace(OURS, cast_bears_fee=False), by=operator.id, now=LATER)

    assert remitters.current() is second
    assert [(row.id, nickname) for row, nickname in remitters.history()] == [
        (second.id, operator.nickname),
        (first.id, operator.nickname),
    ]
    assert first.cast_bears_fee
    noted = session.scalars(select(AuditEntry).filter_by(did="remitter.written")).all()
    assert (noted[-1].by, noted[-1].at) == (operator.id, LATER)
    assert noted[-1].facts == {"cast_bears_fee": False}


def test_the_same_settings_again_change_nothing():
    first = make_remitter()

    assert make_remitter(now=LATER) is first
    assert len(remitters.history()) == 1


@pytest.mark.parametrize(
    ("other", "about", "code"),
    [
        ({"code": "12345678901"}, "code", "no_code"),
        ({"code": ""}, "code", "no_code"),
        ({"code": "１２３"}, "code", "no_code"),
        ({"code": "12a"}, "code", "no_code"),
        ({"name": "株式会社サシトーク"}, "name", "not_in_banks"),
        ({"name": " "}, "name", "no_name"),
        ({"name": "ア゛"}, "name", "stray_mark"),
        ({"name": "ガ" * 20 + "ア"}, "name", "too_long"),
        ({"bank_code": "9999"}, "bank_code", "no_bank"),
        ({"bank_code": "../x"}, "bank_code", "no_bank"),
        ({"branch_code": "999"}, "branch_code", "no_branch"),
        ({"account_number": "12345678"}, "account_number", "no_account_number"),
        ({"account_number": "-1"}, "account_number", "no_account_number"),
        ({"account_kind": "4"}, "account_kind", "no_account_kind"),
        ({"account_kind": ""}, "account_kind", "no_account_kind"),
        ({"designation": "8"}, "designation", "no_designation"),
    ],
)
def test_what_no_bank_knows_us_by_is_told_beside_its_field(other, about, code):
    with pytest.raises(Refused) as refused:
        remitters.write(replace(OURS, **other), by=None, now=NOON)

    assert [(each.about, each.code) for each in refused.value.problems] == [(about, code)]
    assert remitters.current() is None


def test_a_name_of_forty_signs_is_kept_whole():
    row = remitters.write(replace(OURS, name="ガ" * 20), by=None, now=NOON)

    assert row.name == "ｶﾞ" * 20


def test_a_draft_is_not_kept():
    remitters.draft(OURS)
    session.flush()

    assert remitters.current() is None
