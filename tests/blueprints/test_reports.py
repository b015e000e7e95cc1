"""Reporting, from the room and afterwards: as a page, as a sheet, and what the operator sees."""

import pytest

from app.db import session
from app.people.models import Account, Role
from app.talks import reports
from app.talks.models import EndedBy, ReportReason, TalkReport, TalkState
from tests.evidence import CAST, GUEST, finish, make_room, points_of
from tests.evidence import at as second
from tests.factories import NOON, make_account, make_cast, make_guest, make_operator, ring

HTMX = {"HX-Request": "true"}
DAY = 24 * 3600


@pytest.fixture
def room(at):
    """A talk of two minutes that goes on."""
    room = make_room(
        guest=make_guest(points=1000, nickname="みずいろ"), cast=make_cast(name="千景")
    )
    room.talk_until(130)
    at(second(131))
    return room


@pytest.fixture
def browsers(client_of, room):
    talk = room.talk
    people = {GUEST: talk.guest_id, CAST: talk.cast_id}
    return {party: client_of(session.get_one(Account, id_)) for party, id_ in people.items()}


def url_of(talk):
    return f"/talks/{talk.public_id}/report"


def send(browser, talk, *, headers=None, **given):
    data = {"reason": "contact", "words": "連絡先を聞かれました。", **given}
    return browser.post(url_of(talk), data=data, headers=headers)


@pytest.mark.parametrize("party", [GUEST, CAST])
def test_a_report_without_javascript_ends_the_talk_and_leads_on(browsers, room, party):
    browser = browsers[party]
    assert "通報してトークを終える" in browser.get(url_of(room.talk)).text

    answer = send(browser, room.talk)

    assert (answer.status_code, answer.location) == (303, f"/talks/{room.talk.public_id}")
    assert (room.talk.state, room.talk.ended_by) == (TalkState.ENDED, EndedBy.REPORT)
    assert points_of(room.talk) == 900
    kept = reports.find(room.talk, by=party)
    assert (kept.reason, kept.words) == (ReportReason.CONTACT, "連絡先を聞かれました。")
    page = browser.get(browser.get(answer.location).location).text
    assert "に通報を受け付けました" in page
    assert "通報による終了" in page


def test_the_room_opens_the_report_as_a_sheet(browsers, room):
    page = browsers[GUEST].get(f"/talks/{room.talk.public_id}/room").text
    assert f'href="{url_of(room.talk)}" data-opens="report"' in page

    sheet = browsers[GUEST].get(url_of(room.talk), headers=HTMX).text
    answer = send(browsers[GUEST], room.talk, headers=HTMX)

    assert '<section id="report-form"' in sheet and "<html" not in sheet
    assert answer.headers["HX-Redirect"] == f"/talks/{room.talk.public_id}"
    assert room.talk.ended_by is EndedBy.REPORT


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "あてはまるものを選んでください"),
        ({"reason": "revenge"}, "あてはまるものを選んでください"),
        ({"reason": "\x00"}, "あてはまるものを選んでください"),
        ({"words": "あ" * 501}, "500文字以内で入力してください"),
        ({"words": "null\x00byte"}, "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_report_that_says_nothing_ends_nothing(browsers, room, given, words, headers):
    answer = send(browsers[GUEST], room.talk, headers=headers, **given)

    assert answer.status_code == 422
    assert words in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert room.talk.state is TalkState.RUNNING
    assert not session.query(TalkReport).count()


def test_lines_of_a_report_stay_lines_and_markup_stays_words(browsers, client_of, room):
    send(browsers[GUEST], room.talk, words="一行目\r\n<script>alert(1)</script>")

    assert reports.find(room.talk, by=GUEST).words == "一行目\n<script>alert(1)</script>"
    page = client_of(make_operator()).get(f"/admin/talks/{room.talk.public_id}").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_pressing_twice_reports_once(browsers, room):
    first, again = (
        send(browsers[GUEST], room.talk),
        send(browsers[GUEST], room.talk, words="もう一度"),
    )

    assert first.location == again.location
    assert reports.find(room.talk, by=GUEST).words == "連絡先を聞かれました。"
    assert "通報を受け付けました" in browsers[GUEST].get(url_of(room.talk)).text


@pytest.mark.parametrize("party", [GUEST, CAST])
def test_for_a_day_after_the_end_it_is_kept_without_changing_the_talk(browsers, room, party, at):
    finish(room, "guest", 140)
    at(second(140 + DAY))
    pages = {GUEST: f"/talks/{room.talk.public_id}/receipt"}
    page = pages.get(party, f"/cast-room/talks/{room.talk.public_id}")
    assert f'href="{url_of(room.talk)}"' in browsers[party].get(page).text

    answer = send(browsers[party], room.talk)

    assert answer.status_code == 303
    assert room.talk.ended_by is EndedBy.GUEST
    assert reports.find(room.talk, by=party)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_later_than_that_it_is_refused_and_not_offered(browsers, room, at, headers):
    finish(room, "guest", 140)
    at(second(141 + DAY))

    answer = send(browsers[GUEST], room.talk, headers=headers)

    assert answer.status_code == 409
    assert "終了から24時間まで" in answer.text
    assert "終了から24時間まで" in browsers[GUEST].get(url_of(room.talk)).text
    receipt = browsers[GUEST].get(f"/talks/{room.talk.public_id}/receipt").text
    assert f"{room.talk.public_id}/report" not in receipt


def test_the_other_person_is_not_told_who_reported(browsers, room):
    send(browsers[GUEST], room.talk)

    page = browsers[CAST].get(f"/cast-room/talks/{room.talk.public_id}").text

    assert "通報による終了" in page
    assert "通報を受け付けました" not in page
    assert "連絡先を聞かれました" not in page


def test_the_operator_reads_reports_in_the_list_and_on_the_talk(browsers, client_of, room):
    desk = client_of(make_operator())
    assert "最近の通報" not in desk.get("/admin").text
    send(browsers[CAST], room.talk)

    listed = desk.get("/admin").text
    shown = desk.get(f"/admin/talks/{room.talk.public_id}").text

    assert "最近の通報" in listed and "キャストから" in listed
    assert f'href="/admin/talks/{room.talk.public_id}"' in listed
    assert "会おうとする・連絡先を聞く" in shown and "連絡先を聞かれました。" in shown


def test_a_ring_cannot_be_reported(client_of, at):
    at(NOON)
    guest = make_guest(points=1000)
    talk = ring(guest, make_cast())

    assert send(client_of(guest), talk).status_code == 409


def test_a_stranger_finds_nothing(client, client_of, room):
    for stranger in (make_guest(), make_account(Role.CAST), make_operator()):
        browser = client_of(stranger)
        assert browser.get(url_of(room.talk)).status_code == 404
        assert send(browser, room.talk).status_code == 404
    assert client.get(url_of(room.talk)).location == f"/login?next={url_of(room.talk)}"
    assert send(client, room.talk).location == "/login"
    assert room.talk.state is TalkState.RUNNING
