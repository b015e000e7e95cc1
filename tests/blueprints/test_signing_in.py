import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import policy
from app.db import session
from app.mail import Mail
from app.people import registration, terms
from app.people.models import Account, Consent, Role
from tests.factories import NOON, PASSWORD, make_account, make_guest, make_operator

GOOD = {
    "email": "aoi@example.com",
    "password": "a long enough word",
    "nickname": "あおい",
    "born_on": "1990-04-23",
    "agreed": "y",
}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def register(client, **changes):
    return client.post("/register", data={**GOOD, **changes})


def log_in(client, email, password=PASSWORD, url="/login"):
    return client.post(url, data={"email": email, "password": password})


def without_token(text):
    return re.sub(r"(Token\": |csrf_token\" value=)\"[^\"]+\"", "", text)


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def link_of(mail):
    return re.search(r"http://127\.0\.0\.1:5000(/\S+)", mail.body)[1]


def count(table):
    return session.scalar(select(func.count()).select_from(table))


@pytest.mark.req("G2", "D29")
def test_a_stranger_registers_and_confirms_the_address(client):
    answer = register(client)

    assert (answer.status_code, answer.location) == (303, "/register/sent")
    account = registration.find_account("aoi@example.com", Role.GUEST)
    assert account.confirmed_at is None
    [mail] = mails()
    assert (mail.to, mail.subject) == (
        account.email,
        "【サシトーク】メールアドレスをご確認ください",
    )

    shown = client.get(link_of(mail))
    assert account.email in shown.text and account.confirmed_at is None

    answer = client.post(link_of(mail))
    assert (answer.status_code, answer.location) == (303, "/login")
    assert account.confirmed_at == NOON


@pytest.mark.req("G36")
def test_consent_is_kept_by_version(client):
    register(client, version=terms.version(now=NOON))

    assert {(row.terms, row.version) for row in session.scalars(select(Consent))} == set(
        terms.current(now=NOON).items()
    )


def test_who_read_an_older_version_is_asked_again(client):
    answer = register(client, version="terms:2020-01-01 privacy:2020-01-01")

    assert answer.status_code == 422
    assert "規約が新しくなりました" in answer.text
    assert count(Account) == 0


@pytest.mark.req("G37")
def test_a_registered_address_gives_the_same_answer_and_a_mail_to_its_owner(client):
    owner = make_guest(email="aoi@example.com", nickname="もとから")
    stranger = client.application.test_client()

    taken = register(client)
    free = register(stranger, email="else@example.com")

    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    pages = [without_token(each.get("/register/sent").text) for each in (client, stranger)]
    assert pages[0] == pages[1].replace("else@example.com", "aoi@example.com")
    assert owner.nickname == "もとから"
    assert mails()[0].subject == "【サシトーク】このメールアドレスは登録済みです"
    assert link_of(mails()[0]) == "/login"


def test_registering_twice_before_confirming_sends_the_link_again_but_changes_nothing(client, at):
    register(client)
    at(NOON + policy.CONFIRMATION_AGAIN)
    register(client, password="somebody else's word", nickname="べつ")

    account = registration.find_account(GOOD["email"], Role.GUEST)
    assert account.nickname == "あおい"
    assert [mail.subject for mail in mails()] == [
        "【サシトーク】メールアドレスをご確認ください"
    ] * 2
    assert log_in(client, GOOD["email"], "somebody else's word").status_code == 422


