import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.blueprints.admin.texts import NAMES
from app.db import session
from app.people.models import Account, Consent
from app.talks.models import Talk
from app.texts.models import TextKind
from tests.factories import (
    NOON,
    PASSWORD,
    book,
    japan,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    publish,
)
from tests.texts.test_editions import publish_terms

TODAY = "2026-11-22"
EIGHT = japan(2026, 11, 22, 20)


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def seen_on(page):
    return re.search(r'name="seen" type="hidden" value="([^"]*)"', page)[1]


def versions_of(account):
    return session.scalars(select(Consent.version).filter_by(account_id=account.id)).all()


def log_in(client, account, url="/login"):
    return client.post(url, data={"email": account.email, "password": PASSWORD})


@pytest.mark.req("C7", "G36")
def test_a_guest_reads_what_is_new_after_the_login_agrees_once_and_goes_on(client):
    guest = make_guest()
    publish_terms(fields={"changes": {"ja": "返金の条件を足しました。", "en": ""}})

    answer = log_in(client, guest)
    assert (answer.status_code, answer.location) == (303, "/consents")
    page = client.get("/consents").text
    assert "返金の条件を足しました。" in page and "同意して続ける" in page
    assert 'href="/terms"' in page and 'href="/settings/leave"' in page

    data = {"seen": seen_on(page), "agreed": "y"}
    assert client.post("/consents", data=data).location == "/"
    assert versions_of(guest) == [TODAY]
    assert client.get("/consents").location == "/"
    client.post("/logout")
    assert log_in(client, guest).location == "/casts"


@pytest.mark.req("C7")
def test_a_cast_is_asked_before_standing_by(client, client_of):
    cast = make_cast(online=False)
    publish_terms(TextKind.CAST_TERMS)
    account = session.get_one(Account, cast.account_id)
    assert log_in(client, account, "/cast/login").location == "/consents"

    browser = client_of(account)
    answer = browser.post("/cast-room/standby", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/consents") and cast.state == "offline"
    page = browser.get("/consents").text
    assert "キャスト利用規約" in page and "次に待機を始める前に" in page

    data = {"seen": seen_on(page), "agreed": "y"}
    assert browser.post("/consents?next=/cast-room", data=data).location == "/cast-room"
    browser.post("/cast-room/standby")
    assert cast.state == "online"


@pytest.mark.req("C7")
def test_pages_that_begin_something_show_it_first_and_come_back(client_of):
    guest, cast = make_guest(points=10_000), make_cast()
    publish(cast, EIGHT)
    publish_terms()
    browser = client_of(guest)
    start = EIGHT.isoformat().replace("+", "%2B")
    for path in (
        f"/casts/{cast.public_id}/entry",
        f"/casts/{cast.public_id}/booking?start={start}",
        f"/casts/{cast.public_id}/booking/confirmation?start={start}&slots=1",
        "/points/packs?need=100",
        "/points/confirmation?pack=1000",
    ):
        answer = browser.get(path)
        assert answer.status_code == 303 and answer.location.startswith("/consents?next=")
        data = {"seen": f"terms:{TODAY}"}  # without the tick
        again = browser.post(answer.location, data=data)
        assert again.status_code == 422 and "チェックを入れてください" in again.text
    for path in (f"/casts/{cast.public_id}/talks", "/points/orders"):
        assert browser.post(path).location.startswith("/consents")
    assert session.query(Talk).count() == 0

    way = browser.get(f"/casts/{cast.public_id}/entry").location
    answer = browser.post(way, data={"seen": f"terms:{TODAY}", "agreed": "y"})
    assert answer.location == f"/casts/{cast.public_id}/entry"
    assert browser.get(answer.location).status_code == 200


@pytest.mark.req("C7")
def test_what_runs_what_is_paid_ones_data_and_leaving_never_wait(client_of, at, client):
    guest = make_guest(points=20_000)
    cast = make_cast()
    publish(cast, EIGHT)
    booking = book(guest, cast, EIGHT)
    talk = make_talk(guest, cast)
    publish_terms()
    browser = client_of(guest)

    for path in (
        f"/talks/{talk.public_id}/room",
        f"/talks/{talk.public_id}/meter",
        "/points/packs",
        "/points",
        f"/bookings/{booking.public_id}",
        f"/bookings/{booking.public_id}/cancellation",
        "/settings/data",
        "/settings/leave",
        "/casts",
    ):
        assert browser.get(path).status_code == 200, path
    way = f"/login?next=/bookings/{booking.public_id}"
    answer = client.post(way, data={"email": guest.email, "password": PASSWORD})
    assert answer.location == f"/bookings/{booking.public_id}"
    at(EIGHT)
    page = browser.get(f"/bookings/{booking.public_id}")
    assert page.status_code == 200


def test_who_read_an_edition_that_was_replaced_meanwhile_reads_the_newer_one(client_of):
    guest = make_guest()
    publish_terms()
    browser = client_of(guest)
    seen = seen_on(browser.get("/consents").text)
    publish_terms(fields={"changes": {"ja": "さらに直しました。", "en": ""}})

    answer = browser.post("/consents", data={"seen": seen, "agreed": "y"})

    assert answer.status_code == 422 and "もう一度お読みください" in answer.text
    assert "さらに直しました。" in answer.text and seen_on(answer.text) == f"terms:{TODAY}-2"
    assert versions_of(guest) == []


@pytest.mark.parametrize("seen", ["", "x", "terms:", "terms:2026-11-24", ":::", "a b c:d"])
def test_nonsense_agrees_to_nothing(client_of, seen):
    guest = make_guest()
    publish_terms()

    answer = client_of(guest).post("/consents", data={"seen": seen, "agreed": "y"})

    assert answer.status_code == 422 and versions_of(guest) == []


@pytest.mark.parametrize("way", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_it_never_leads_elsewhere(client_of, way):
    publish_terms()
    data = {"seen": f"terms:{TODAY}", "agreed": "y"}

    answer = client_of(make_guest()).post("/consents", query_string={"next": way}, data=data)

    assert answer.location == "/"


def test_nobody_is_asked_while_nothing_is_new(client, client_of):
    guest = make_guest()
    publish_terms(holds_from=NOON + timedelta(days=20))

    assert log_in(client, guest).location == "/casts"
    assert client_of(guest).get("/consents").location == "/"
    assert client_of(make_operator()).get("/consents").status_code == 404
    assert client.application.test_client().get("/consents").location.startswith("/login")


@pytest.mark.req("C7", "G36")
def test_whoever_registers_agrees_to_the_edition_that_holds(client):
    publish_terms()
    page = client.get("/register").text
    assert f"{TODAY} 版" in page
    form = {
        "email": "mina@example.com",
        "password": PASSWORD,
        "nickname": "みな",
        "born_on": "1990-01-01",
        "agreed": "y",
    }
    old = "terms:2026-11-24 privacy:2026-11-24"
    assert client.post("/register", data=form | {"version": old}).status_code == 422

    carried = re.search(r'name="version" type="hidden" value="([^"]*)"', page)[1]
    assert client.post("/register", data=form | {"version": carried}).status_code == 303
    kept = dict(session.execute(select(Consent.terms, Consent.version)).all())
    assert kept == {"terms": TODAY, "privacy": "2026-11-24"}


def test_every_text_has_a_name_for_the_operator():
    assert set(NAMES) == set(TextKind)
