"""The operator closes a cast's account; and what other pages show of who has left."""

import pytest

from app import clock, leaving, policy
from app.casts import profiles
from app.db import session
from app.desk import inquiries
from app.desk.inquiry_tables import Subject
from app.entry import forgetting
from app.mail import Mail
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator
from tests.reservations import attend, make_booking, settle
from tests.screenings import admit, make_application

ALL = [(0, 1_000)]


@pytest.fixture
def operator(at):
    at(NOON)
    return make_operator()


@pytest.fixture
def desk(operator, client_of):
    return client_of(operator)


def url_of(cast):
    return f"/admin/people/{cast.public_id}"


def is_closed(cast):
    return session.get_one(Account, cast.account_id, populate_existing=True).closed_at is not None


def test_the_page_says_what_goes_and_the_press_closes_the_account_once(desk):
    cast = make_cast(name="千景")
    assert f"{url_of(cast)}/leaving" in desk.get(url_of(cast)).text
    page = desk.get(f"{url_of(cast)}/leaving").text
    for words in ("千景さんの退会", "削除", "本名、振込先口座", f"{policy.BOOKS_KEPT_YEARS}年間"):
        assert words in page, words
    assert not is_closed(cast)

    for _ in range(2):
        answer = desk.post(f"{url_of(cast)}/leaving")
        assert (answer.status_code, answer.location) == (302, url_of(cast))

    assert is_closed(cast)
    assert [mail.subject for mail in session.query(Mail)] == ["【サシトーク】退会が完了しました"]
    after = desk.get(url_of(cast)).text
    assert "退会済み" in after and "退会したキャスト" in after
    assert f"{url_of(cast)}/leaving" not in after
    assert "<button" not in desk.get(f"{url_of(cast)}/leaving").text.split("<main")[1]


def test_with_a_reservation_ahead_it_says_why_not(desk):
    cast = make_cast()
    make_booking(cast=cast)

    page = desk.get(f"{url_of(cast)}/leaving").text
    assert "予約があるか" in page and "アカウントを閉じる</button>" not in page
    answer = desk.post(f"{url_of(cast)}/leaving")

    assert answer.status_code == 422 and "予約があるか" in answer.text
    assert not is_closed(cast)
    assert session.query(Mail).filter_by(key=f"account:{cast.account_id}:left").all() == []


def test_it_is_for_operators_and_for_casts_only(desk, client_of):
    guest, cast = make_guest(), make_cast()

    assert desk.get(f"/admin/people/{guest.public_id}/leaving").status_code == 404
    assert desk.post(f"/admin/people/{guest.public_id}/leaving").status_code == 404
    assert desk.get("/admin/people/x/leaving").status_code == 404
    stranger = client_of(guest)
    for asked in (stranger.get, stranger.post):
        assert asked(f"{url_of(cast)}/leaving").status_code in {302, 303, 403, 404}
    assert not is_closed(cast)


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_all_pages_of_old_talks_still_draw(desk, operator, client_of, locale):
    booking = make_booking(slots=2)
    guest = session.get_one(Account, booking.guest_id)
    cast = profiles.find(session.get_one(Account, booking.cast_id).public_id)
    attend(booking, guest=ALL, cast=ALL)
    settle(booking)
    leaving.part(booking.cast_id, by=operator.id, now=clock.now())
    session.flush()
    browser = client_of(guest)
    for client in (browser, desk):
        client.set_cookie("locale", locale)

    for url in ("/me", "/bookings", f"/bookings/{booking.public_id}", "/favourites"):
        answer = browser.get(url)
        assert answer.status_code == 200, url
        assert ("退会したキャスト" in answer.text) == url.startswith("/bookings"), url
    assert browser.get(f"/casts/{cast.public_id}").status_code == 404
    for url in ("/admin", "/admin/casts", f"/admin/casts/{cast.public_id}", url_of(cast)):
        assert desk.get(url).status_code == 200, url


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_an_application_that_was_handed_over_shows_the_cast_as_they_are(desk, operator, at, locale):
    application = make_application(name="こはる", family="見本山", email="koharu@example.com")
    admit(application, operator)
    at(NOON + policy.DOCUMENTS_KEPT)
    assert forgetting.hand_over_due(clock.now()) == 1
    desk.set_cookie("locale", locale)

    page = desk.get(f"/admin/applications/{application.public_id}").text
    for words in ("こはる", "見本山", "koharu@example.com"):
        assert words in page
    assert ("写しを残していません" if locale == "ja" else "keeps no copy") in page
    assert "こはる" in desk.get("/admin/applications").text


def test_a_question_of_somebody_who_left_can_be_noted_but_not_answered(desk, client_of):
    guest = make_guest(nickname="みずいろ")
    asked = inquiries.Asked(
        subject=Subject.BECOMING_CAST,
        name="みずいろ",
        email="mizuiro@example.com",
        about="",
        words="応募できますか",
        locale="ja",
        account_id=guest.id,
    )
    inquiry = inquiries.ask(asked, form_key="k", now=NOON)
    leaving.leave(guest.id, points_seen=0, accepts_loss=True, now=NOON)
    session.flush()
    url = f"/admin/inquiries/{inquiry.number}"

    page = desk.get(url).text
    assert "応募できますか" in page and "退会済み" in page and "みずいろ" not in page
    assert 'value="answer"' not in page and 'value="note"' in page
    answer = desk.post(f"{url}/answer", data={"words": "はい", "press": "answer", "seen": "1"})
    assert answer.status_code == 422 and "回答をお届けできません" in answer.text
    assert session.query(Mail).all() == []
    noted = desk.post(f"{url}/answer", data={"words": "退会済み", "press": "note", "seen": "1"})
    assert noted.status_code == 303