@pytest.mark.req("D29")
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "", "メールアドレスを入力してください"),
        ("email", "aoi", "メールアドレスの形になっていません"),
        ("email", "aoi@example.com\0", "読み取れない文字"),
        ("email", "a" * 300 + "@example.com", "メールアドレスが長すぎます"),
        ("email", "あおい@example.com", "メールアドレスの形になっていません"),
        ("password", "short", "10文字以上"),
        ("password", "x" * 129, "128文字以内"),
        ("password", "nul\0 in the middle", "読み取れない文字"),
        ("nickname", " ", "ニックネーム"),
        ("nickname", "あ" * 21, "20文字以内"),
        ("nickname", "a\0b", "読み取れない文字"),
        ("nickname", "line\nbreak", "読み取れない文字"),
        ("nickname", "line\u2028break", "読み取れない文字"),
        ("born_on", "", "生年月日を入力してください"),
        ("born_on", "yesterday", "1990-04-23"),
        ("born_on", "99999-01-01", "1990-04-23"),
        ("born_on", "2008-11-23", "18歳から"),
        ("born_on", "2027-01-01", "まだ来ていない"),
        ("agreed", "", "同意してください"),
    ],
)
def test_a_bad_value_brings_the_form_back_with_a_sentence_beside_it(client, field, value, said):
    answer = register(client, **{field: value})

    assert answer.status_code == 422
    beside = re.search(rf'id="{field}-error">.*?</p>', answer.text, re.DOTALL)
    assert beside and said in beside[0]
    kept = "nickname" if field != "nickname" else "email"
    assert f'value="{GOOD[kept]}"' in answer.text
    assert GOOD["password"] not in answer.text
    assert (count(Account), count(Mail)) == (0, 0)


