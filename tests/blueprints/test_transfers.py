"""The operator's pages of who pays, of transfer fees, and of tax at the source."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.db import session
from app.payouts import fee_rows, remitters, withholding
from app.payouts.models import TransferFee, WithholdingClass
from app.people.models import Account
from tests.factories import (
    NOON,
    make_cast,
    make_fees,
    make_guest,
    make_operator,
    make_remitter,
)

HX = {"HX-Request": "true"}
SETTINGS = "/admin/transfer-settings"
FEES = "/admin/transfer-settings/fees"
WITHHELD = "/admin/transfer-settings/withholding"
TODAY = date(2026, 11, 22)
OURS = {
    "code": "１２３４５６７８９０",  # as an input method leaves it
    "name": "かぶしきがいしゃ　サシトーク",
    "bank_code": "0001",
    "branch_code": "001",
    "account_kind": "1",
    "account_number": "123-4567",
    "bearer": "house",
    "designation": "7",
    "line_ends": "crlf",
    "end_mark": "none",
}
FEE = {
    "bank_code": "",
    "branch_code": "",
    "from_yen": "30000",
    "fee_yen": "330",
    "holds_from": "2026-11-22",
}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def office(client_of):
    return client_of(make_operator())


def page(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def cells(text):
    """The rows of the last table of a page, as words."""
    body = text.rsplit("<tbody>", 1)[1].split("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [re.findall(r"[\d,]+円", re.sub(r"<[^>]+>", " ", row)) for row in rows]


# Who pays


def test_at_first_the_page_offers_what_most_banks_want(office):
    text = page(office, SETTINGS)

    assert "まだ設定がありません" in text
    for chosen in ("cast", "7", "crlf", "none", "1"):
        assert re.search(rf'<input checked[^>]*value="{chosen}"', text), chosen


@pytest.mark.req("D25")
def test_the_warning_of_the_law_stands_beside_the_switch(office):
    text = page(office, SETTINGS)

    assert "2026年1月からの取適法" in text
    assert "弁護士にご相談" in text
    assert "当社負担: 全額がキャストに届く(推奨)" in text


@pytest.mark.req("D25")
def test_settings_are_saved_and_shown_as_the_bank_reads_them(office):
    assert office.post(SETTINGS, data=OURS).location == SETTINGS

    held = remitters.current()
    assert (held.code, held.account_number) == ("1234567890", "1234567")
    assert not held.cast_bears_fee
    text = page(office, SETTINGS)
    assert "ｶﾌﾞｼｷｶﾞｲｼﾔ ｻｼﾄ-ｸ" in text
    assert "みずほ銀行 · 東京営業部" in text
    assert "手数料は当社負担" in text
    assert "11月22日(日)12:00" in text  # since when, and by whom
    assert "operator" in text


def test_htmx_saves_as_well(office):
    answer = office.post(SETTINGS, data=OURS, headers=HX)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, SETTINGS)


@pytest.mark.parametrize("headers", [{}, HX])
def test_one_can_look_first_and_nothing_is_saved(office, headers):
    answer = office.post(SETTINGS, data=OURS | {"look": "1"}, headers=headers)

    assert answer.status_code == 200
    assert "まだ保存していません" in answer.text
    assert "ｶﾌﾞｼｷｶﾞｲｼﾔ ｻｼﾄ-ｸ" in answer.text
    assert 'value="かぶしきがいしゃ　サシトーク"' in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert remitters.current() is None


@pytest.mark.parametrize("look", [{}, {"look": "1"}])
@pytest.mark.parametrize("headers", [{}, HX])
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"name": "株式会社サシトーク"}, "銀行の名義に使えない文字です"),
        ({"name": "ア" * 41}, "銀行の名義は40文字までです"),
        ({"name": ""}, "カタカナで"),
        ({"code": "12345678901"}, "10桁までの数字"),
        ({"code": "abc"}, "10桁までの数字"),
        ({"bank_code": "9999"}, "このコードの銀行はありません"),
        ({"branch_code": "999"}, "この銀行に、このコードの支店はありません"),
        ({"account_number": "12345678"}, "7桁までの数字"),
        ({"account_kind": "4"}, "選"),
        ({"bearer": ""}, "選"),
        ({"name": "ア\x00"}, "読み取れない"),
    ],
)
def test_what_no_bank_takes_is_told_beside_its_field_and_nothing_typed_is_lost(
    office, other, said, headers, look
):
    answer = office.post(SETTINGS, data=OURS | other | look, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="1234567"' in answer.text or "account_number" in other
    assert remitters.current() is None


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"bearer": "cast", "account_kind": "2", "line_ends": "none"},
        {"designation": " "},
        {"designation": "0", "account_kind": "9", "end_mark": "1a"},
    ],
)
def test_the_form_begins_with_what_counts_and_sent_again_changes_nothing(office, other):
    office.post(SETTINGS, data=OURS | other)
    held = remitters.current()

    text = page(office, SETTINGS)
    filled = dict(re.findall(r'<input [^>]*name="(\w+)" [^>]*value="([^"]*)"', text))
    chosen = re.findall(r'<input checked [^>]*name="(\w+)" [^>]*value="([^"]*)"', text)
    again = {name: filled[name] for name in OURS} | dict(chosen)

    assert len(chosen) == 5
    assert again["name"] == "ｶﾌﾞｼｷｶﾞｲｼﾔ ｻｼﾄ-ｸ"
    assert office.post(SETTINGS, data=again).location == SETTINGS
    assert remitters.current().id == held.id


# Fees


@pytest.mark.parametrize("headers", [{}, HX])
def test_who_saves_after_another_operator_is_told_and_may_replace_it(office, headers):
    office.post(SETTINGS, data=OURS | {"seen": ""})
    late = OURS | {"code": "999", "seen": ""}

    told = office.post(SETTINGS, data=late, headers=headers)

    assert told.status_code == 422
    assert "別の設定を保存しました" in told.text
    assert 'value="999"' in told.text
    assert len(remitters.history()) == 1
    version = remitters.version()
    assert f'value="{version}"' in told.text
    office.post(SETTINGS, data=late | {"seen": version}, headers=headers)
    assert remitters.current().code == "0000000999"


def test_a_class_that_another_operator_has_written_meanwhile_is_told(office, cast):
    url = f"/admin/casts/{cast.public_id}/withholding"
    first = {"tax_class": "teaching", "holds_from": "2026-11-30", "seen": ""}
    office.post(url, data=first)

    told = office.post(url, data=first | {"tax_class": "non_resident"})

    assert told.status_code == 422
    assert "別の区分が保存されました" in told.text
    version = withholding.version(cast.account_id)
    again = first | {"tax_class": "non_resident", "seen": version}
    assert office.post(url, data=again).status_code == 303


@pytest.mark.req("D25")
def test_a_fee_is_added_and_the_examples_follow(office):
    make_remitter(cast_bears_fee=True)
    assert office.post(FEES, data=FEE | {"from_yen": "0", "fee_yen": "110"}).location == FEES
    assert office.post(FEES, data=FEE, headers=HX).headers["HX-Redirect"] == FEES

    assert cells(page(office, FEES)) == [
        ["5,000円", "110円", "4,890円", "110円", "0円"],
        ["29,999円", "110円", "29,889円", "110円", "0円"],
        ["30,000円", "110円", "29,890円", "110円", "0円"],
        ["30,329円", "110円", "30,219円", "330円", "220円"],
        ["100,000円", "330円", "99,670円", "330円", "0円"],
    ]


@pytest.mark.req("D25")
def test_where_we_bear_the_fee_the_whole_amount_arrives(office):
    make_remitter(cast_bears_fee=False)
    make_fees(below=110, above=330)

    assert cells(page(office, FEES))[3:] == [
        ["30,329円", "0円", "30,329円", "330円", "330円"],
        ["100,000円", "0円", "100,000円", "330円", "330円"],
    ]


def test_examples_can_be_asked_for_one_bank(office):
    make_fees(below=110, above=330)
    fee = fee_rows.Fee(bank_code="0001", fee_yen=0, holds_from=TODAY)
    fee_rows.add(fee, by=None, now=NOON)

    text = page(office, f"{FEES}?bank=０００１&branch=001")

    assert cells(text)[0] == ["5,000円", "0円", "5,000円", "0円", "0円"]
    assert "みずほ銀行" in text
    assert "このコードの銀行はありません" in page(office, f"{FEES}?bank=9999")
    assert page(office, f"{FEES}?bank=../../x&branch=<b>")


def test_without_a_row_the_page_says_that_transfers_count_as_free(office):
    assert "0円として計算されます" in page(office, FEES)


def test_a_planned_fee_can_be_taken_back_and_a_begun_one_not(office):
    office.post(FEES, data=FEE)
    office.post(FEES, data=FEE | {"holds_from": "2026-12-01", "bank_code": "0001"})
    text = page(office, FEES)
    assert f'action="{FEES}/0001/any/30000/2026-12-01/removal"' in text
    assert "/any/any/30000/2026-11-22/removal" not in text

    begun = office.post(f"{FEES}/any/any/30000/2026-11-22/removal")
    planned = office.post(f"{FEES}/0001/any/30000/2026-12-01/removal")
    again = office.post(f"{FEES}/0001/any/30000/2026-12-01/removal")

    assert (begun.status_code, planned.location, again.status_code) == (409, FEES, 404)
    assert "適用が始まっている" in begun.text
    assert [row.bank_code for row in session.scalars(select(TransferFee))] == [""]


@pytest.mark.parametrize(
    "address",
    [
        *("any/any/1/2026-11-22", "any/any/99999999999999/2026-11-22", "x/y/0/2026-11-22"),
        *("any/any/1/yesterday", "any/any/-1/2026-11-22"),
    ],
)
def test_no_other_fee_is_found(office, address):
    assert office.post(f"{FEES}/{address}/removal").status_code == 404


@pytest.mark.parametrize("headers", [{}, HX])
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"fee_yen": "ten"}, "整数"),
        ({"fee_yen": ""}, "整数"),
        ({"fee_yen": "99999"}, "0円から10,000円まで"),
        ({"from_yen": "-1"}, "0円から999,999,999円まで"),
        ({"holds_from": "2026-11-21"}, "今日以降"),
        ({"holds_from": ""}, "日"),
        ({"bank_code": "9999"}, "このコードの銀行はありません"),
        ({"branch_code": "001"}, "支店の銀行コードも"),
        ({"bank_code": "0001", "branch_code": "abc"}, "支店はありません"),
    ],
)
def test_a_fee_that_cannot_be_is_told_beside_its_field(office, other, said, headers):
    answer = office.post(FEES, data=FEE | other, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert session.scalars(select(TransferFee)).all() == []


# Tax at the source


@pytest.fixture
def cast():
    return make_cast(name="千景")


def test_a_class_is_chosen_for_a_cast_and_listed(office, cast):
    url = f"/admin/casts/{cast.public_id}/withholding"
    assert url in page(office, f"/admin/casts/{cast.public_id}")
    assert "源泉徴収の対象者はいません" in page(office, WITHHELD)

    chosen = {"tax_class": "teaching", "holds_from": "2026-12-01"}
    assert office.post(url, data=chosen).location == url
    assert office.post(url, data=chosen, headers=HX).headers["HX-Redirect"] == url

    assert withholding.class_of(cast.account_id, on=TODAY) is WithholdingClass.NONE
    for shown in (url, WITHHELD):
        text = page(office, shown)
        assert "千景" in text
        assert "10.21 %" in text
        assert "12月1日(火)" in text


@pytest.mark.parametrize("headers", [{}, HX])
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"holds_from": "2026-11-21"}, "今日以降"),
        ({"holds_from": "soon"}, "日付"),
        ({"tax_class": "hostess"}, "選"),
        ({"tax_class": ""}, "選"),
    ],
)
def test_a_class_that_cannot_be_is_told_beside_its_field(office, cast, other, said, headers):
    url = f"/admin/casts/{cast.public_id}/withholding"

    answer = office.post(
        url, data={"tax_class": "teaching", "holds_from": "2026-12-01"} | other, headers=headers
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert withholding.history(cast.account_id) == []


def test_only_operators_find_any_of_it(client_of, cast, office):
    one = f"/admin/casts/{cast.public_id}/withholding"
    strangers = client_of(make_guest()), client_of(session.get_one(Account, cast.account_id))
    for stranger in strangers:
        for url in (SETTINGS, FEES, WITHHELD, one):
            assert stranger.get(url).status_code == 404
        for url, data in ((SETTINGS, OURS), (FEES, FEE), (one, {"tax_class": "teaching"})):
            assert stranger.post(url, data=data).status_code == 404
    assert office.get("/admin/casts/nobody/withholding").status_code == 404
    assert remitters.current() is None


@pytest.mark.parametrize("url", [SETTINGS, FEES, WITHHELD])
def test_the_pages_are_there_in_english_too(office, url):
    make_remitter()

    office.set_cookie("locale", "en")

    text = page(office, url)

    assert "Transfer settings" in text
    assert "振込設定" not in text
