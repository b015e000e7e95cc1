"""The two-step login of operators: set up, asked for, lost, and demanded in production (G37)."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from app import policy
from app.db import session
from app.mail import Mail
from app.people import recovery, second_factor
from app.people.models import Account
from tests.factories import NOON, PASSWORD, SECOND, make_cast, make_guest, make_operator

URL = "/settings/second-factor"
CODE = "/operator/login/code"
LATER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def operator():
    return make_operator(email="keeper@example.com")


@pytest.fixture
def in_production(app, monkeypatch):
    settings = replace(app.config["SETTINGS"], env="production")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", False)


def code_of(secret, *, now=NOON):
    return pyotp.TOTP(secret).at(now)


def log_in(client, account, **more):
    data = {"email": account.email, "password": PASSWORD}
    return client.post("/operator/login", data=data, **more)


def set_up(browser, account):
    """Through the pages: the secret, and the recovery codes."""
    browser.post(URL)
    secret = second_factor.find(account).waiting
    page = browser.post(f"{URL}/confirmation", data={"code": code_of(secret)})
    assert page.status_code == 200
    return secret, re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page.text)


@pytest.mark.req("G37")
def test_an_operator_sets_it_up_and_is_asked_from_then_on(client, client_of, operator, at):
    browser = client_of(operator)
    assert "認証アプリを登録する" in browser.get(URL).text
    assert browser.post(URL).location == f"{URL}#scan"
    secret = second_factor.find(operator).waiting
    page = browser.get(URL).text
    assert 'src="data:image/svg+xml' in page
    assert " ".join(re.findall("....", secret)) in page

    wrong = browser.post(f"{URL}/confirmation", data={"code": "000000"})
    assert wrong.status_code == 422 and "コードが正しくない" in wrong.text
    page = browser.post(f"{URL}/confirmation", data={"code": code_of(secret)}).text

    codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page)
    assert len(set(codes)) == policy.RECOVERY_CODES
    assert codes[0] not in browser.get(URL).text and "残り10個" in browser.get(URL).text
    mail = session.scalars(select(Mail)).one()
    assert (mail.to, mail.subject) == (
        operator.email,
        "【サシトーク】認証アプリが登録されました",
    )
    assert "11月22日(日)12:00" in mail.body

    at(LATER)
    assert log_in(client, operator).location == CODE
    assert client.get("/admin").location == "/operator/login?next=/admin"
    assert "6桁のコード" in client.get(CODE).text
    answer = client.post(CODE, data={"code": code_of(secret, now=LATER)})
    assert (answer.status_code, answer.location) == (303, "/admin")
    assert client.get("/admin").status_code == 200


@pytest.mark.req("G37")
def test_a_code_that_was_used_lets_nobody_else_in(app, client_of, operator, at):
    secret, codes = set_up(client_of(operator), operator)
    at(LATER)
    for code in (code_of(secret, now=LATER), codes[3]):
        first, second = app.test_client(), app.test_client()
        for browser in (first, second):
            log_in(browser, operator)

        assert first.post(CODE, data={"code": code}).location == "/admin"
        answer = second.post(CODE, data={"code": code})

        assert answer.status_code == 422 and "すでに使われています" in answer.text
        assert second.get("/admin").status_code == 303


@pytest.mark.req("G37")
def test_nobody_comes_to_the_code_without_the_password(client, client_of, operator, at):
    secret, _ = set_up(client_of(operator), operator)
    at(LATER)

    for answer in (
        client.get(CODE),
        client.post(CODE, data={"code": code_of(secret, now=LATER)}),
    ):
        assert answer.location == "/operator/login"
    assert client.get("/admin").status_code == 303


@pytest.mark.req("G37")
def test_the_second_step_waits_ten_minutes(client, client_of, operator, at):
    secret, _ = set_up(client_of(operator), operator)
    at(LATER)
    log_in(client, operator)
    late = LATER + policy.SECOND_STEP_WITHIN + SECOND
    at(late)

    answer = client.post(CODE, data={"code": code_of(secret, now=late)})

    assert answer.location == "/operator/login"


@pytest.mark.req("G37")
def test_a_new_password_ends_a_second_step_that_waits(app, client, client_of, operator, at):
    secret, _ = set_up(client_of(operator), operator)
    at(LATER)
    log_in(client, operator)
    key = app.config["SETTINGS"].secret_key
    token = recovery.token_of(operator, secret=key, now=LATER)
    recovery.choose_password(token, "a whole other password", secret=key, now=LATER)

    answer = client.post(CODE, data={"code": code_of(secret, now=LATER)})

    assert answer.location == "/operator/login"


@pytest.mark.req("G37")
def test_guessing_codes_is_limited(client, client_of, operator, at):
    secret, _ = set_up(client_of(operator), operator)
    at(LATER)
    log_in(client, operator)
    for _ in range(5):
        assert client.post(CODE, data={"code": "000000"}).status_code == 422

    answer = client.post(CODE, data={"code": code_of(secret, now=LATER)})

    assert answer.status_code == 429


@pytest.mark.parametrize("code", ["", "\0", "x" * 5000])
def test_nonsense_brings_the_form_back(client, client_of, operator, code, at):
    set_up(client_of(operator), operator)
    at(LATER)
    log_in(client, operator)

    assert client.post(CODE, data={"code": code}).status_code == 422


def test_after_the_code_one_goes_on_where_one_wanted_to(client, client_of, operator, at):
    secret, _ = set_up(client_of(operator), operator)
    at(LATER)
    log_in(client, operator, query_string={"next": "/admin/cases"})

    answer = client.post(CODE, data={"code": code_of(secret, now=LATER)})

    assert answer.location == "/admin/cases"


@pytest.mark.req("G37")
@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        (URL, {"current": "a guess"}, "一致しません"),
        (URL, {}, "パスワードを入力"),
        (f"{URL}/recovery-codes", {"current": "a guess"}, "一致しません"),
    ],
)
def test_what_is_there_is_renewed_by_who_knows_the_password(client_of, operator, path, given, said):
    browser = client_of(operator)
    set_up(browser, operator)

    answer = browser.post(path, data=given)

    assert answer.status_code == 422
    assert said in answer.text
    assert second_factor.find(operator).waiting is None
    assert browser.post(URL, data={"current": PASSWORD}).status_code == 303
    assert second_factor.find(operator).waiting


@pytest.mark.req("G37")
def test_new_recovery_codes_are_shown_once(client_of, operator):
    browser = client_of(operator)
    _, old = set_up(browser, operator)

    page = browser.post(f"{URL}/recovery-codes", data={"current": PASSWORD}).text

    new = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page)
    assert len(new) == policy.RECOVERY_CODES and not set(new) & set(old)


@pytest.mark.req("G37")
def test_a_device_that_never_showed_a_code_changes_nothing_of_it(client_of, operator):
    set_up(client_of(operator), operator)
    browser = client_of(operator)  # as one that came in at the very moment

    for answer in (
        browser.post(URL, data={"current": PASSWORD}),
        client_of(operator).post(f"{URL}/recovery-codes", data={"current": PASSWORD}),
        client_of(operator).post(f"{URL}/confirmation", data={"code": "000000"}),
    ):
        assert answer.location == "/operator/login"
    assert second_factor.find(operator).waiting is None


@pytest.mark.req("G37")
@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize(
    "path", ["/admin", "/admin/cases", "/admin/health", "/settings", "/settings/email"]
)
def test_in_production_an_operator_sets_it_up_before_anything_else(client, operator, path):
    log_in(client, operator)

    answer = client.get(path)

    assert (answer.status_code, answer.location) == (303, URL)
    assert "はじめに登録を済ませてください" in client.get(URL).text


@pytest.mark.req("G37")
@pytest.mark.usefixtures("in_production")
def test_in_production_the_desk_opens_with_the_first_code(client, operator):
    log_in(client, operator)
    assert client.post("/settings/name", data={"nickname": "x"}).location == URL

    set_up(client, operator)

    assert client.get("/admin").status_code == 200
    assert client.get("/settings").status_code == 200


@pytest.mark.req("G37")
@pytest.mark.usefixtures("in_production")
def test_guests_and_casts_need_none_in_production(client_of):
    guest = make_guest()

    assert client_of(guest).get("/settings").status_code == 200
    assert client_of(guest).get(URL).status_code == 404
    assert client_of(guest).post(URL).status_code == 404


def test_a_cast_finds_nothing(client_of):
    browser = client_of(session.get_one(Account, make_cast().account_id))
    assert browser.get(URL).status_code == 404
    assert browser.post(f"{URL}/confirmation", data={"code": "000000"}).status_code == 404


@pytest.mark.req("G37")
def test_whoever_keeps_the_server_removes_an_app_that_is_lost(app, client, client_of, operator):
    browser = client_of(operator)
    set_up(browser, operator)
    session.commit()

    told = app.test_cli_runner().invoke(
        args=["operator", "reset-second-factor", "keeper@example.com"]
    )

    assert told.exit_code == 0, told.output
    operator = session.scalars(select(Account)).one()
    assert browser.get("/admin").status_code == 303
    assert log_in(client, operator).location == "/admin"
    mail = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert (mail.to, mail.subject) == (
        operator.email,
        "【サシトーク】認証アプリの登録が解除されました",
    )


@pytest.mark.parametrize("email", ["keeper@example.com", "nobody@example.com"])
def test_where_there_is_no_app_the_command_says_so(app, operator, email):
    session.commit()

    told = app.test_cli_runner().invoke(args=["operator", "reset-second-factor", email])

    assert told.exit_code == 1
    assert email in told.output
