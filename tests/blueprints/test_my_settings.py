"""The settings of whoever is signed in: name, password, devices (G37)."""

import re

import pytest
from sqlalchemy import Engine, event, select

from app.audit import AuditEntry
from app.casts.models import Cast
from app.db import session
from app.mail import Mail
from app.people import signing_in
from app.people.models import Account, Role
from app.people.passwords import matches
from tests.factories import NOON, PASSWORD, make_account, make_cast, make_guest, make_operator

ANEW = "a whole other password"
PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile"
PAGES = ("/settings", "/settings/password", "/settings/devices", "/settings/email")


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest(nickname="みずいろ")


def person_of(role):
    if role is Role.CAST:
        return session.get_one(Account, make_cast().account_id)
    return make_account(role)


def log_in(app, account, *, agent=PIXEL):
    browser = app.test_client()
    doors = {Role.GUEST: "/login", Role.CAST: "/cast/login", Role.OPERATOR: "/operator/login"}
    data = {"email": account.email, "password": PASSWORD}
    browser.post(doors[account.role], data=data, headers={"User-Agent": agent})
    return browser


def id_of(device_page, name):
    """The address of the button beside a device."""
    row = re.search(rf'action="([^"]+)">\s*<span>{name}', device_page)
    return row[1]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_each_role_sees_its_settings_in_its_own_frame(client_of, role, path, locale):
    browser = client_of(person_of(role))
    browser.set_cookie("locale", locale)

    page = browser.get(path)

    assert page.status_code == 200
    frames = {
        Role.GUEST: 'class="bar"',
        Role.CAST: 'id="cast-room-bell"',
        Role.OPERATOR: "/admin/health",
    }
    assert frames[role] in page.text
    assert ('href="/settings/second-factor"' in page.text) is (
        role is Role.OPERATOR and path == "/settings"
    )


@pytest.mark.parametrize("path", [*PAGES, "/settings/second-factor"])
def test_a_stranger_is_sent_to_log_in(client, path):
    answer = client.get(path)

    assert answer.status_code == 303
    assert "login?next=" in answer.location


@pytest.mark.req("G38")
def test_what_the_guest_may_do_with_it_all_stands_at_the_very_bottom(client_of, guest):
    text = client_of(guest).get("/settings").text
    main = text[text.index("<main") : text.index("</main>")]

    assert 'id="my-setting-mine"' in main
    assert not re.search(
        r"<(form|a|button)\b", main[main.index('id="my-setting-mine"') :].split("</div>", 1)[1]
    )


def test_the_settings_are_linked_from_each_roles_page(client_of):
    pages = {Role.GUEST: "/me", Role.CAST: "/cast-room", Role.OPERATOR: "/admin"}
    for role, page in pages.items():
        assert 'href="/settings"' in client_of(person_of(role)).get(page).text


@pytest.mark.parametrize("role", [Role.GUEST, Role.OPERATOR])
def test_a_name_is_changed(client_of, role):
    account = person_of(role)
    browser = client_of(account)

    answer = browser.post("/settings/name", data={"nickname": " あおい "})

    assert (answer.status_code, answer.location) == (303, "/settings")
    assert account.nickname == "あおい"
    assert 'value="あおい"' in browser.get("/settings").text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "ニックネーム"),
        ("あ" * 21, "20文字以内"),
        ("a\0b", "読み取れない文字"),
        (" ", "ニックネーム"),
    ],
)
def test_a_bad_name_brings_the_page_back(client_of, guest, name, said):
    answer = client_of(guest).post("/settings/name", data={"nickname": name})

    assert answer.status_code == 422
    assert said in re.search(r'id="nickname-error">.*?</p>', answer.text, re.DOTALL)[0]
    assert guest.nickname == "みずいろ"


def test_the_name_of_a_cast_stands_elsewhere(client_of):
    cast = make_cast(name="千景")
    browser = client_of(session.get_one(Account, cast.account_id))

    assert 'name="nickname"' not in browser.get("/settings").text
    assert browser.post("/settings/name", data={"nickname": "x"}).status_code == 404
    assert session.scalars(select(Cast.name)).one() == "千景"


@pytest.mark.req("G37")
@pytest.mark.parametrize("role", list(Role))
def test_a_password_is_changed_by_who_knows_it(app, client_of, role):
    account = person_of(role)
    here, there = client_of(account), client_of(account)

    answer = here.post("/settings/password", data={"current": PASSWORD, "password": ANEW})

    assert (answer.status_code, answer.location) == (303, "/settings")
    assert matches(ANEW, account.password_hash)
    assert here.get("/settings").status_code == 200
    assert "login" in there.get("/settings").location
    mail = session.scalars(select(Mail)).one()
    assert (mail.to, mail.subject) == (account.email, "【サシトーク】パスワードが変更されました")


@pytest.mark.req("G37")
def test_a_copy_of_the_cookie_ends_with_the_old_password(app, client_of, guest):
    here, copy = client_of(guest), app.test_client()
    with here.session_transaction() as cookie, copy.session_transaction() as copied:
        copied.update(cookie)
    assert copy.get("/settings").status_code == 200

    here.post("/settings/password", data={"current": PASSWORD, "password": ANEW})

    assert here.get("/settings").status_code == 200
    assert copy.get("/settings").status_code == 303