def test_bytes_that_are_no_text_bring_the_form_back(client):
    body = b"email=aoi%40example.com&password=a+long+enough+word&nickname=%ff%fe&born_on=1990-04-23"

    answer = client.post("/register", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert "読み取れない文字" in answer.text


def test_a_hostile_nickname_stays_text(client):
    answer = register(client, nickname="<script>x</script>", email="bad")

    assert answer.status_code == 422
    assert "<script>x" not in answer.text and "&lt;script&gt;x" in answer.text


@pytest.mark.req("D29")
def test_the_eighteenth_birthday_is_early_enough(client):
    assert register(client, born_on="2008-11-22").status_code == 303


@pytest.mark.req("D29")
def test_a_browser_that_told_of_a_minor_does_not_get_in_with_another_birthday(client, at):
    register(client, born_on="2010-01-01")

    assert register(client).status_code == 422
    at(NOON + policy.MINOR_LOCK)
    assert register(client).status_code == 303


@pytest.mark.req("D29")
def test_the_warning_stands_next_to_the_date_of_birth(client):
    text = client.get("/register").text

    assert text.index('id="born_on"') < text.index("18歳以上の方") < text.index('id="agreed"')
    assert 'type="date"' in text and 'max="2026-11-22"' in text


@pytest.mark.parametrize("token", ["nonsense", "あ", "%00", "a.b.c"])
def test_a_wrong_link_is_kindly_refused(client, token):
    for ask in (client.get, client.post):
        assert ask(f"/confirm/{token}").status_code in {404, 410}


def test_a_link_holds_for_a_day(client, at):
    register(client)
    link = link_of(mails()[0])

    at(NOON + policy.CONFIRM_ADDRESS_WITHIN + timedelta(seconds=1))

    assert client.post(link).status_code == 410
    assert registration.find_account(GOOD["email"], Role.GUEST).confirmed_at is None


def test_the_confirmation_mail_comes_again_once_in_a_while(client_of, at):
    guest = make_guest(confirmed=False)
    browser = client_of(guest)

    for minutes in (0, 1, 2):
        at(NOON + timedelta(minutes=minutes))
        assert browser.post("/confirmation").location == "/me"
    assert len(mails()) == 1
    at(NOON + policy.CONFIRMATION_AGAIN)
    browser.post("/confirmation")
    assert len(mails()) == 2


def test_asking_for_the_mail_again_tells_a_stranger_nothing(client):
    make_guest(email=GOOD["email"])
    register(client)

    answer = client.post("/confirmation")

    assert (answer.status_code, answer.location) == (303, "/register/sent")
    assert len(mails()) == 1  # the one that says so to the owner


@pytest.mark.req("G3", "C24")
@pytest.mark.parametrize(
    ("role", "url", "home"),
    [
        (Role.GUEST, "/login", "/casts"),
        (Role.CAST, "/cast/login", "/cast-room"),
        (Role.OPERATOR, "/operator/login", "/admin"),
    ],
)
def test_each_role_has_its_door(client, role, url, home):
    account = make_account(role, email="who@example.com")

    assert log_in(client, account.email, url=url).location == home
    assert client.get(url).location == home
    for other in {"/login", "/cast/login", "/operator/login"} - {url}:
        assert log_in(client.application.test_client(), account.email, url=other).status_code == 422


def test_case_and_space_round_an_address_do_not_matter(client):
    make_guest(email="aoi@example.com")

    assert log_in(client, " Aoi@Example.COM ").status_code == 303


@pytest.mark.parametrize(
    ("given", "led_to"),
    [
        ("/casts/abc/entry?x=1", "/casts/abc/entry?x=1"),
        ("https://evil.example/", "/casts"),
        ("//evil.example/", "/casts"),
        ("/\\evil.example/", "/casts"),
        ("/\t/evil.example/", "/casts"),
        ("/\n/evil.example/", "/casts"),
        ("javascript:alert(1)", "/casts"),
    ],
)
def test_after_the_login_one_goes_on_within_the_house(client, given, led_to):
    guest = make_guest()

    answer = client.post(
        "/login",
        query_string={"next": given},
        data={"email": guest.email, "password": PASSWORD},
    )

    assert answer.location == led_to


def test_a_wrong_password_and_an_unknown_address_look_the_same(client):
    make_guest(email="here@example.com")

    wrong = log_in(client, "here@example.com", "not the password")
    unknown = log_in(client, "gone@example.com", "not the password")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert without_token(wrong.text) == without_token(unknown.text).replace("gone@", "here@")


@pytest.mark.parametrize("email", ["", "\0", "a" * 5000, "'; DROP TABLE account; --"])
def test_any_nonsense_at_the_door_is_answered(client, email):
    assert log_in(client, email).status_code == 422


@pytest.mark.req("G37")
def test_tries_are_limited_by_account(client):
    guest = make_guest()
    for _ in range(10):
        assert log_in(client, guest.email, "a wrong password").status_code == 422

    answer = log_in(client, guest.email)

    assert answer.status_code == 429
    assert "数分待って" in answer.text
    assert log_in(client, make_guest().email).status_code == 303


@pytest.mark.req("G37")
def test_tries_are_limited_by_address_over_all_doors(client):
    operator = make_operator()
    for number in range(50):
        log_in(client, f"guess{number}@example.com", url=("/login", "/cast/login")[number % 2])

    assert log_in(client, operator.email, url="/operator/login").status_code == 429


@pytest.mark.req("G37")
def test_nothing_planted_in_a_session_survives_the_login(client):
    guest = make_guest()
    with client.session_transaction() as cookie:
        cookie["planted"], cookie["csrf_token"] = "by somebody", "known to somebody"

    log_in(client, guest.email)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie and cookie.get("csrf_token") != "known to somebody"


def test_logging_out_needs_a_press_and_ends_the_session(client_of):
    browser = client_of(make_guest())

    assert browser.get("/logout").status_code == 405
    assert browser.post("/logout").location == "/"
    assert browser.get("/me").location == "/login?next=/me"


def test_a_closed_account_stays_outside(client):
    guest = make_guest()
    guest.closed_at = NOON

    assert log_in(client, guest.email).status_code == 422


def test_forms_without_their_token_are_refused(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert register(client).status_code == 400
    assert log_in(client, make_guest().email).status_code == 400
    assert count(Mail) == 0


def test_the_casts_login_leads_to_the_registration(client):
    assert 'href="/cast/entry"' in client.get("/cast/login").text
    assert 'href="/cast/entry"' not in client.get("/login").text
