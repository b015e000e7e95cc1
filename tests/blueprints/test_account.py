"""The cast's bank account, from the first letter of the bank to the mail."""

import re

import pytest
from sqlalchemy import select

from app import policy
from app.casts import account_reviews, bank_accounts
from app.casts.models import State
from app.db import session
from app.mail import Mail
from app.people.models import Account
from tests.factories import (
    NOON,
    PASSWORD,
    make_bank_account,
    make_cast,
    make_guest,
    make_operator,
)

HX = {"HX-Request": "true"}
URL = "/cast-room/account"
GOOD = {
    "bank": "0005",
    "branch": "341",
    "kind": "ordinary",
    "number": "1234567",
    "holder": "ヤマダ ハナコ",
    "password": PASSWORD,
}


@pytest.fixture
def cast(at):
    at(NOON)
    return make_cast(name="千景", has_account=False)


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


def page(browser, url, status=200):
    answer = browser.get(url)
    assert answer.status_code == status
    return answer.text


def follow(browser, text, words):
    """Go where the link with these words leads."""
    links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return page(browser, next(url for url, inside in links if words in inside))


def the_mail():
    return session.scalars(select(Mail).order_by(Mail.id.desc())).first()


@pytest.mark.req("C5", "C27")
def test_from_the_dashboard_to_the_account_without_javascript(desk, cast):
    missing = page(desk, "/cast-room")
    assert "報酬を受け取る銀行口座を登録してください" in missing

    start = follow(desk, follow(desk, missing, "銀行口座の登録へ"), "口座を登録する")
    assert "よく使われる金融機関" in start
    branches = follow(desk, page(desk, f"{URL}/new?words=みつびし"), "三菱UFJ銀行")
    assert "支店" in branches
    form = follow(desk, page(desk, f"{URL}/new/0005?words=しんじゅく"), "新宿 ")
    assert 'value="ヤマダ ハナコ"' in form
    assert desk.post(URL, data=GOOD).status_code == 303

    shown = page(desk, URL)
    assert "•••4567" in shown
    assert "1234567" not in shown
    assert "ﾔﾏﾀﾞ ﾊﾅｺ" in shown
    assert 'id="cast-room-missing"' not in page(desk, "/cast-room")
    assert desk.post("/cast-room/standby").status_code == 303
    session.refresh(cast)
    assert cast.state is State.ONLINE


@pytest.mark.req("C27")
def test_without_an_account_the_switch_and_the_schedule_say_why(desk, cast):
    refused = desk.post("/cast-room/standby", headers=HX)
    assert refused.status_code == 409
    assert "報酬を受け取る銀行口座を登録してください" in refused.text

    data = {"week": "2026-11-23", "at": "2026-11-24T20:00+09:00"}
    answer = desk.post("/cast-room/schedule", data=data)
    assert answer.status_code == 422
    assert 'id="cast-room-missing"' in answer.text
    assert f'href="{URL}"' in answer.text
    assert answer.text.count("報酬を受け取る銀行口座を登録してください") == 1
    assert session.get_one(type(cast), cast.account_id).state is State.OFFLINE


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"{URL}/new/banks?words=mizuho", "みずほ銀行"),
        (f"{URL}/new/banks?words=0036", "楽天銀行"),
        (f"{URL}/new/banks?words=%3Cscript%3E", "&lt;script&gt;"),
        (f"{URL}/new/0005/branches?words=shinjuku", "新宿"),
        (f"{URL}/new/0005/branches?words=zzz", "zzz"),
    ],
)
def test_suggestions_come_while_one_types(desk, url, words):
    answer = desk.get(url, headers=HX)

    assert words in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}/new/9999",
        f"{URL}/new/0005/000",
        f"{URL}/new/9999/001",
        f"{URL}/new/..%2F0005/001",
        f"{URL}/new/banks/001",
        f"{URL}/new/9999/branches",
    ],
)
def test_a_bank_that_does_not_exist_is_no_page(desk, url):
    page(desk, url, status=404)


@pytest.mark.parametrize("place", [{"bank": "9999"}, {"branch": "000"}, {"bank": ""}])
def test_nor_can_it_be_registered(desk, cast, place):
    assert desk.post(URL, data=GOOD | place).status_code == 404
    assert bank_accounts.find(cast.account_id) is None


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("number", ""),
        ("number", "12345678"),
        ("number", "12a4567"),
        ("holder", ""),
        ("holder", "山田花子"),
        ("kind", "gold"),
        ("password", ""),
        ("password", "not my password"),
    ],
)
def test_a_bad_form_comes_back_with_a_sentence_and_all_but_the_password(desk, cast, field, bad):
    answer = desk.post(URL, data=GOOD | {field: bad})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    for name in {"number", "holder"} - {field}:
        assert f'value="{GOOD[name]}"' in answer.text
    assert PASSWORD not in answer.text
    assert bank_accounts.find(cast.account_id) is None
    assert the_mail() is None


