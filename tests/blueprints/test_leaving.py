import re

import pytest
from sqlalchemy import select

from app import policy
from app.bookings.models import Booking
from app.cases.models import Case
from app.casts.models import Cast
from app.db import session
from app.mail import Mail
from app.people import closing
from app.people.models import Account
from app.points import lots
from app.talks.models import Talk
from tests.evening_of_a_guest import EMAIL, NICKNAME, make_guest_of_an_evening
from tests.evening_of_a_guest import PASSWORD as PASSWORD_OF_THAT_EVENING
from tests.factories import (
    NOON,
    PASSWORD,
    SECOND,
    give_points,
    make_guest,
    make_operator,
)
from tests.reservations import make_booking

FORM = {"password": PASSWORD, "accepts_loss": "y"}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def last_screen(browser, **form):
    page = browser.post("/settings/leave", data=FORM | form)
    assert page.status_code == 200
    return re.search(r'name="signed" value="([^"]+)"', page.text)[1]


def is_closed(guest):
    return session.get_one(Account, guest.id, populate_existing=True).closed_at is not None


@pytest.mark.req("D35", "G38")
def test_the_whole_way_out(client_of):
    guest = make_guest(points=500, email=EMAIL)
    browser = client_of(guest)
    page = browser.get("/settings/leave").text
    assert "500 pt" in page and "500円" in page and "2月22日(月)23:59" in page

    screen = browser.post("/settings/leave", data=FORM).text
    assert "500 ptがなくなります" in screen
    assert f"{policy.BOOKS_KEPT_YEARS}年間" in screen and f"{policy.WORDS_KEPT.days}日後" in screen
    assert not is_closed(guest)
    signed = re.search(r'name="signed" value="([^"]+)"', screen)[1]
    answer = browser.post("/settings/leave/end", data={"signed": signed})

    assert (answer.status_code, answer.location) == (303, "/left")
    assert "退会が完了しました" in browser.get("/left").text
    assert browser.get("/me").location.startswith("/login"), "this browser is let out"
    assert is_closed(guest)
    assert lots.purse_of(guest.id, now=NOON).points == 0
    assert session.scalars(select(Mail.to)).all() == [EMAIL]


@pytest.mark.req("D35")
def test_the_loss_must_be_ticked_only_where_there_is_one(client_of):
    rich = client_of(make_guest(points=500))
    answer = rich.post("/settings/leave", data={"password": PASSWORD})
    assert answer.status_code == 422 and "チェックしてください" in answer.text

    poor = client_of(make_guest())
    assert 'name="accepts_loss"' not in poor.get("/settings/leave").text
    assert poor.post("/settings/leave", data={"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nothing_goes_on_without_the_password(client_of, password):
    guest = make_guest(points=500)

    answer = client_of(guest).post("/settings/leave", data=FORM | {"password": password})

    assert answer.status_code == 422 and 'name="signed"' not in answer.text
    assert " checked" in answer.text, "the tick is still there"


@pytest.mark.req("D35")
def test_a_reservation_ahead_is_named_and_can_be_cancelled_from_there(client_of):
    booking = make_booking()
    guest = session.get_one(Account, booking.guest_id)
    browser = client_of(guest)

    page = browser.get("/settings/leave").text
    assert "これからの予約" in page and f"/bookings/{booking.public_id}" in page
    assert 'name="password"' not in page
    assert browser.post("/settings/leave", data=FORM).status_code == 422


@pytest.mark.req("D35")
def test_what_changed_after_the_last_screen_stops_it_whole(client_of):
    guest = make_guest(points=500)
    browser = client_of(guest)
    signed = last_screen(browser)
    give_points(guest, 100)

    answer = browser.post("/settings/leave/end", data={"signed": signed})

    assert answer.status_code == 409 and "ポイントが変わりました" in answer.text
    assert not is_closed(guest)
    assert session.scalars(select(Mail.to)).all() == [], "no last mail either"
    assert lots.purse_of(guest.id, now=NOON).points == 600


def test_a_screen_of_somebody_else_an_old_one_and_none_end_nothing(client_of, at):
    guest, other = make_guest(points=500), make_guest(points=500)
    browser = client_of(guest)
    foreign, own = last_screen(client_of(other)), last_screen(browser)

    for signed in (foreign, "", "nonsense"):
        answer = browser.post("/settings/leave/end", data={"signed": signed})
        assert answer.location == "/settings/leave"
    at(NOON + policy.LEAVE_WITHIN + SECOND)
    browser.post("/settings/leave/end", data={"signed": own})

    assert not is_closed(guest) and not is_closed(other)


def test_there_is_an_end_to_trying_passwords(client_of):
    browser = client_of(make_guest())
    most = int(policy.LEAVE_TRIES.split()[0])

    for _ in range(most):
        assert browser.post("/settings/leave", data={"password": "x"}).status_code == 422
    assert browser.post("/settings/leave", data={"password": "x"}).status_code == 429


def test_only_guests_leave_here(client, client_of):
    assert client.get("/settings/leave").location.startswith("/login")
    assert client_of(make_operator()).get("/settings/leave").status_code == 404


@pytest.mark.req("D35")
def test_the_others_pages_of_old_talks_still_draw(client_of):
    guest = make_guest_of_an_evening()
    operator = make_operator()
    browser = client_of(guest)
    signed = last_screen(browser, password=PASSWORD_OF_THAT_EVENING)
    assert browser.post("/settings/leave/end", data={"signed": signed}).location == "/left"

    for talk in session.scalars(select(Talk)).all():
        page = client_of(operator).get(f"/admin/talks/{talk.public_id}")
        assert page.status_code == 200 and closing.GONE in page.text and NICKNAME not in page.text
    cases = session.scalars(select(Case)).all()
    assert {bool(case.talk_id) for case in cases} == {True, False}
    for case in cases:
        assert closing.GONE in client_of(operator).get(f"/admin/cases/{case.public_id}").text
    [booking] = session.scalars(select(Booking)).all()
    reserved = client_of(session.get_one(Account, booking.cast_id))
    assert closing.GONE in reserved.get(f"/cast-room/bookings/{booking.public_id}").text
    assert closing.GONE in reserved.get(f"/bookings/{booking.public_id}/messages").text
    cast = session.scalars(select(Cast).filter_by(name="ひより")).one()
    assert (
        closing.GONE
        in client_of(session.get_one(Account, cast.account_id)).get("/cast-room/talks").text
    )


@pytest.mark.req("G38")
def test_the_button_stands_at_the_very_bottom_of_the_settings(client_of):
    page = client_of(make_guest()).get("/settings").text
    main = page[page.index("<main") : page.index("</main>")]

    links = re.findall(r'(?:href|action)="([^"]+)"', main)
    assert links[-1] == "/settings/leave"
    assert "退会する" in main
    assert "/settings/leave" not in client_of(make_operator()).get("/settings").text
