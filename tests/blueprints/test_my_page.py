import pytest

from app.casts import favourites
from app.db import session
from app.notices import office_notices
from app.notices.models import Audience
from tests.evening_of_a_guest import make_guest_of_an_evening
from tests.factories import NOON, give_points, japan, make_cast, make_guest, make_operator
from tests.reservations import HOUR, make_booking


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def test_my_page_shows_the_account_and_what_it_holds(client_of):
    guest = make_guest(nickname="みずいろ")
    give_points(guest, 1000, now=japan(2026, 11, 10, 12))

    text = client_of(guest).get("/me").text

    assert "みずいろ" in text and guest.email in text and "確認済み" in text
    assert "1,000 pt" in text and "2月10日(水)23:59" in text
    assert 'action="/confirmation"' not in text


def test_a_new_guest_reads_what_could_stand_there(client_of):
    text = client_of(make_guest()).get("/me").text

    assert "予約はありません" in text and "ハートを押すと" in text
    for address in ("/settings", "/device-test", "/bookings", "/talks", "/favourites"):
        assert f'href="{address}"' in text, address


def test_an_unconfirmed_guest_can_ask_for_the_mail_again_there(client_of):
    text = client_of(make_guest(confirmed=False)).get("/me").text

    assert "未確認" in text and 'action="/confirmation"' in text


def test_what_is_ahead_what_was_and_whom_one_likes(client_of):
    guest = make_guest_of_an_evening()
    asahi = make_cast(name="あさひ", online=False)
    booking = make_booking(guest=guest, cast=asahi, start=NOON + 5 * HOUR)
    favourites.add(guest.id, booking.cast_id, now=NOON)

    text = client_of(guest).get("/me").text

    assert f"/bookings/{booking.public_id}" in text
    assert "あさひ" in text and "オフライン" in text and "ひより" in text


def test_no_more_than_three_of_each(client_of):
    guest = make_guest()
    for number in range(4):
        cast = make_cast(name=f"好き{number}")
        favourites.add(guest.id, cast.account_id, now=NOON)
    session.flush()

    text = client_of(guest).get("/me").text

    assert sum(f"好き{number}" in text for number in range(4)) == 3


def test_a_stranger_finds_nothing(client, client_of):
    assert client.get("/me").location == "/login?next=/me"
    assert client_of(make_operator()).get("/me").status_code == 404


@pytest.mark.req("C25")
def test_what_must_be_read_stands_on_top_until_it_is(client_of):
    notice = office_notices.write(
        title="電話番号をたずねられたら",
        words="お断りください。",
        audience=Audience.GUESTS,
        starts_at=NOON,
        ends_at=None,
        must_read=True,
        by=make_operator().id,
        now=NOON,
    )
    guest = client_of(make_guest())

    text = guest.get("/me").text
    assert text.index("電話番号をたずねられたら") < text.index("ポイント購入")

    guest.post(f"/notices/{notice.public_id}/reading")
    text = guest.get("/me").text
    assert text.index("電話番号をたずねられたら") > text.index("ポイント購入")


def test_my_page_and_the_settings_lead_to_whom_one_has_blocked(client_of):
    guest = client_of(make_guest())

    assert 'href="/blocks"' in guest.get("/me").text
    assert 'href="/blocks"' in guest.get("/settings").text
    assert 'href="/me"' in guest.get("/blocks").text


@pytest.mark.parametrize(
    ("page", "place"), [("/me", "/me"), ("/settings/mails", "/me"), ("/bookings", "/talks")]
)
def test_the_bar_tells_where_one_is(client_of, page, place):
    text = client_of(make_guest()).get(page).text

    assert f'<a href="{place}" aria-current="page">' in text
    assert text.count('aria-current="page"') - text.count('class="tabs"') == 1