def test_the_password_cannot_be_guessed(desk):
    for _ in range(int(policy.LOGIN_TRIES.split()[0])):
        assert desk.post(URL, data=GOOD | {"password": "guess"}).status_code == 422

    assert desk.post(URL, data=GOOD).status_code == 429


def test_a_number_may_be_typed_as_one_likes(desk, cast):
    desk.post(URL, data=GOOD | {"number": "１２-３ ４５"})

    assert bank_accounts.find(cast.account_id).number == "0012345"


@pytest.mark.parametrize(
    ("locale", "subject", "words"),
    [
        ("ja", "【サシトーク】報酬の振込先口座が登録されました", "お心当たりのない場合"),
        ("en", "Sashitalk: the bank account for your rewards was registered", "not you"),
    ],
)
def test_a_change_is_mailed_with_the_number_masked(desk, cast, locale, subject, words):
    session.get_one(Account, cast.account_id).locale = locale
    desk.post(URL, data=GOOD)

    mail = the_mail()
    assert mail.subject == subject
    assert "三菱UFJ銀行 新宿 •••4567" in mail.body
    assert words in mail.body
    assert "http://127.0.0.1:5000/cast-room/account" in mail.body
    assert "1234567" not in mail.body
    assert "異なる" not in mail.body


def test_the_same_account_pressed_twice_is_one_and_one_mail(desk, cast):
    for _ in range(2):
        assert desk.post(URL, data=GOOD).status_code == 303

    assert len(session.scalars(select(Mail)).all()) == 1
    assert "すでに登録されています" in page(desk, URL)


def test_a_wo_is_kept_as_banks_write_it_and_that_is_said(desk, cast):
    desk.post(URL, data=GOOD | {"holder": "ヲノ ハナコ"})

    assert "「ヲ」を「オ」と書く" in page(desk, URL)
    assert bank_accounts.find(cast.account_id).holder == "ｵﾉ ﾊﾅｺ"


@pytest.mark.req("C28", "D27")
def test_another_name_is_taken_and_marked_as_being_checked(desk, cast):
    assert desk.post(URL, data=GOOD | {"holder": "スズキ ハナコ"}).status_code == 303

    shown = page(desk, URL)
    assert "確認中" in shown
    assert "異なるため" in the_mail().body
    assert desk.post("/cast-room/standby").status_code == 303
    assert len(account_reviews.queue()) == 1


def test_the_account_before_stays_in_the_history_masked(desk, cast):
    desk.post(URL, data=GOOD)
    desk.post(URL, data=GOOD | {"number": "7654321"})

    shown = page(desk, URL)
    assert "•••4321" in shown
    assert "•••4567" in shown
    assert "7654321" not in shown


# ゆうちょ


def test_symbol_and_number_are_shown_for_comparison_before_anything_is_kept(desk, cast):
    answer = desk.post(f"{URL}/new/yucho", data={"symbol": "１０５３０", "number": "12345671"})

    assert answer.status_code == 200
    assert "振込用" in answer.text
    assert "〇五八" in answer.text
    assert re.search(r'name="number"[^>]*value="1234567"', answer.text)
    assert bank_accounts.find(cast.account_id) is None
    desk.post(URL, data=GOOD | {"bank": "9900", "branch": "058"})
    assert bank_accounts.find(cast.account_id).branch_name == "〇五八"


def test_an_account_for_transfers_becomes_a_current_one(desk):
    answer = desk.post(f"{URL}/new/yucho", data={"symbol": "00530", "number": "123456"})

    assert re.search(r'value="current"[^>]*checked|checked[^>]*value="current"', answer.text)
    assert "0123456" in answer.text


@pytest.mark.parametrize(
    ("symbol", "number", "field"),
    [
        ("", "", "symbol"),
        ("1053", "12345671", "symbol"),
        ("10530", "12345672", "number"),
        ("11590", "12345671", "symbol"),  # no such branch
    ],
)
def test_what_is_no_account_of_yucho_comes_back_as_typed(desk, symbol, number, field):
    answer = desk.post(f"{URL}/new/yucho", data={"symbol": symbol, "number": number})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{number}"' in answer.text


def test_a_wrong_kind_for_a_branch_of_yucho_is_told(desk):
    answer = desk.post(URL, data=GOOD | {"bank": "9900", "branch": "059"})

    assert answer.status_code == 422
    assert "別の預金種目" in answer.text


# Whose it is


