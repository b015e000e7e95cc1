"""メールアドレス変更, from the settings through three mails (G40)."""

import re

import pytest
from sqlalchemy import select

from app import policy
from app.db import session
from app.mail import Mail
from app.people.models import Role
from app.people.passwords import matches
from tests.factories import NOON, PASSWORD, SECOND, make_account, make_guest

OLD, NEW = "old@example.com", "new@example.com"
ANEW = "a whole other password"


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest(email=OLD, nickname="みずいろ")


def mails(to=None):
    found = session.scalars(select(Mail).order_by(Mail.id)).all()
    return [mail for mail in found if to in {None, mail.to}]


def link_of(mail):
    return re.search(r"http://127\.0\.0\.1:5000(/\S+)", mail.body)[1]


def ask(browser, email=NEW, password=PASSWORD):
    return browser.post("/settings/email", data={"email": email, "current": password})


def log_in(client, email, password=PASSWORD):
    return client.post("/login", data={"email": email, "password": password})


def without_token(text):
    return re.sub(r"(Token\": |csrf_token\" value=)\"[^\"]+\"", "", text)


@pytest.mark.req("G40")
def test_a_guest_changes_the_address(client, client_of, guest):
    browser = client_of(guest)
    assert "メールアドレス変更" in browser.get("/settings").text

    answer = ask(browser, f" {NEW} ")

    assert (answer.status_code, answer.location) == (303, "/settings/email")
    page = browser.get(answer.location).text
    assert NEW in page and "11月23日(月)12:00 までにメールのリンクを開き" in page
    assert "new@example.com の確認待ち" in browser.get("/settings").text
    [asked] = mails(NEW)
    assert asked.subject == "【サシトーク】新しいメールアドレスをご確認ください"
    assert "24時間" in asked.body and OLD not in asked.body

    link = link_of(asked)
    assert NEW in client.get(link).text and guest.email == OLD
    answer = client.post(link)  # on another device

    assert (answer.status_code, answer.location) == (303, "/login")
    assert guest.email == NEW
    assert log_in(client, NEW).location == "/casts"
    assert browser.get("/settings").status_code == 200  # nobody is logged out


@pytest.mark.req("G40")
def test_the_old_address_hears_of_it_twice(client_of, guest):
    browser = client_of(guest)
    ask(browser)
    answer = browser.post(link_of(mails(NEW)[0]))

    assert answer.location == "/settings"
    asked, done = mails(OLD)
    assert asked.subject == "【サシトーク】メールアドレスの変更を受け付けました"
    assert done.subject == "【サシトーク】メールアドレスが変更されました"
    for mail in (asked, done):
        assert NEW in mail.body
        assert "11月25日(水)12:00 まで" in mail.body
        assert link_of(mail).startswith("/email/return/")


@pytest.mark.req("G40", "G37")
@pytest.mark.parametrize("confirmed", [True, False])
def test_the_old_address_takes_its_account_back(client, client_of, guest, confirmed):
    thief = client_of(guest)
    ask(thief)
    if confirmed:
        thief.post(link_of(mails(NEW)[0]))
        thief.post("/settings/password", data={"current": PASSWORD, "password": "of the thief"})
    link = link_of(mails(OLD)[-1])
    assert OLD in client.get(link).text

    answer = client.post(link)

    assert answer.status_code == 303
    assert guest.email == OLD
    assert thief.get("/settings").status_code == 303
    assert log_in(client, OLD, "of the thief").status_code == 422
    assert log_in(client, OLD).status_code == 422
    assert client.get("/me").status_code == 303  # the link alone lets nobody in
    client.post(answer.location, data={"password": ANEW})
    assert matches(ANEW, guest.password_hash)
    assert client.post(link_of(mails(NEW)[0])).status_code == 410
    for mail in mails(OLD)[:2]:
        if link_of(mail).startswith("/email/return/"):
            assert client.post(link_of(mail)).status_code == 410


@pytest.mark.req("G40", "G37")
def test_what_is_shown_does_not_tell_whether_an_address_is_taken(client_of, guest):
    owner = make_guest(email="taken@example.com", nickname="こはく")
    other = make_guest(email="other@example.com", nickname="みずいろ")
    seen = set()
    for person, email in [(guest, "taken@example.com"), (other, NEW)]:
        browser = client_of(person)
        answer = ask(browser, email)
        pages = browser.get(answer.location).text + browser.get("/settings").text
        bare = without_token(pages).replace(email, "?").replace(person.email, "!")
        seen.add((answer.status_code, answer.location, bare))

    assert len(seen) == 1
    [mail] = mails(owner.email)
    assert mail.subject == "【サシトーク】このメールアドレスはすでに使われています"
    assert mail.body.startswith("こはく さん") and "http" not in mail.body.split("--")[0]
    assert guest.email not in mail.body and "みずいろ" not in mail.body


