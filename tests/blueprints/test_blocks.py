"""The pages of blocking: one tap from talk, reservation, message and profile."""

from datetime import timedelta

import pytest

from app.bookings.models import BookingState
from app.db import session
from app.people import blocks
from app.people.models import Account
from app.points.lots import purse_of
from tests.factories import NOON, book, make_cast, make_guest, make_operator, make_talk, publish

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest(points=10_000, nickname="みずいろ")


@pytest.fixture
def cast():
    return make_cast(name="千景")


@pytest.fixture
def mine(client_of, guest):
    return client_of(guest)


@pytest.fixture
def hers(client_of, cast):
    return client_of(session.get(Account, cast.account_id))


def test_a_guest_blocks_from_the_profile_and_takes_it_back(mine, client, guest, cast):
    page = f"/blocks/{cast.public_id}"
    assert page in mine.get(f"/casts/{cast.public_id}").text
    assert page not in client.get(f"/casts/{cast.public_id}").text
    assert "千景さんには通知されません" in mine.get(page).text

    for _ in range(2):
        assert mine.post(page).location == "/blocks"

    assert "千景" in mine.get("/blocks").text
    assert "千景" not in mine.get("/casts").text
    for path in ("", "/entry", f"/booking?start={NOON.isoformat()}"):
        assert mine.get(f"/casts/{cast.public_id}{path}").status_code == 404
    assert client.get(f"/casts/{cast.public_id}").status_code == 200
    assert "千景" in client.get("/casts").text

    (block, _other), *_ = blocks.of_account(guest)
    mine.post(f"/blocks/{block.public_id}/end")
    assert mine.get(f"/casts/{cast.public_id}").status_code == 200


def test_a_signed_in_guest_never_gets_a_strangers_kept_list(client, mine, guest, cast):
    assert "千景" in client.get("/casts").text
    mine.post(f"/blocks/{cast.public_id}")
    mine.get("/blocks")  # says that it is done

    assert "千景" not in mine.get("/casts").text
    assert "千景" in client.get("/casts").text


def test_a_cast_blocks_from_a_talk_without_seeing_the_guests_id(hers, mine, guest, cast):
    talk = make_talk(guest, cast)
    page = f"/blocks/{talk.public_id}"
    report = hers.get(f"/talks/{talk.public_id}/report").text
    assert page in report
    assert 'target="_blank"' in report
    shown = hers.get(page).text
    assert "いまのトークは、どちらかが終了するまで続きます" in shown
    assert guest.public_id not in shown

    hers.post(page)

    listed = hers.get("/blocks").text
    assert "みずいろ" in listed
    assert guest.public_id not in listed
    assert mine.get(f"/talks/{talk.public_id}/room").status_code == 200
    assert "千景" not in mine.get("/casts").text
    assert "千景" not in mine.get("/blocks").text


@pytest.mark.parametrize("party", ["guest", "cast"])
def test_reservations_are_shown_and_stay(mine, hers, guest, cast, party):
    publish(cast, NOON + 20 * HOUR)
    booking = book(guest, cast, NOON + 20 * HOUR)
    points = purse_of(guest.id, now=NOON).points
    browser, page, cancellation = (
        (mine, f"/blocks/{cast.public_id}", f"/bookings/{booking.public_id}/cancellation")
        if party == "guest"
        else (
            hers,
            f"/blocks/{booking.public_id}",
            f"/cast-room/bookings/{booking.public_id}/cancellation",
        )
    )
    shown = browser.get(page).text
    assert "ブロックしても予約はキャンセルされず、ポイントも動きません" in shown
    assert cancellation in shown
    for at_hand in (f"/bookings/{booking.public_id}/messages",):
        assert page in browser.get(at_hand).text

    browser.post(page)

    assert session.get(type(booking), booking.id).state is BookingState.CONFIRMED
    assert purse_of(guest.id, now=NOON).points == points
    assert browser.get(cancellation).status_code == 200


def test_who_does_not_know_somebody_cannot_name_them(client_of, mine, hers, guest, cast):
    talk = make_talk(guest, cast)
    other_cast = client_of(session.get(Account, make_cast().account_id))
    assert other_cast.get(f"/blocks/{talk.public_id}").status_code == 404
    assert other_cast.post(f"/blocks/{talk.public_id}").status_code == 404
    assert hers.get(f"/blocks/{guest.public_id}").status_code == 404
    assert mine.get(f"/blocks/{make_guest().public_id}").status_code == 404
    assert client_of(make_operator()).get("/blocks").status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, cast):
    assert "/login" in client.get(f"/blocks/{cast.public_id}").location
    assert "/login" in client.post(f"/blocks/{cast.public_id}").location


@pytest.mark.parametrize("met", [True, False])
def test_a_cast_whom_a_guest_cannot_see_is_known_only_to_who_has_met_them(mine, guest, cast, met):
    if met:
        make_talk(guest, cast)
    blocks.block(session.get(Account, cast.account_id), guest, now=NOON)

    for page in (f"/blocks/{cast.public_id}", f"/people/{cast.public_id}/report"):
        assert mine.get(page).status_code == (200 if met else 404)
    assert mine.post(f"/blocks/{cast.public_id}").status_code == (303 if met else 404)
    assert bool(blocks.of_account(guest)) is met
