"""Statements as their casts and the office read them."""

from datetime import date, timedelta

import pytest

from app import policy
from app.db import session
from app.payouts import registrations
from app.people.models import Account
from tests import factories, paying, wages
from tests.factories import NOON

DAY = timedelta(days=1)
PAID_ON = date(2026, 12, 30)


@pytest.fixture
def cast(at):
    at(NOON + 40 * DAY)
    return factories.make_cast(name="ひより")


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


@pytest.fixture
def office(cast, client_of):
    return client_of(factories.make_operator())


def pay(cast, *, minutes=20, start=NOON, **more):
    guest = factories.make_guest(points=50_000, nickname="みずいろ", now=start)
    talks = [wages.talk_for(cast, minutes=minutes, now=start, guest=guest)]
    claim = paying.claim_of(cast, talks, now=start + DAY)
    return paying.make_payout(cast, [claim], now=start + 2 * DAY, **more)


@pytest.mark.req("C58")
def test_a_cast_reads_how_the_sum_came_about(desk, cast):
    payout = pay(cast, cast_bears_fee=True, teaches=True, paid_on=PAID_ON)

    listed = desk.get("/cast-room/statements").text
    page = desk.get(f"/cast-room/statements/{payout.public_id}").text

    assert f'href="/cast-room/statements/{payout.public_id}"' in listed
    assert "788円" in listed
    for words in (
        "1,000円",
        "90円",
        "102円",
        "110円",
        "788円",
        "20分",
        "山田 花子",
        "仕入明細書",
    ):
        assert words in page, words
    assert "2026年12月30日(水)" in page
    assert "みずいろ" not in page


def test_the_page_is_there_in_english(desk, cast):
    payout = pay(cast, cast_bears_fee=True, paid_on=PAID_ON)
    desk.post("/language/en")

    page = desk.get(f"/cast-room/statements/{payout.public_id}").text

    assert "Consumption tax in it (10 %)" in page
    assert "¥890" in page


def test_the_file_opens_for_its_cast(desk, cast):
    payout = pay(cast, paid_on=PAID_ON)

    answer = desk.get(f"/cast-room/statements/{payout.public_id}/file")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert f"statement-20261230-{payout.id}.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("end", ["", "/file"])
def test_the_statement_of_another_cast_is_nowhere(desk, cast, end, client_of):
    payout = pay(factories.make_cast(), paid_on=PAID_ON)

    assert desk.get(f"/cast-room/statements/{payout.public_id}{end}").status_code == 404
    guest = client_of(factories.make_guest())
    assert guest.get(f"/cast-room/statements/{payout.public_id}{end}").status_code == 404
    assert guest.get(f"/admin/statements/{payout.public_id}{end}").status_code == 404


def test_before_its_approval_a_payout_has_no_statement(desk, cast):
    payout = pay(cast, approved=False)

    assert "お支払いはまだありません" in desk.get("/cast-room/statements").text
    assert desk.get(f"/cast-room/statements/{payout.public_id}").status_code == 404


def test_what_came_back_is_marked_and_stays(desk, cast):
    payout = pay(cast, paid_on=PAID_ON)
    paying.give_back(payout, now=NOON + 39 * DAY)

    assert "振込が戻りました" in desk.get("/cast-room/statements").text
    page = desk.get(f"/cast-room/statements/{payout.public_id}").text
    assert "このお振り込みは、2026年12月31日(木)に銀行から戻りました" in page


def test_the_office_sees_the_same_and_what_it_may_deduct(office, cast):
    payout = pay(cast, paid_on=PAID_ON)

    page = office.get(f"/admin/statements/{payout.public_id}").text

    assert "報酬 1,000円 の消費税 × 70%" in page
    assert "63円" in page
    assert "2028年9月30日(土)まで 70%" in page
    assert office.get(f"/admin/statements/{payout.public_id}/file").data.startswith(b"%PDF-")