@pytest.mark.parametrize("url", [URL, f"{URL}/new", f"{URL}/new/0005", f"{URL}/new/0005/341"])
def test_a_stranger_finds_nothing(client, client_of, url):
    assert client.get(url).status_code == 303
    for account in (make_guest(), make_operator()):
        assert client_of(account).get(url).status_code == 404


def test_nobody_else_sees_or_changes_it(desk, cast, client_of):
    desk.post(URL, data=GOOD)
    other = make_cast(has_account=False)
    browser = client_of(session.get_one(Account, other.account_id))

    assert "4567" not in page(browser, URL)
    browser.post(URL, data=GOOD | {"number": "7654321"})
    assert bank_accounts.find(cast.account_id).number == "1234567"


@pytest.mark.parametrize("url", [URL, f"{URL}/new", f"{URL}/new/9900", f"{URL}/new/0005/341"])
def test_the_pages_stand_in_english_too(desk, cast, url):
    make_bank_account(cast)
    desk.get("/language/en")

    assert '<html lang="en"' in page(desk, url)


# The office


@pytest.fixture
def office(client_of):
    return client_of(make_operator())


@pytest.fixture
def waiting(cast):
    return make_bank_account(cast, holder="スズキ ハナコ", number="1234567")


def admin(account, act=""):
    return f"/admin/accounts/{account.public_id}{act}"


def test_the_queue_shows_whose_name_it_is_and_no_number(office, waiting):
    queue = page(office, "/admin/accounts")

    for words in ("千景", "山田 花子", "ヤマダ ハナコ", "ｽｽﾞｷ ﾊﾅｺ", "•••4567", "名義が本名と異なる"):
        assert words in queue
    assert "1234567" not in queue
    assert "1234567" not in page(office, admin(waiting))


def test_the_whole_number_is_shown_when_pressed_and_kept_by_no_browser(office, waiting):
    answer = office.post(admin(waiting, "/look"))

    assert "1234567" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_accepting_empties_the_queue(office, desk, waiting):
    assert office.post(admin(waiting, "/acceptance")).status_code == 303

    assert "確認待ちの口座はありません" in page(office, "/admin/accounts")
    assert "登録済み" in page(desk, URL)


def test_a_correction_is_mailed_and_stops_the_cast_until_then(office, desk, cast, waiting):
    said = {"said": "ご本人名義の口座をご登録ください。"}
    assert office.post(admin(waiting, "/correction"), data=said).status_code == 303

    mail = the_mail()
    assert mail.subject == "【サシトーク】銀行口座の修正のお願い"
    assert said["said"] in mail.body
    assert "•••4567" in mail.body
    assert "1234567" not in mail.body
    assert said["said"] in page(desk, URL)
    assert desk.post("/cast-room/standby").status_code == 409
    assert desk.post(URL, data=GOOD).status_code == 303
    assert desk.post("/cast-room/standby").status_code == 303


def test_a_correction_needs_words(office, waiting):
    answer = office.post(admin(waiting, "/correction"), data={"said": " "})

    assert answer.status_code == 422
    assert 'id="said-error"' in answer.text
    assert waiting.verdict is None


def test_a_second_press_and_another_operator_change_nothing(office, client_of, waiting):
    office.post(admin(waiting, "/acceptance"))
    other = client_of(make_operator())

    answer = other.post(admin(waiting, "/correction"), data={"said": "別の口座を"})

    assert answer.status_code == 303
    assert "ほかの担当者" in page(other, admin(waiting))
    assert the_mail() is None


def test_what_was_replaced_meanwhile_is_told(office, cast, waiting):
    make_bank_account(cast)

    answer = office.post(admin(waiting, "/acceptance"))

    assert answer.status_code == 422
    assert "別の口座を登録した" in answer.text


@pytest.mark.req("D44")
def test_one_account_of_two_casts_names_both(office, waiting):
    other = make_cast(name="るり", has_account=False)
    make_bank_account(other, number="1234567")

    assert "ほかのキャストと同じ口座" in page(office, "/admin/accounts")
    assert "るり" in page(office, admin(waiting))


@pytest.mark.parametrize("act", ["", "/look", "/acceptance", "/correction"])
def test_only_operators_look_at_accounts(client_of, desk, office, waiting, act):
    guest = client_of(make_guest())
    for browser in (guest, desk):
        assert browser.open(admin(waiting, act), method="POST" if act else "GET").status_code == 404
    nobody = f"/admin/accounts/nobody{act}"
    assert office.open(nobody, method="POST" if act else "GET").status_code == 404


def test_the_offices_pages_stand_in_english_too(office, waiting):
    office.get("/language/en")

    for url in ("/admin/accounts", admin(waiting)):
        assert "Another name than the cast" in page(office, url)
