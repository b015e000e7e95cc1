import pytest

from app.blueprints import shelf
from app.casts import standby
from app.db import session
from tests.factories import NOON, make_cast, make_guest


@pytest.fixture
def cast():
    return make_cast(name="星野あかり")


def test_a_strangers_page_is_kept_for_a_moment(client, cast):
    before = client.get("/casts")
    standby.begin(cast.account_id, now=NOON)

    again = client.get("/casts")
    assert (again.data, again.headers.to_wsgi_list()) == (
        before.data,
        before.headers.to_wsgi_list(),
    )

    shelf.clear()  # what two seconds do
    assert client.get("/casts").data != before.data


def test_each_address_and_language_has_a_page_of_its_own(client, app, cast):
    japanese = client.get("/casts")
    english = app.test_client()
    english.set_cookie("locale", "en")

    assert english.get("/casts").data != japanese.data
    assert client.get("/casts?sort=price").data != japanese.data
    assert client.get("/casts").data == japanese.data


def test_a_guests_own_page_is_neither_kept_nor_taken_from_the_shelf(client, client_of, cast):
    guest = make_guest(points=1234)
    session.commit()

    own = client_of(guest).get("/casts").text
    strangers = client.get("/casts").text

    assert "1,234" in own
    assert "1,234" not in strangers
    assert "1,234" in client_of(guest).get("/casts").text


def test_a_kept_page_sets_no_cookie_and_carries_no_token(client, cast):
    page = client.get("/casts")

    assert "Set-Cookie" not in page.headers
    assert "X-CSRFToken" not in page.text


def test_a_page_that_is_not_there_is_not_kept(client):
    assert client.get("/casts/nobody").status_code == 404
    assert not shelf._shelf


def test_the_shelf_holds_a_bounded_number_of_pages(client, cast):
    for number in range(shelf.MOST_PAGES + 5):
        client.get(f"/casts?n={number}")

    assert len(shelf._shelf) <= shelf.MOST_PAGES
