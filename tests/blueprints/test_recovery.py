"""パスワードを忘れた: asked for at the login, chosen through a mailed link (G39)."""

import re

import pytest
from sqlalchemy import func, select

from app import account_letters, policy
from app.db import session
from app.mail import Mail
from app.people import signing_in
from app.people.credentials import PasswordRequest
from app.people.models import Role
from app.people.passwords import matches
from tests.factories import NOON, PASSWORD, SECOND, make_account, make_guest

ANEW = "a whole other password"
DOORS = {Role.GUEST: "/login", Role.CAST: "/cast/login", Role.OPERATOR: "/operator/login"}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def mails(queue):
    """mails(): what there is once the job has answered those who asked."""

    def look():
        queue.do(account_letters.send_password_links)
        return session.scalars(select(Mail).order_by(Mail.id)).all()

    return look


@pytest.fixture
def link_for(client, mails):
    """link_for(account): the way to a new password, as mailed."""

    def ask_for(account):
        ask(client, account.email, account.role)
        return link_of(mails()[-1])

    return ask_for


def link_of(mail):
    return re.search(r"http://127\.0\.0\.1:5000(/\S+)", mail.body)[1]


def ask(client, email, role=Role.GUEST):
    return client.post(f"/password/forgotten?role={role}", data={"email": email})


def without_token(text):
    return re.sub(r"(Token\": |csrf_token\" value=)\"[^\"]+\"", "", text)


@pytest.mark.req("G39")
@pytest.mark.parametrize("role", list(Role))
def test_from_the_login_page_to_a_new_password(client, role, mails):
    account = make_account(role, email="aoi@example.com", confirmed=False)
    page = client.get(DOORS[role]).text
    path = re.search(r'href="([^"]+)">パスワードを忘れた', page)[1]
    assert "パスワードを忘れた" in client.get(path).text

    answer = client.post(path, data={"email": " Aoi@example.com"})
    assert answer.location == f"/password/asked?role={role}"
    assert "aoi@example.com が登録されていれば" in client.get(answer.location).text
    [mail] = mails()
    assert (mail.to, mail.subject) == (
        account.email,
        "【サシトーク】新しいパスワードをお決めください",
    )
    assert "期限は 11月22日(日)12:30 です" in mail.body

    link = link_of(mail)
    assert account.email in client.get(link).text
    answer = client.post(link, data={"password": ANEW})

    assert (answer.status_code, answer.location) == (303, DOORS[role])
    assert "新しいパスワードに変わりました" in client.get(answer.location).text
    assert matches(ANEW, account.password_hash)
    assert account.confirmed_at == NOON
    changed = mails()[-1]
    assert (changed.to, changed.subject) == (
        account.email,
        "【サシトーク】パスワードが変更されました",
    )
    assert "11月22日(日)12:00" in changed.body
    assert link_of(changed) == f"/password/forgotten?role={role}"


@pytest.mark.req("G39", "G37")
def test_the_answer_tells_nothing_of_an_address(client, mails):
    make_guest(email="here@example.com")
    closed = make_guest(email="shut@example.com")
    closed.closed_at = NOON
    make_account(Role.CAST, email="cast@example.com")
    seen = set()
    for email in ("here@example.com", "gone@example.com", "shut@example.com", "cast@example.com"):
        browser = client.application.test_client()
        answer = ask(browser, email)
        text = without_token(browser.get(answer.location).text)
        seen.add((answer.status_code, answer.location, text.replace(email, "?")))

    assert len(seen) == 1
    assert session.scalar(select(func.count()).select_from(PasswordRequest)) == 4
    assert [mail.to for mail in mails()] == ["here@example.com"]
    assert session.scalar(select(func.count()).select_from(PasswordRequest)) == 0


@pytest.mark.req("G37")
def test_opening_the_link_changes_nothing_and_does_not_use_it_up(client, link_for):
    guest = make_guest()
    link, before = link_for(guest), guest.password_hash

    for _ in range(3):  # as scanners do
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert guest.password_hash == before
    assert client.post(link, data={"password": ANEW}).status_code == 303