@pytest.mark.req("G37")
def test_opening_the_links_changes_nothing(client, client_of, guest):
    ask(client_of(guest))
    links = [link_of(mails(NEW)[0]), link_of(mails(OLD)[0])]

    for link in links * 2:
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert guest.email == OLD
    assert matches(PASSWORD, guest.password_hash)


@pytest.mark.req("G40")
def test_links_end_in_time_and_after_one_use(client, client_of, guest, at):
    ask(client_of(guest))
    confirm, revert = link_of(mails(NEW)[0]), link_of(mails(OLD)[0])

    at(NOON + policy.CHANGE_ADDRESS_WITHIN + SECOND)
    assert (client.get(confirm).status_code, client.post(confirm).status_code) == (410, 410)
    assert client.get(revert).status_code == 200
    at(NOON + policy.REVERT_ADDRESS_WITHIN + SECOND)
    assert (client.get(revert).status_code, client.post(revert).status_code) == (410, 410)
    at(NOON)
    client.post(confirm)
    assert client.post(confirm).status_code == 410
    assert guest.email == NEW


@pytest.mark.req("G40")
def test_an_address_taken_meanwhile_is_refused_with_a_sentence(client, client_of, guest):
    ask(client_of(guest))
    make_guest(email=NEW)

    answer = client.post(link_of(mails(NEW)[0]))

    assert answer.status_code == 409
    assert "いまこのアカウントでは使えません" in answer.text
    assert guest.email == OLD


@pytest.mark.req("G37")
def test_who_registers_with_an_address_just_left_gets_nothing_of_it(client, client_of, guest):
    browser = client_of(guest)
    ask(browser)
    browser.post(link_of(mails(NEW)[0]))

    answer = client.post(
        "/register",
        data={
            "email": OLD,
            "password": ANEW,
            "nickname": "x",
            "born_on": "1990-04-23",
            "agreed": "y",
        },
    )

    assert answer.location == "/register/sent"
    assert mails()[-1].to == OLD
    assert mails()[-1].subject == "【サシトーク】このメールアドレスは登録済みです"
    assert log_in(client, OLD, ANEW).status_code == 422


@pytest.mark.req("G40")
def test_an_address_that_was_mistyped_at_registering_is_changed_without_a_way_back(client_of):
    guest = make_guest(email=OLD, confirmed=False)
    browser = client_of(guest)
    ask(browser)
    browser.post(link_of(mails(NEW)[0]))

    assert (guest.email, guest.confirmed_at) == (NEW, NOON)
    assert mails(OLD) == []


def test_a_wish_is_withdrawn(client_of, guest):
    browser = client_of(guest)
    ask(browser)

    assert browser.post("/settings/email/withdrawal").location == "/settings/email"

    assert "変更をやめる" not in browser.get("/settings/email").text
    assert browser.post(link_of(mails(NEW)[0])).status_code == 410


@pytest.mark.parametrize(
    ("email", "password", "field", "said"),
    [
        ("", PASSWORD, "email", "メールアドレスを入力"),
        ("new", PASSWORD, "email", "メールアドレスの形"),
        (OLD.upper(), PASSWORD, "email", "すでにこのメールアドレス"),
        (NEW, "a guess", "current", "一致しません"),
        (NEW, "", "current", "パスワードを入力"),
    ],
)
def test_a_bad_wish_brings_the_form_back(client_of, guest, email, password, field, said):
    answer = ask(client_of(guest), email, password)

    assert answer.status_code == 422
    assert said in re.search(rf'id="{field}-error">.*?</p>', answer.text, re.DOTALL)[0]
    assert mails() == []
    if field == "current":
        assert f'value="{NEW}"' in answer.text


@pytest.mark.req("G37")
def test_only_a_few_wishes_a_day_are_mailed(client_of, guest):
    browser = client_of(guest)
    for number in range(5):
        assert ask(browser, f"new{number}@example.com").status_code == 303

    assert ask(browser).status_code == 429
    assert ask(client_of(make_guest()), NEW).status_code == 303


@pytest.mark.parametrize("path", ["/email/confirmation", "/email/return"])
@pytest.mark.parametrize("token", ["nonsense", "あ", "a.b.c"])
def test_a_wrong_link_is_kindly_refused(client, path, token):
    for answer in (client.get(f"{path}/{token}"), client.post(f"{path}/{token}")):
        assert answer.status_code == 410
        assert "このリンクは" in answer.text


@pytest.mark.parametrize("role", [Role.CAST, Role.OPERATOR])
def test_casts_and_operators_go_on_at_their_own_doors(client, client_of, role):
    account = make_account(role, email=OLD)
    account.locale = "en"
    if role is Role.OPERATOR:
        ask(client_of(account))
    else:
        client_of(account).post("/settings/email", data={"email": NEW, "current": PASSWORD})

    [mail] = mails(NEW)
    assert mail.subject == "Sashitalk: please confirm your new e-mail address"
    assert client.post(link_of(mail)).location == f"/{role}/login"
    assert mails(OLD)[-1].subject == "Sashitalk: your e-mail address was changed"
