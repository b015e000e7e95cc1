"""The operator's page of closings."""

from datetime import timedelta

import pytest

from app import policy
from app.cases import opening
from app.payouts import closing, jobs
from app.people.models import Role
from app.talks.models import Party
from tests import reservations, wages
from tests.factories import japan, make_account, make_cast, make_operator, make_talk

IN_DECEMBER = japan(2026, 12, 1, 3)
PAGE = "/admin/closings"


@pytest.fixture
def desk(client_of):
    return client_of(make_operator())


def close(now):
    closing.begin_due(now)
    while closing.close_batch(now):
        pass


@pytest.mark.req("D26")
def test_a_closed_month_shows_its_claims(desk, at):
    wages.talk_for(make_cast(), minutes=24)
    wages.talk_for(make_cast(), minutes=2)
    close(IN_DECEMBER)
    at(IN_DECEMBER + timedelta(hours=8))

    page = desk.get(PAGE)

    assert page.status_code == 200
    [row] = [line for line in page.text.splitlines() if 'id="closing-2026-11"' in line]
    assert "2026年11月" in row
    assert "1,300円" in row
    assert "12月1日(火)03:00" in row


@pytest.mark.req("D26")
def test_it_says_what_the_next_closing_waits_for(desk, at):
    close(japan(2026, 11, 22, 3))
    start = japan(2026, 11, 30, 20)
    reservations.make_booking(start=start, now=start - timedelta(hours=1))
    held = reservations.make_booking(start=start, now=start - timedelta(hours=1))
    room = reservations.attend(held, guest=[(0, 170)], cast=[(0, 170)])
    talk = make_talk(now=japan(2026, 11, 30, 23, 50))
    at(IN_DECEMBER)

    text = desk.get(PAGE).text

    assert "この月の予約トークに、精算の済んでいないものがあります。" in text
    assert f'href="/admin/talks/{talk.public_id}"' in text
    assert f'href="/admin/talks/{room.talk.public_id}"' in text, "the talk of a reservation"
    assert "11月30日(月)20:00</time>–20:03" in text
    assert "12月2日(水)03:00になると、これらを除いて締めます。" in text


@pytest.mark.req("D26")
def test_what_is_in_dispute_leads_to_its_case(desk, at):
    booking = reservations.make_booking(slots=3)
    reservations.attend(booking, guest=[(0, 1_000)], cast=[(0, 1_000)])
    reservations.settle(booking)
    case = opening.object_to(
        booking.id,
        by=Party.GUEST,
        words="始まりませんでした。",
        now=booking.report_until + timedelta(minutes=5),
    )
    close(IN_DECEMBER)
    at(IN_DECEMBER)

    assert f'href="/admin/cases/{case.public_id}"' in desk.get(PAGE).text


@pytest.mark.req("D26")
def test_close_now_begins_without_waiting_and_rings_for_the_job(desk, at, queue):
    close(japan(2026, 11, 22, 3))
    make_talk(now=japan(2026, 11, 30, 23, 50))
    cast = make_cast()
    wages.talk_for(cast, minutes=2)
    at(IN_DECEMBER)

    desk.post(PAGE)
    assert "始めました。" in desk.get(PAGE).text
    assert [work for work, _ in queue.jobs.values()] == [jobs.close_months]
    desk.post(PAGE)
    assert "すでに進んでいます。" in desk.get(PAGE).text
    queue.run()

    assert "100円" in desk.get(PAGE).text


@pytest.mark.req("D26")
def test_a_late_closing_is_said_in_red(desk, at):
    close(japan(2026, 11, 22, 3))
    wages.talk_for(make_cast(), now=japan(2026, 11, 23))
    at(IN_DECEMBER + policy.CLOSING_LATE)
    assert "締めが遅れています。" not in desk.get(PAGE).text
    at(IN_DECEMBER + policy.CLOSING_LATE + timedelta(seconds=1))
    assert "締めが遅れています。" in desk.get(PAGE).text
    assert "間に合いません" not in desk.get(PAGE).text

    at(japan(2026, 12, 23, 12))

    assert "明日の締めでは、キャストに約束した支払日に間に合いません。" in desk.get(PAGE).text


@pytest.mark.req("D26")
def test_claims_that_nobody_paid_in_time_are_said_in_red(desk, at):
    wages.talk_for(make_cast())
    close(IN_DECEMBER)
    at(japan(2026, 12, 31))

    assert "支払日を過ぎても支払われていない請求が1件あります。" in desk.get(PAGE).text


@pytest.mark.parametrize("role", [Role.GUEST, Role.CAST])
def test_only_operators_see_it(client_of, role):
    browser = client_of(make_account(role))

    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE).status_code == 404


def test_an_empty_house_has_an_empty_page(desk, at):
    at(IN_DECEMBER)

    assert "締めた月はまだありません" in desk.get(PAGE).text