@pytest.mark.req("G39", "G37")
def test_a_link_works_once(client, link_for):
    guest = make_guest()
    link = link_for(guest)
    client.post(link, data={"password": ANEW})

    for answer in (client.get(link), client.post(link, data={"password": "another long one"})):
        assert answer.status_code == 410
        assert "このリンクは" in answer.text
    assert matches(ANEW, guest.password_hash)


@pytest.mark.req("G39", "G37")
def test_a_link_holds_for_half_an_hour(client, at, link_for):
    guest = make_guest()
    link = link_for(guest)

    at(NOON + policy.RESET_WITHIN + SECOND)

    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": ANEW}).status_code == 410
    assert matches(PASSWORD, guest.password_hash)


@pytest.mark.req("G39", "G37")
def test_a_new_password_signs_everybody_out_and_nobody_in(client, client_of, link_for):
    guest = make_guest()
    thief = client_of(guest)
    assert thief.get("/me").status_code == 200

    client.post(link_for(guest), data={"password": ANEW})

    assert thief.get("/me").location == "/login?next=/me"
    assert client.get("/me").location == "/login?next=/me"  # nor the browser with the link
    assert signing_in.devices_of(guest) == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "パスワードを入力"),
        ("short", "10文字以上"),
        ("nul\0 in the middle", "読み取れない文字"),
    ],
)
def test_a_bad_password_brings_the_form_back_and_keeps_the_link(client, password, said, link_for):
    guest = make_guest()
    link = link_for(guest)

    answer = client.post(link, data={"password": password})

    assert answer.status_code == 422
    assert said in answer.text or "パスワードを決めて" in answer.text
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("email", ["", "aoi", "a" * 300 + "@example.com", "aoi@example.com\0"])
def test_what_is_no_address_brings_the_form_back(client, email, mails):
    assert ask(client, email).status_code == 422
    assert mails() == []


@pytest.mark.parametrize("token", ["nonsense", "あ", "a.b.c"])
def test_a_wrong_link_is_kindly_refused(client, token):
    assert client.get(f"/password/{token}").status_code == 410
    assert client.post(f"/password/{token}", data={"password": ANEW}).status_code == 410


def test_a_role_that_is_none_is_not_found(client):
    assert client.get("/password/forgotten?role=king").status_code == 404


@pytest.mark.req("G37")
def test_mails_go_out_once_in_a_while_and_asking_is_limited(client, at, mails):
    guest = make_guest()
    for _ in range(10):
        assert ask(client, guest.email).status_code == 303
    assert ask(client, guest.email).status_code == 429
    assert ask(client, "another@example.com").status_code == 303
    assert len(mails()) == 1

    at(NOON + policy.CONFIRMATION_AGAIN)
    client.application.test_client()
    session.add(PasswordRequest(role=Role.GUEST, email=guest.email, asked_at=NOON))
    assert len(mails()) == 2


@pytest.mark.req("G37")
def test_the_link_is_one_of_the_house_whatever_the_request_says(client, mails):
    guest = make_guest()

    client.post(
        "/password/forgotten", data={"email": guest.email}, headers={"Host": "evil.example"}
    )

    assert "http://127.0.0.1:5000/password/" in mails()[0].body


def test_the_mail_is_in_the_language_of_its_reader(client, mails):
    guest = make_guest(nickname="Aoi")
    guest.locale = "en"

    ask(client, guest.email)

    [mail] = mails()
    assert mail.subject == "Sashitalk: choose a new password"
    assert mail.body.startswith("Dear Aoi,")
    assert "The link works once, until Sun 22 Nov 12:30." in mail.body


@pytest.mark.req("G39", "C23")
def test_only_who_is_logged_in_somewhere_reads_of_being_logged_out(client, link_for, client_of):
    cast, guest = make_account(Role.CAST), make_guest()
    client_of(guest)

    assert "ログアウトされます" not in client.get(link_for(cast)).text
    assert "ログアウトされます" in client.get(link_for(guest)).text
