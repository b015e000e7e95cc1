from dataclasses import replace

import pytest
from flask import Flask
from flask_wtf import CSRFProtect

from app import mail
from app.blueprints import register_blueprints
from app.people import signing_in
from app.people.models import Role
from tests.factories import NOON, make_cast, make_guest, make_operator


def test_production_has_none_of_it(app):
    settings = replace(app.config["SETTINGS"], env="production")
    bare = Flask("production")

    register_blueprints(bare, CSRFProtect(), settings)

    addresses = [rule.rule for rule in bare.url_map.iter_rules()]
    assert "/casts" in addresses
    assert [each for each in addresses if each == "/dev" or each.startswith("/dev/")] == []


def test_every_mail_is_in_the_mailbox_with_its_links(client):
    body = "確認してください。\nhttp://127.0.0.1:5000/confirm/abc\n<b>サシトーク</b>"
    mail.post(to="a@example.com", subject="先のメール", body="", key="1", now=NOON)
    mail.post(to="b@example.com", subject="後のメール", body=body, key="2", now=NOON)

    text = client.get("/dev/mailbox").text

    assert text.index("後のメール") < text.index("先のメール")
    assert '<a href="http://127.0.0.1:5000/confirm/abc">' in text
    assert "<b>サシトーク</b>" not in text


def test_an_empty_mailbox_says_so(client):
    assert "メールはまだありません" in client.get("/dev/mailbox").text


def test_the_style_page_shows_every_macro(client):
    assert client.get("/dev/style").status_code == 200


@pytest.mark.parametrize(
    ("role", "home"), [("guest", "/casts"), ("cast", "/cast-room"), ("operator", "/admin")]
)
def test_one_can_be_the_first_of_each_role(client, role, home):
    make_guest(), make_cast(), make_operator()

    answer = client.post(f"/dev/as/{role}")

    assert (answer.status_code, answer.location) == (303, home)
    assert client.get(home).status_code == 200


def test_one_can_be_anybody_on_the_page(client):
    make_guest()
    second = make_guest(nickname="こはく")
    assert "こはく" in client.get("/dev").text

    client.post("/dev/as/guest", data={"who": second.public_id})

    with client.session_transaction() as cookie:
        assert signing_in.find(cookie["_user_id"]).account == second


@pytest.mark.parametrize("role", ["nobody", *Role])
def test_nobody_is_found_where_nobody_is(client, role):
    assert client.post(f"/dev/as/{role}").status_code == 404


def test_a_person_of_another_role_is_not_found(client):
    guest = make_guest()

    assert client.post("/dev/as/operator", data={"who": guest.public_id}).status_code == 404
