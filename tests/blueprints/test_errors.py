import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from app import web
from app.db import session
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


SAID = {
    404: ("お探しのページは", "打ち間違い"),
    410: ("リンクの期限が切れています", "新しいものを"),
    413: ("", "小さいファイルに"),
    429: ("", "しばらくすると"),
}


@pytest.fixture(name="failing")
def _failing(app, monkeypatch):
    """failing(code): the page of terms answers with this error."""

    def fail(code):
        monkeypatch.setitem(app.view_functions, "home.terms", lambda: abort(code))

    return fail


@pytest.mark.parametrize("code", SAID)
def test_an_error_says_what_happened_what_to_do_and_where_to_go_on(client, failing, code):
    failing(code)

    answer = client.get("/terms")

    assert answer.status_code == code
    assert all(words in answer.text for words in SAID[code])
    for href in ("/casts", "/faq", "/contact", "/"):
        assert f'class="row" href="{href}"' in answer.text


def test_a_fault_of_ours_says_that_nothing_was_charged(app, client, monkeypatch):
    def break_down():
        raise RuntimeError("broken")

    monkeypatch.setitem(app.view_functions, "home.terms", break_down)
    monkeypatch.setattr(app, "testing", False)

    answer = client.get("/terms")

    assert answer.status_code == 500
    assert "この不具合は記録し" in answer.text and "broken" not in answer.text


def test_a_fault_is_told_in_plain_words_where_even_the_page_cannot_be_drawn(
    app, client, monkeypatch
):
    def gone(*_args, **_kwargs):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setitem(app.view_functions, "home.terms", gone)
    monkeypatch.setattr(web, "render_template", gone)
    monkeypatch.setattr(app, "testing", False)

    answer = client.get("/terms")

    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.text and "gone" not in answer.text


@pytest.mark.parametrize("cookie", ["xx", "../../etc", "JA", ""])
def test_a_wrong_language_is_japanese(client, cookie):
    client.set_cookie("locale", cookie)

    answer = client.get("/nowhere")

    assert answer.status_code == 404 and '<html lang="ja"' in answer.text
    assert client.get("/").status_code == 200


def test_each_is_shown_the_way_back_to_their_own_house(client_of):
    cast = session.get_one(Account, make_cast().account_id)
    homes = {"/cast-room": cast, "/admin": make_operator(), "/casts": make_guest()}
    for home, account in homes.items():
        text = client_of(account).get("/nowhere").text
        assert f'class="row" href="{home}"' in text
        assert ('class="bar"' in text) is (home == "/casts")


def test_an_error_is_said_in_english_as_well(client):
    client.set_cookie("locale", "en")

    assert "may be mistyped" in client.get("/nowhere").text