def test_the_office_sees_a_registration_and_where_to_look_it_up(office, cast):
    registrations.enter(
        cast.account_id, "T5912345678901", holds_from=date(2026, 4, 1), by=cast.account_id, now=NOON
    )
    payout = pay(cast, paid_on=PAID_ON)

    for page in (
        office.get(f"/admin/statements/{payout.public_id}").text,
        office.get(f"/admin/casts/{cast.public_id}").text,
    ):
        assert "T5912345678901" in page
        assert "selRegNo=5912345678901" in page
        assert "検査用数字" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"ひより", "千景"}),
        ("first=2026-12-31", {"千景"}),
        ("last=2026-12-30", {"ひより"}),
        ("least=500", {"ひより"}),
        ("most=500", {"千景"}),
        ("q=千景", {"千景"}),
        ("q=山田", {"ひより", "千景"}),
        ("first=nonsense&least=x&most=99999999999&page=-4", {"ひより", "千景"}),
        ("q=%25", set()),
    ],
)
def test_the_office_finds_statements_by_day_amount_and_name(office, cast, asked, found):
    pay(cast, paid_on=PAID_ON)
    pay(factories.make_cast(name="千景"), minutes=2, paid_on=date(2027, 1, 29))

    page = office.get(f"/admin/statements?{asked}").text

    assert {name for name in ("ひより", "千景") if f"<td>{name} " in page} == found


def test_a_cast_enters_corrects_and_takes_out_a_number(desk, cast):
    assert "番号がない方は、何もしなくて大丈夫です" in desk.get("/cast-room/registration").text
    given = {"number": "t5912-3456-78901", "holds_from": "2026-04-01"}
    answer = desk.post("/cast-room/registration", data=given)
    assert (answer.status_code, answer.location) == (303, "/cast-room/registration")

    page = desk.get("/cast-room/registration").text
    assert "T5912345678901" in page
    assert "最初の1桁が残りの12桁と合いません" in page

    desk.post("/cast-room/registration", data={**given, "number": "T6912345678901"})
    assert "合いません" not in desk.get("/cast-room/registration").text

    assert desk.post("/cast-room/registration/end").status_code == 303
    page = desk.get("/cast-room/registration").text
    assert "番号がない方は" in page
    assert "T6912345678901" in page  # among what was entered so far


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"number": "", "holds_from": "2026-04-01"}, "13桁の番号をご入力ください"),
        ({"number": "T123", "holds_from": "2026-04-01"}, "登録番号は「T」と13桁の数字です"),
        ({"number": "T6912345678901", "holds_from": ""}, "登録年月日をご入力ください"),
        ({"number": "T6912345678901", "holds_from": "2023-09-30"}, "2023年10月1日に始まりました"),
        ({"number": "T6912345678901", "holds_from": "1723-09-30"}, "年"),
        ({"number": "\x00\ufffd", "holds_from": "x"}, "読み取れない"),
        ({}, "13桁の番号をご入力ください"),
    ],
)
def test_a_bad_number_comes_back_with_a_sentence(desk, cast, given, words):
    answer = desk.post("/cast-room/registration", data=given)

    assert answer.status_code == 422
    assert words in answer.text
    assert registrations.history_of(cast.account_id) == []


def test_the_years_sums_stand_on_a_page_and_in_a_table(office, cast, monkeypatch):
    assert "最初の支払日のあと" in office.get("/admin/yearly").text
    monkeypatch.setattr(policy, "REPORTED_ABOVE_YEN", 999)
    pay(cast, teaches=True, paid_on=PAID_ON)

    page = office.get("/admin/yearly").text
    table = office.post("/admin/yearly/2026/file")

    assert "1,000円" in page
    assert "999円 超" in page
    assert table.mimetype == "text/csv"
    assert table.data.startswith("\ufeff氏名".encode())
    assert "attachment" in table.headers["Content-Disposition"]
    assert office.post("/admin/yearly/20260/file").status_code == 404
    assert office.get("/admin/yearly?year=1999").status_code == 200


def test_the_sums_are_the_offices_alone(desk):
    assert desk.get("/admin/yearly").status_code == 404
    assert desk.post("/admin/yearly/2026/file").status_code == 404
