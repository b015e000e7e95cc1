import pytest

from app.casts import ranks, search, standby
from app.casts.models import Rank
from tests.factories import NOON, make_cast, make_guest, make_talk

HTMX = {"HX-Request": "true"}


def listed(client, address="/casts"):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.req("G1", "G10", "G13")
def test_a_stranger_chooses_by_photo_name_price_and_genre(client):
    make_cast(name="千景", rank=Rank.GOLD, age_band="40s", categories=("listening",))

    page = listed(client)

    for fact in ("千景", "portraits/", "200 pt", "200円", "40代", "listening", "GOLD"):
        assert fact in page


@pytest.mark.req("G6", "G8", "D10")
def test_the_states_of_a_page_are_told_anew(client):
    cast = make_cast(name="ひより")
    address = f"/casts/states?cast={cast.public_id}&cast=nobody"

    assert "オンライン" in client.get(address).text
    make_talk(make_guest(points=500), cast)
    assert "通話中" in client.get(address).text
    standby.stop(make_cast(name="れん").account_id)
    assert client.get("/casts/states").text.strip() == ""


def test_the_address_says_everything_that_was_asked_for(client):
    make_cast(name="安い人", rank=Rank.BLUE, categories=("chat",))
    make_cast(name="高い人", rank=Rank.BLACK, categories=("work",))
    make_cast(name="休む人", rank=Rank.BLUE, categories=("chat",), online=False)

    for address, found in {
        "/casts?ready=1": {"安い人", "高い人"},
        "/casts?category=chat": {"安い人", "休む人"},
        "/casts?most_points=100": {"安い人", "休む人"},
        "/casts?words=高い": {"高い人"},
        "/casts?category=chat&ready=1&most_points=100&words=安い&sort=price": {"安い人"},
    }.items():
        page = listed(client, address)
        assert {name for name in ("安い人", "高い人", "休む人") if name in page} == found, address


@pytest.mark.parametrize(
    "address",
    [
        "/casts?most_points=-5",
        "/casts?most_points=99999999999999999999",
        "/casts?most_points=cheap",
        "/casts?sort=; DROP TABLE talk",
        "/casts?after=nonsense",
        "/casts?after=3~2026-11-22~99999999999999999999",
        "/casts?category=%00%27%22<script>",
        f"/casts?words={'%25_' * 300}",
    ],
)
def test_an_address_that_makes_no_sense_shows_casts_or_nothing_but_never_a_fault(client, address):
    make_cast()

    answer = client.get(address)

    assert answer.status_code in {200, 404}
    assert "<script>alert" not in answer.text


def test_more_stands_behind_a_bare_link_and_comes_alone_on_scrolling(client):
    for _ in range(search.PAGE + 2):
        make_cast()

    page = listed(client)
    assert page.count('class="cast"') == search.PAGE
    address = page.partition('class="more"')[2].partition('href="')[2].partition('"')[0]
    address = address.replace("&amp;", "&")

    assert listed(client, address).count('class="cast"') == 2
    part = client.get(f"{address}&part=1", headers=HTMX).text
    assert part.count('class="cast"') == 2 and "<html" not in part


def test_a_search_without_a_find_helps_on(client):
    assert "いません" in listed(client, "/casts?words=存在しない言葉")


@pytest.mark.req("G9", "G10")
def test_the_price_stands_above_the_button_which_is_there_only_while_online(client):
    cast = make_cast(name="千景", rank=Rank.GOLD)
    entry = f"/casts/{cast.public_id}/entry"

    page = listed(client, f"/casts/{cast.public_id}")
    assert 0 < page.index("200 pt") < page.index(entry)

    standby.stop(cast.account_id)
    assert entry not in listed(client, f"/casts/{cast.public_id}")


@pytest.mark.req("C18", "D24")
def test_an_average_is_shown_from_three_ratings_on(client):
    cast = make_cast()
    page = f"/casts/{cast.public_id}"

    cast.rating_sum, cast.rating_count = 9, 2
    assert "4.5" not in listed(client, page)
    cast.rating_sum, cast.rating_count = 13, 3
    assert "4.3" in listed(client, page)

    cast.rating_sum, cast.rating_count = 0, 0  # the books know of no such ratings


@pytest.mark.req("C10")
def test_a_page_shows_the_cast_name_and_no_address(client):
    cast = make_cast(name="千景")

    page = listed(client, f"/casts/{cast.public_id}")

    assert "千景" in page and "@example.com" not in page


def test_nobody_has_no_page(client):
    assert client.get("/casts/nobody").status_code == 404


@pytest.mark.req("C15", "D9")
def test_a_list_goes_by_the_prices_that_hold_today(client):
    make_cast(name="千景", rank=Rank.GOLD)

    assert ranks.prices_now(today=NOON.date())[Rank.GOLD] == 200
    assert "200 pt" in listed(client, "/casts?sort=price")
