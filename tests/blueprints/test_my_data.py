import json
import re

import pytest
from sqlalchemy import select

from app import account_letters, letters, policy
from app.audit import AuditEntry
from app.db import session
from app.people import addresses
from tests.evening_of_a_guest import EMAIL, PASSWORD, make_guest_of_an_evening
from tests.factories import NOON, make_guest, make_operator
from tests.factories import PASSWORD as PASSWORD_OF_MANY


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def notes():
    return session.scalars(select(AuditEntry).filter_by(did="account.data_handed_out")).all()


@pytest.mark.req("G36")
def test_the_password_brings_the_file(client_of):
    guest = make_guest_of_an_evening()

    answer = client_of(guest).post("/settings/data", data={"password": PASSWORD})

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sashitalk-20261122.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.data)
    assert told["tables"]["account"]["rows"][0]["email"] == EMAIL
    assert [note.by for note in notes()] == [guest.id]


@pytest.mark.parametrize(
    ("password", "said"), [("wrong", "パスワードが違います"), ("", "パスワードを入力")]
)
def test_without_the_password_there_is_none(client_of, password, said):
    answer = client_of(make_guest()).post("/settings/data", data={"password": password})

    assert answer.status_code == 422 and said in answer.text
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert notes() == []


def test_looking_at_the_page_hands_out_nothing(client_of):
    browser = client_of(make_guest())

    assert "JSON" in browser.get("/settings/data").text
    assert notes() == []


def test_there_is_an_end_to_trying(client_of):
    browser = client_of(make_guest())
    most = int(policy.DATA_TRIES.split()[0])

    tried = [browser.post("/settings/data", data={"password": "x"}) for _ in range(most + 1)]

    assert [each.status_code for each in tried] == [422] * most + [429]


def test_only_guests(client, client_of):
    assert client.post("/settings/data").location.startswith("/login")
    assert client_of(make_operator()).get("/settings/data").status_code == 404


@pytest.mark.req("G36", "G37", "G40")
def test_the_file_does_not_stand_in_for_the_mailbox(client_of):
    """Who registered with an address, or asks to change to one, that is not theirs."""
    guest = make_guest(confirmed=False)
    letters.confirmation(guest, now=NOON)
    asked = addresses.ask(guest, "another@example.com", password=PASSWORD_OF_MANY, now=NOON)
    account_letters.change_asked(asked, now=NOON)

    answer = client_of(guest).post("/settings/data", data={"password": PASSWORD_OF_MANY})

    mails = json.loads(answer.data)["tables"]["mail"]["rows"]
    assert {"another@example.com", guest.email} <= {each["to"] for each in mails}
    links = {link for each in mails for link in re.findall(r"https?://\S+", each["body"])}
    assert links == {"http://127.0.0.1:5000/…"}
