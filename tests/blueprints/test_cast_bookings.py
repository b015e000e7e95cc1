"""A cast's side of reservations: the list, one talk, cancelling, the completion report."""

import re
from datetime import timedelta

import pytest

from app.bookings import completions
from app.bookings.models import Completion, CompletionKind
from app.db import session
from app.people.models import Account
from app.points import lots
from tests.factories import NOON, SECOND, make_cast, make_guest, publish
from tests.reservations import START, attend, make_booking, moment, settle

TOMORROW = NOON + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def cast():
    return make_cast(name="ひより")


@pytest.fixture
def guest():
    return make_guest(points=1000, nickname="みずいろ")


@pytest.fixture
def browser(client_of, cast, at):
    at(NOON)
    return client_of(session.get_one(Account, cast.account_id))


def page_of(booking):
    return f"/cast-room/bookings/{booking.public_id}"


def report(browser, booking, **changed):
    filled = {"kind": "done", "impression": "穏やかな方でした。", "stars": "5", **changed}
    return browser.post(f"{page_of(booking)}/report", data=filled)


def chosen_kind(page):
    """The kind that the form has ticked."""
    ticked = re.search(r"<input[^>]*checked[^>]*name=\"kind\"[^>]*>", page)
    return re.search(r'value="(\w+)"', ticked[0])[1]


@pytest.mark.req("C35", "C25")
def test_a_booking_is_on_the_dashboard_and_on_the_list_with_what_it_earns(browser, guest, cast):
    assert "予約は入っていません" in browser.get("/cast-room").text
    make_booking(guest=guest, cast=cast, slots=2)

    for path in ("/cast-room", "/cast-room/bookings"):
        page = browser.get(path).text
        assert "みずいろ" in page
        assert "300円" in page
        assert "予約確定" in page


@pytest.mark.req("C10", "C41")
def test_the_page_asks_for_the_test_and_knows_the_nickname_only(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast)

    page = browser.get(page_of(booking)).text

    assert "みずいろさんとのトーク" in page
    assert guest.email not in page
    assert "12:50までに、カメラとマイクの接続テスト" in page


@pytest.mark.req("C39", "D39")
def test_a_cast_cancels_in_time(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast, start=TOMORROW)
    url = f"{page_of(booking)}/cancellation"
    assert "スケジュールからも外れます" in browser.get(url).text

    answer = browser.post(url, data={"words": ""})

    assert answer.location == page_of(booking)
    assert lots.purse_of(guest.id, now=NOON).points == 1000
    assert "ご自身でキャンセルしました" in browser.get(page_of(booking)).text


@pytest.mark.req("C40", "D38")
def test_in_the_last_hour_only_an_emergency_with_a_reason(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    url = f"{page_of(booking)}/cancellation"
    at(START - HOUR + SECOND)
    assert "原則として禁止" in browser.get(url).text

    # A form that was opened in time reports no emergency by itself.
    unaware = browser.post(url, data={"words": "停電のため"})
    assert unaware.status_code == 422
    assert 'name="emergency"' in unaware.text
    refused = browser.post(url, data={"words": " ", "emergency": "1"})
    assert refused.status_code == 422
    assert "事情を運営事務局にお知らせください" in refused.text
    answer = browser.post(url, data={"words": "停電のため", "emergency": "1"})

    assert answer.status_code == 303
    assert lots.purse_of(guest.id, now=NOON).points == 1000
    assert "緊急のキャンセルです" in browser.get(page_of(booking)).text


def test_what_has_begun_cannot_be_cancelled(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    at(START)

    answer = browser.post(f"{page_of(booking)}/cancellation", data={"words": "a"})

    assert answer.status_code == 422
    assert "予約の時間が始まったため" in answer.text


@pytest.mark.req("C47", "C48", "C49")
@pytest.mark.parametrize(
    ("guest_stays", "cast_stays", "kind"),
    [
        ([(0, 150)], [(0, 150)], "done"),
        ([], [(0, 150)], "not_held"),
        ([(0, 150)], [], "trouble"),
    ],
)
def test_the_report_is_filled_in_as_the_evidence_suggests(
    browser, guest, cast, at, guest_stays, cast_stays, kind
):
    booking = make_booking(guest=guest, cast=cast)
    attend(booking, guest=guest_stays, cast=cast_stays)
    at(moment(booking, 200))

    page = browser.get(page_of(booking)).text

    assert chosen_kind(page) == kind
    assert "13:13まで" in page  # ten minutes after the end
    assert page_of(booking) in browser.get("/cast-room").text


@pytest.mark.req("C49", "C50")
def test_a_report_is_filed_and_the_talk_settled_by_it(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    attend(booking, guest=[(0, 150)], cast=[(0, 150)])
    at(booking.report_until)

    answer = report(browser, booking)

    assert answer.location == page_of(booking)
    filed = session.query(Completion).one()
    assert (filed.kind, filed.stars, filed.late) == (CompletionKind.DONE, 5, False)
    settle(booking)
    page = browser.get(page_of(booking)).text
    assert "予定どおりトークが行われました" in page
    assert "150円" in page
    assert "穏やかな方でした。" in page


@pytest.mark.req("C49", "D24")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "選んでください"),
        ({"kind": "nothing"}, "選んでください"),
        ({"impression": ""}, "感想をひとことご記入ください"),
        ({"impression": "長" * 501}, "500"),
        ({"stars": "0"}, "星を1つから"),
        ({"stars": ""}, "星を1つから"),
    ],
)
def test_a_bad_report_comes_back_as_it_was_filled(browser, guest, cast, at, changed, words):
    booking = make_booking(guest=guest, cast=cast)
    at(moment(booking, 200))

    answer = report(browser, booking, **changed)

    assert answer.status_code == 422
    assert words in answer.text
    if "impression" not in changed:
        assert "穏やかな方でした。" in answer.text
    assert session.query(Completion).count() == 0


@pytest.mark.req("D21")
def test_a_late_report_is_a_comment_and_says_so(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    settle(booking)
    at(booking.report_until + HOUR)
    assert "コメントとして残ります" in browser.get(page_of(booking)).text

    report(browser, booking, kind="trouble")

    assert "確定後のためコメントとして保存" in browser.get(page_of(booking)).text


def test_before_the_end_there_is_no_form_and_no_way_around_it(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    at(moment(booking, 149))

    assert 'id="cast-room-report" hidden' in browser.get(page_of(booking)).text
    assert report(browser, booking).status_code == 422
    assert completions.find(booking) is None


def test_guests_have_no_such_pages(client_of, guest, cast, at):
    at(NOON)
    booking = make_booking(guest=guest, cast=cast)
    theirs = client_of(guest)

    for path in ("/cast-room/bookings", page_of(booking), f"{page_of(booking)}/cancellation"):
        assert theirs.get(path).status_code == 404


def test_another_cast_finds_nothing(client_of, guest, cast, at):
    at(NOON)
    booking = make_booking(guest=guest, cast=cast)
    other = client_of(session.get_one(Account, make_cast().account_id))

    assert other.get(page_of(booking)).status_code == 404
    assert report(other, booking).status_code == 404


def test_pages_are_there_in_english(browser, guest, cast, at):
    browser.set_cookie("locale", "en")
    publish(cast, TOMORROW)
    booking = make_booking(guest=guest, cast=cast)
    at(moment(booking, 200))

    page = browser.get(page_of(booking)).text

    assert "Completion report" in page
    assert not re.search(r"[ぁ-ん]", re.sub(r"<[^>]+>|ひより|みずいろ|日本語", "", page))
