import pytest

from app.casts import ranks
from app.casts.models import Rank
from app.db import session
from app.people import terms
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.mark.req("G49", "G1", "G48", "G54")
def test_a_stranger_reads_what_this_is_and_who_is_there(client):
    make_cast(name="ひより")

    text = client.get("/").text

    assert "お話し相手・愚痴聞き代行" in text
    assert "最初の1分は無料" in text and "100 pt" in text
    assert "ひより" in text
    assert "直接お会いすることはできません" in text and "Wi-Fi" in text
    assert 'href="/casts"' in text and 'href="/register"' in text


def test_the_prices_are_the_rows_that_hold_now(client):
    make_cast()
    ranks.prices_now(today=NOON.date())

    text = client.get("/").text

    for points in ranks.prices_now(today=NOON.date()).values():
        assert f"{points:,} pt" in text


def test_an_empty_house_has_a_front_page_as_well(client):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("make", "home"),
    [
        (make_guest, "/casts"),
        (lambda: make_cast(rank=Rank.BLUE).account_id, "/cast-room"),
        (make_operator, "/admin"),
    ],
    ids=["guest", "cast", "operator"],
)
def test_whoever_is_signed_in_goes_on(client_of, make, home):
    made = make()
    account = made if isinstance(made, Account) else session.get_one(Account, made)

    assert client_of(account).get("/").location == home


def test_the_language_is_kept_by_the_browser_and_leads_back(client):
    answer = client.get("/language/en", headers={"Referer": "http://localhost/terms?x=1"})

    assert (answer.status_code, answer.location) == (303, "/terms?x=1")
    assert "Register for free" in client.get("/").text
    client.get("/language/ja")
    assert "無料で会員登録" in client.get("/").text


@pytest.mark.parametrize(
    "referrer", ["http://evil.example/terms", "", "http://localhost//evil.example", "nonsense"]
)
def test_the_language_leads_to_no_other_house(client, referrer):
    assert client.get("/language/en", headers={"Referer": referrer}).location == "/"


def test_there_are_two_languages(client):
    assert client.get("/language/xx").status_code == 404


def test_a_link_changes_no_account_but_a_press_does(client_of):
    guest = make_guest()
    browser = client_of(guest)

    browser.get("/language/en")
    assert guest.locale == "ja"
    browser.post("/language/en")
    assert guest.locale == "en"


@pytest.mark.req("G14", "G16", "G18", "G36", "G47", "G48")
def test_the_terms_say_the_rules_with_their_exceptions(client):
    text = client.get("/terms").text

    assert terms.FIRST["terms"] in text
    for words in (
        "最初の1分は無料",
        "3か月後の同じ日の23時59分",
        "払い戻しをいたしません",
        "入室する部屋をお間違え",
        "ただし、次の場合は",
        "二重にお支払い",
        "直接会うことはできません",
    ):
        assert words in text
    assert terms.FIRST["privacy"] in client.get("/privacy").text
    client.get("/language/en")
    assert "Nothing here limits the rights" in client.get("/terms").text
    assert "never record" in client.get("/privacy").text
