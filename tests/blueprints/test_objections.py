"""Writing to the office about a settled talk, as guest and as cast."""

from datetime import timedelta

import pytest
from flask import render_template

from app import policy
from app.blueprints import objection_line
from app.bookings import cancelling, settlements
from app.cases import deciding, opening, queue
from app.cases.models import CaseKind
from app.db import session
from app.people.models import Account, Role
from tests.evidence import CAST, GUEST
from tests.factories import (
    MINUTE,
    NOON,
    SECOND,
    make_account,
    make_cast,
    make_guest,
    make_operator,
    ring,
)
from tests.reservations import START, attend, make_booking, settle

HX = {"HX-Request": "true"}
DAY = timedelta(days=1)
ALL = [(0, 1_000)]
WORDS = "音が聞こえませんでした。"


@pytest.fixture
def booking(at):
    """A talk of 3 slots that took place; an hour later."""
    booking = make_booking(
        guest=make_guest(points=10_000, nickname="みずいろ"),
        cast=make_cast(name="千景", online=False),
        slots=3,
    )
    attend(booking, guest=ALL, cast=ALL)
    settle(booking)
    at(booking.report_until + timedelta(hours=1))
    return booking


@pytest.fixture
def browsers(client_of, booking):
    people = {GUEST: booking.guest_id, CAST: booking.cast_id}
    return {party: client_of(session.get_one(Account, id_)) for party, id_ in people.items()}


def url_of(booking):
    return f"/bookings/{booking.public_id}/objection"


def page(browser, booking, *, locale="ja"):
    browser.set_cookie("locale", locale)
    answer = browser.get(url_of(booking))
    assert answer.status_code == 200
    return answer.text


def send(browser, booking, words=WORDS, *, headers=None):
    browser.set_cookie("locale", "ja")
    return browser.post(url_of(booking), data={"words": words}, headers=headers)


def settled_at(booking):
    settlement = settlements.find(booking.id)
    assert settlement
    return settlement.settled_at


@pytest.mark.req("G30", "C45")
@pytest.mark.parametrize(
    ("party", "name", "outcome"),
    [
        (GUEST, "千景", "The talk took place as booked. Thank you."),
        (CAST, "みずいろ", "The talk took place as booked. Thank you for your work."),
    ],
)
def test_time_name_and_outcome_are_filled_in(browsers, booking, party, name, outcome):
    text = page(browsers[party], booking, locale="en")

    assert "13:00</time>–13:09" in text
    assert f"<dd>{name}</dd>" in text
    assert outcome in text
    assert "Send to the office" in text


def test_the_page_speaks_japanese_with_the_names_of_the_requirement(browsers, booking):
    text = page(browsers[GUEST], booking)

    for words in ("予約時間", "キャスト名", "事務局に連絡する", "まで受け付けます"):
        assert words in text


@pytest.mark.req("G28")
@pytest.mark.parametrize("party", [GUEST, CAST])
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_is_sent_opens_a_case_and_the_promise_is_shown(browsers, booking, party, headers):
    answer = send(browsers[party], booking, headers=headers)

    assert answer.headers.get("HX-Redirect", answer.location) == url_of(booking)
    [case] = queue.of_booking(booking)
    assert (case.kind, case.party, case.words) == (CaseKind.OBJECTION, party, WORDS)
    text = page(browsers[party], booking)
    assert "にご連絡を受け付けました" in text
    assert "11月25日(水)14:19までに結果をお知らせします" in text
    assert "事務局に連絡する" not in text


def test_the_other_sees_that_the_office_looks_at_it_and_not_what_was_written(browsers, booking):
    send(browsers[GUEST], booking)

    text = page(browsers[CAST], booking)

    assert "このトークを事務局で確認しています" in text
    assert WORDS not in text
    assert send(browsers[CAST], booking).status_code == 422


@pytest.mark.parametrize("headers", [{}, HX])
def test_words_that_came_too_late_are_kept_for_who_wrote_them(browsers, booking, headers):
    send(browsers[GUEST], booking)

    answer = send(browsers[CAST], booking, "ゲストが先に退室しました。", headers=headers)

    assert answer.status_code == 422
    assert "このトークを事務局で確認しています" in answer.text
    assert "まだ送信されていません" in answer.text
    assert "ゲストが先に退室しました。" in answer.text
    assert "まだ送信されていません" not in page(browsers[CAST], booking)


def test_a_promise_that_was_not_kept_is_admitted(browsers, booking, at):
    send(browsers[GUEST], booking)
    [case] = queue.of_booking(booking)
    at(case.opened_at + 3 * DAY + SECOND)

    assert "お約束より時間がかかっており" in page(browsers[GUEST], booking)


