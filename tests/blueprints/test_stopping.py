import re

import pytest
from sqlalchemy import select

from app import letters
from app.casts import favourites
from app.db import session
from app.mail import Mail
from app.people import closing
from tests.factories import NOON, make_cast, make_guest

BASE = "http://127.0.0.1:5000"


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest(nickname="みずいろ")


@pytest.fixture
def cast(guest):
    cast = make_cast(name="ひより")
    favourites.add(guest.id, cast.account_id, now=NOON)
    favourites.tell(guest.id, cast.account_id, wanted=True, now=NOON)
    return cast


@pytest.fixture
def link(guest, cast):
    """The path of the link in the mail."""
    letters.favourite(favourites.Due(guest, cast, NOON), now=NOON)
    body = session.scalars(select(Mail.body)).one()
    return re.search(rf"{BASE}(/favourites/stop/\S+)", body)[1]


def is_told(guest, cast):
    return favourites.find(guest.id, cast.account_id).tells_since is not None


def test_looking_at_the_link_stops_nothing_and_pressing_does(client, guest, cast, link):
    text = client.get(link).text
    assert "このメールを止める" in text and is_told(guest, cast)

    assert "止めました" in client.post(link).text

    assert not is_told(guest, cast)
    assert favourites.find(guest.id, cast.account_id), "the favourite itself stays"


def test_a_mail_program_presses_without_any_page_before(app, client, guest, cast, link):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 200 and not is_told(guest, cast)


def test_a_second_press_changes_nothing(client, link):
    assert [client.post(link).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_ours_or_of_somebody_who_left(client, guest, cast, link, method):
    press = getattr(client, method)
    assert press(f"{link[:-3]}abc").status_code == 410
    closing.close(guest, now=NOON)
    assert press(link).status_code == 410