@pytest.mark.req("G37")
@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"current": "not this one", "password": ANEW}, "current", "一致しません"),
        ({"current": "", "password": ANEW}, "current", "パスワードを入力"),
        ({"current": PASSWORD, "password": "short"}, "password", "10文字以上"),
        ({"current": PASSWORD, "password": ""}, "password", "パスワードを"),
    ],
)
def test_a_bad_change_is_refused_beside_its_field(client_of, guest, given, field, said):
    there = client_of(guest)

    answer = client_of(guest).post("/settings/password", data=given)

    assert answer.status_code == 422
    assert said in re.search(rf'id="{field}-error">.*?</p>', answer.text, re.DOTALL)[0]
    assert PASSWORD not in answer.text and ANEW not in answer.text
    assert matches(PASSWORD, guest.password_hash)
    assert there.get("/settings").status_code == 200


@pytest.mark.req("G37")
def test_guessing_the_password_at_an_open_page_is_limited(client_of, guest):
    browser = client_of(guest)
    for _ in range(10):
        answer = browser.post("/settings/password", data={"current": "a guess", "password": ANEW})
        assert answer.status_code == 422

    answer = browser.post("/settings/password", data={"current": PASSWORD, "password": ANEW})

    assert answer.status_code == 429


@pytest.mark.req("G37")
def test_devices_are_listed_and_logged_out_one_by_one(app, guest):
    phone = log_in(app, guest)
    desk = log_in(app, guest, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/133.0")
    page = phone.get("/settings/devices").text
    assert "Chrome 131 / Android 14 <span" in page and "Firefox 133 / Windows" in page
    assert page.count("この端末</span>") == 1
    assert "11月22日(日)12:00 にログイン" in page

    answer = phone.post(id_of(page, "Firefox 133 / Windows"))

    assert answer.location == "/settings/devices"
    assert desk.get("/settings").status_code == 303
    assert phone.get("/settings").status_code == 200
    assert "Firefox" not in phone.get("/settings/devices").text


@pytest.mark.req("G37")
def test_logging_out_this_device_in_the_list_leaves_the_house(app, guest):
    phone, desk = log_in(app, guest), log_in(app, guest)
    own = re.search(
        r'action="([^"]+)">\s*<span>[^<]*<span class="state live">',
        phone.get("/settings/devices").text,
    )[1]

    assert phone.post(own).location == "/"

    assert phone.get("/settings").status_code == 303
    assert desk.get("/settings").status_code == 200


@pytest.mark.req("G37")
def test_all_other_devices_are_logged_out_at_once(app, guest):
    phone, *others = [log_in(app, guest) for _ in range(3)]
    assert "ほかの端末をすべてログアウト" in phone.get("/settings/devices").text

    phone.post("/settings/devices/others/end")

    assert phone.get("/settings").status_code == 200
    assert all(other.get("/settings").status_code == 303 for other in others)
    assert "ほかの端末をすべてログアウト</button>" not in phone.get("/settings/devices").text


@pytest.mark.req("G37")
def test_a_device_of_another_does_not_exist(app, client_of, guest):
    other = make_guest()
    theirs = log_in(app, other)
    [device] = signing_in.devices_of(other)

    assert client_of(guest).post(f"/settings/devices/{device.public_id}/end").status_code == 404
    assert client_of(guest).post("/settings/devices/nothing/end").status_code == 404
    assert theirs.get("/settings").status_code == 200


@pytest.mark.req("G37")
def test_a_cookie_that_was_logged_out_opens_nothing_any_more(app, guest):
    phone, copy = log_in(app, guest), app.test_client()
    with phone.session_transaction() as cookie, copy.session_transaction() as copied:
        copied.update(cookie)

    phone.post("/logout")

    assert copy.get("/settings").status_code == 303


@pytest.mark.req("G37")
def test_looking_writes_nothing(app, guest):
    phone = log_in(app, guest)
    before = [(each.key, each.signed_in_at) for each in signing_in.devices_of(guest)]

    for path in PAGES:
        phone.get(path)

    assert [(each.key, each.signed_in_at) for each in signing_in.devices_of(guest)] == before


def test_who_is_there_costs_one_question(app, client_of, guest):
    browser, asked = client_of(guest), []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert browser.get("/settings/password").status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert len([each for each in asked if "sign_in" in each]) == 1
    assert not [each for each in asked if "FROM account" in each]


def test_logging_out_is_in_the_audit(app, guest):
    phone, *_ = [log_in(app, guest) for _ in range(3)]

    phone.post("/settings/devices/others/end")
    phone.post("/logout")

    said = session.execute(select(AuditEntry.did, AuditEntry.facts).order_by(AuditEntry.id)).all()
    assert said[-2:] == [("account.others_signed_out", {"devices": 2}), ("account.signed_out", {})]


def test_an_operator_on_a_laptop_needs_no_second_factor(client_of):
    assert client_of(make_operator()).get("/admin").status_code == 200