def test_after_the_decision_both_read_it_with_their_own_amount(browsers, booking):
    send(browsers[GUEST], booking)
    [case] = queue.of_booking(booking)
    deciding.decide(
        case.id,
        returned_points=300,
        earned_yen=301,
        said="音声の記録を確認しました。",
        by=make_operator().id,
        now=case.opened_at + DAY,
    )

    guest, cast = (page(browsers[party], booking) for party in (GUEST, CAST))

    assert "音声の記録を確認しました。" in guest and "音声の記録を確認しました。" in cast
    assert "300 pt" in guest and "301円" not in guest
    assert "301円" in cast and "300 pt" not in cast


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "違っていた点を書いてください"),
        (" \r\n", "違っていた点を書いてください"),
        ("長" * 501, "500文字以内"),
        ("null\x00byte", "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_says_nothing_opens_nothing(browsers, booking, words, said, headers):
    answer = send(browsers[GUEST], booking, words, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert queue.of_booking(booking) == []


def test_too_long_a_text_stays_in_the_form(browsers, booking):
    assert "長" * 501 in send(browsers[GUEST], booking, "長" * 501).text


def test_pressing_twice_opens_one_case(browsers, booking):
    first, second = send(browsers[GUEST], booking), send(browsers[GUEST], booking)

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(queue.of_booking(booking)) == 1


@pytest.mark.req("D17")
def test_after_seven_days_the_page_says_that_it_is_too_late(browsers, booking, at):
    at(settled_at(booking) + policy.OBJECTION_OPEN + SECOND)

    text = page(browsers[GUEST], booking)

    assert "精算後7日間で締め切りました" in text and "<textarea" not in text
    assert send(browsers[GUEST], booking).status_code == 422
    assert queue.of_booking(booking) == []


def test_before_it_is_settled_the_page_says_from_when_on(client_of, at):
    at(NOON)
    booking = make_booking()

    guest = client_of(session.get_one(Account, booking.guest_id))

    assert "まだ精算前です" in page(guest, booking)


def test_a_stranger_finds_nothing(client, client_of, booking):
    for stranger in (make_guest(), make_account(Role.CAST), make_operator()):
        browser = client_of(stranger)
        assert browser.get(url_of(booking)).status_code == 404
        assert send(browser, booking).status_code == 404
    assert client.get(url_of(booking)).location == f"/login?next={url_of(booking)}"
    assert send(client, booking).location == "/login"
    assert queue.of_booking(booking) == []


def test_a_guest_rings_at_the_door_of_a_cast_who_writes(browsers, booking, at):
    from app.casts import standby

    now = booking.report_until + timedelta(hours=1)
    cast = standby.begin(booking.cast_id, now=now)
    session.flush()
    ring(make_guest(points=5_000, nickname="こはく"), cast, now=now)

    assert "こはく" in page(browsers[CAST], booking)


# The line for the booking's own pages


def line(app, booking, party):
    session.flush()
    settlement = settlements.find(booking.id)
    with app.test_request_context("/bookings"):
        objection = objection_line.line_of_booking(booking, settlement, party)
        return render_template("objections/_line.html", objection=objection, party=party.value)


def test_the_line_leads_to_the_form_while_that_is_open(app, booking, at):
    assert f'href="{url_of(booking)}"' in line(app, booking, GUEST)

    at(settled_at(booking) + policy.OBJECTION_OPEN + SECOND)
    assert "href" not in line(app, booking, GUEST)
    assert " hidden" in line(app, booking, GUEST)


def test_the_line_says_where_the_case_stands(app, booking):
    case = opening.object_to(booking.id, by=GUEST, words=WORDS, now=settled_at(booking) + MINUTE)
    assert "notice caution" in line(app, booking, GUEST)
    deciding.decide(
        case.id,
        returned_points=0,
        earned_yen=450,
        said="変更はありません。",
        by=make_operator().id,
        now=case.opened_at + MINUTE,
    )

    assert "変更はありません。" in line(app, booking, GUEST)
    assert "href" not in line(app, booking, GUEST)  # who has objected does so once
    assert "href" in line(app, booking, CAST)


@pytest.mark.req("D38")
def test_of_an_emergency_only_the_cast_waits_for_the_office(app, at):
    booking = make_booking()
    cancelling.in_emergency(booking.id, words="停電", now=START - 30 * MINUTE)
    session.flush()
    opening.open_due(START)
    at(START)

    assert "notice" in line(app, booking, CAST)
    assert " hidden" in line(app, booking, GUEST)
