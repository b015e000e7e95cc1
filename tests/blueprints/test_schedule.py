"""The cast's schedule page: publishing, taking back, repeating (C30–C34)."""

import re
from datetime import timedelta

import pytest

from app.bookings import cancelling, offer, schedule
from app.clock import Span
from app.db import session
from app.people.models import Account
from tests.factories import (
    MINUTE,
    NOON,
    book,
    japan,
    make_cast,
    make_guest,
    make_operator,
    publish,
)
from tests.walks.walker import Walker

HX = {"HX-Request": "true"}
URL = "/cast-room/schedule"
HALF = 30 * MINUTE
EIGHT = japan(2026, 11, 22, 20)  # this evening


@pytest.fixture
def cast(at):
    at(NOON)
    return make_cast(name="千景")


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


@pytest.fixture
def guest():
    return make_guest(points=10_000, nickname="みずいろ")


def page(browser, url=URL):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def iso(at):
    return at.isoformat(timespec="minutes")


def removal(start, length=HALF):
    return {"start": iso(start), "end": iso(start + length)}


def half(text, start):
    """What stands in the cell of a half hour."""
    cell = re.search(rf'<li id="half-{start:%m%d-%H%M}".*?</li>', text, re.DOTALL)
    assert cell, f"no half hour at {start}"
    return cell[0]


def state(text, start):
    return re.search(r'class="half (\w+)"', half(text, start))[1]


def entries(cast, start=EIGHT, length=timedelta(days=1)):
    return schedule.entries_of(cast.account_id, Span(start, start + length))


# Looking


@pytest.mark.req("C30", "D45")
def test_a_week_begins_on_monday_and_ends_on_sunday_in_japan(desk):
    text = page(desk)  # a Sunday

    assert re.findall(r'id="day-([\d-]+)"', text)[::6] == ["2026-11-16", "2026-11-22"]
    assert len(re.findall(r'<li id="half-', text)) == 7 * 48


def test_any_day_shows_its_week(desk):
    assert 'id="day-2026-11-23"' in page(desk, f"{URL}?week=2026-11-26")


@pytest.mark.parametrize(
    "asked",
    ["", "soon", "2026-13-40", "2026-02-30", "9999-12-31", "0001-01-01", "2027-02-15", "%00"],
)
def test_no_week_and_one_too_far_are_this_week(desk, asked):
    answer = desk.get(f"{URL}?week={asked}")

    assert answer.status_code == (404 if asked == "%00" else 200)
    assert asked == "%00" or 'id="day-2026-11-16"' in answer.text


def test_the_last_week_leads_to_no_later_one(desk):
    text = page(desk, f"{URL}?week=2027-02-08")

    assert "rel=prev" in text.replace('"', "")
    assert "rel=next" not in text.replace('"', "")


@pytest.mark.req("C30")
def test_what_is_over_cannot_be_ticked_and_what_runs_can(desk, at):
    at(japan(2026, 11, 22, 12, 10))
    text = page(desk)

    assert state(text, japan(2026, 11, 22, 11, 30)) == "over"
    assert "checkbox" not in half(text, japan(2026, 11, 22, 11, 30))
    assert state(text, japan(2026, 11, 22, 12)) == "blank"
    assert f'value="{iso(japan(2026, 11, 22, 12))}"' in half(text, japan(2026, 11, 22, 12))


def test_what_is_too_far_ahead_cannot_be_ticked(desk):
    text = page(desk, f"{URL}?week=2027-02-08")

    assert state(text, japan(2027, 2, 14, 11, 30)) == "blank"  # twelve weeks from noon
    assert state(text, japan(2027, 2, 14, 12)) == "far"


@pytest.mark.req("C32", "C33")
def test_a_week_says_what_is_free_and_who_has_booked(desk, cast, guest):
    publish(cast, EIGHT, slots=25)
    booking = book(guest, cast, EIGHT, slots=3)

    text = page(desk)

    assert state(text, EIGHT) == "booked"
    assert "みずいろさん" in half(text, EIGHT)
    assert f'href="/cast-room/bookings/{booking.public_id}"' in half(text, EIGHT)
    assert "空き7" in half(text, EIGHT)
    assert state(text, EIGHT + HALF) == "free"
    assert "空き</span>" in half(text, EIGHT + HALF)
    assert "空き5" in half(text, EIGHT + 2 * HALF)
    assert state(text, EIGHT + 3 * HALF) == "blank"


@pytest.mark.req("C33", "D40")
def test_a_booking_cancelled_in_the_last_hour_is_told_from_one_that_holds(desk, cast, guest, at):
    publish(cast, EIGHT)
    booking = book(guest, cast, EIGHT)
    at(EIGHT - 30 * MINUTE)
    cancelling.by_guest(booking.id, accepts_loss=True, now=EIGHT - 30 * MINUTE)

    cell = half(page(desk), EIGHT)
    slots = desk.get(f"{URL}/removal", query_string=removal(EIGHT)).text

    assert "キャンセル済み" in cell and "みずいろ" not in cell
    assert "みずいろさんがキャンセル" in slots and "予約:みずいろさん" not in slots


def test_of_several_bookings_only_those_that_hold_are_counted(desk, cast, guest, at):
    publish(cast, EIGHT)
    gone, held = book(guest, cast, EIGHT), book(guest, cast, EIGHT + 6 * MINUTE)
    at(EIGHT - 30 * MINUTE)
    cancelling.by_guest(gone.id, accepts_loss=True, now=EIGHT - 30 * MINUTE)

    assert "予約1件" in half(page(desk), EIGHT)
    cancelling.by_guest(held.id, accepts_loss=True, now=EIGHT - 30 * MINUTE)
    assert "キャンセル済み" in half(page(desk), EIGHT)


def test_several_bookings_of_a_half_hour_lead_to_its_slots(desk, cast, guest):
    publish(cast, EIGHT)
    book(guest, cast, EIGHT)
    book(guest, cast, EIGHT + 6 * MINUTE)

    cell = half(page(desk), EIGHT)

    assert "予約2件" in cell and "空き8" in cell
    assert cell.count("<a ") == 1 and "/schedule/removal?" in cell


def test_the_page_has_words_in_english(desk, cast, guest):
    publish(cast, EIGHT)
    book(guest, cast, EIGHT)
    desk.set_cookie("locale", "en")

    text = page(desk)

    assert "Publish these times" in text
    assert "Open 9" in half(text, EIGHT)


# Publishing


@pytest.mark.req("C30", "C31")
def test_published_times_are_at_once_what_guests_see(desk, cast):
    assert offer.offer_of(cast.account_id, now=NOON) == []

    answer = desk.post(URL, data={"week": "2026-11-22", "at": [iso(EIGHT), iso(EIGHT + HALF)]})

    assert (answer.status_code, answer.location) == (303, f"{URL}?week=2026-11-16")
    [day] = offer.offer_of(cast.account_id, now=NOON)
    slots = [slot for hour in day.hours for slot in hour.slots]
    assert [slot.starts_at for slot in slots] == [EIGHT + n * 3 * MINUTE for n in range(20)]
    assert {slot.state for slot in slots} == {offer.SlotState.OPEN}
    assert "予約できる時間が1時間増えました。" in page(desk)


def test_the_rest_of_a_half_hour_that_runs_is_published(desk, cast, at):
    at(japan(2026, 11, 22, 20, 10))

    desk.post(URL, data={"at": iso(EIGHT)})

    assert [entry.starts_at for entry in entries(cast)] == [
        EIGHT + n * MINUTE for n in (12, 15, 18, 21, 24, 27)
    ]
    assert "予約できる時間が18分増えました。" in page(desk)


def test_publishing_again_says_that_nothing_is_new(desk, cast):
    publish(cast, EIGHT, slots=10)

    desk.post(URL, data={"at": iso(EIGHT)})

    assert len(entries(cast)) == 10
    assert "すでに登録されています" in page(desk)


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ([], "1つ以上選んで"),
        ([iso(NOON.replace(hour=1))], "すでに過ぎています"),
        ([iso(EIGHT), "2027-03-01T20:00+09:00"], "12週間先まで"),
        ([iso(EIGHT), "2026-11-22T20:01+09:00"], "もう一度選んで"),
        ([iso(EIGHT), "2026-11-22T20:00"], "もう一度選んで"),  # whose eight o'clock?
        ([iso(EIGHT), "tonight"], "もう一度選んで"),
        ([iso(EIGHT), "9999-12-31T23:59+00:00"], "もう一度選んで"),
        ([iso(EIGHT)] * 337, "もう一度選んで"),
    ],
)
def test_a_bad_choice_is_shown_again_with_its_ticks(desk, cast, ticked, said):
    answer = desk.post(URL, data={"week": "2026-11-16", "at": ticked})

    assert answer.status_code == 422
    assert said in answer.text
    assert (" checked" in half(answer.text, EIGHT)) == (iso(EIGHT) in ticked)
    assert entries(cast, NOON - timedelta(days=7), timedelta(weeks=20)) == []


@pytest.mark.req("D36")
def test_a_cast_who_is_offline_publishes_all_the_same(at, client_of):
    at(NOON)
    cast = make_cast(online=False)
    client_of(session.get_one(Account, cast.account_id)).post(URL, data={"at": iso(EIGHT)})

    assert len(entries(cast)) == 10


# Taking back


@pytest.mark.req("C34")
def test_pressing_a_free_time_asks_before_it_is_removed(desk, cast):
    publish(cast, EIGHT, slots=10)
    link = re.search(r'href="([^"]+removal[^"]+)"', half(page(desk), EIGHT))[1].replace(
        "&amp;", "&"
    )

    text = page(desk, link)

    assert text.count(">外す<") == 10
    assert "この30分の空き枠をすべて外す" in text
    assert len(entries(cast)) == 10  # looking removes nothing


def test_the_sheet_over_the_calendar_is_the_same_without_its_page(desk, cast):
    publish(cast, EIGHT, slots=10)

    answer = desk.get(f"{URL}/removal", query_string=removal(EIGHT), headers=HX)

    assert answer.text.lstrip().startswith('<section id="cast-room-removal">')


@pytest.mark.req("C32", "C34")
def test_ok_removes_one_slot_or_the_half_hour(desk, cast):
    publish(cast, EIGHT, slots=20)

    answer = desk.post(f"{URL}/removal", data=removal(EIGHT, 3 * MINUTE))
    assert (answer.status_code, answer.location) == (303, f"{URL}?week=2026-11-16")
    assert entries(cast)[0].starts_at == EIGHT + 3 * MINUTE

    desk.post(f"{URL}/removal", data=removal(EIGHT))
    assert entries(cast)[0].starts_at == EIGHT + HALF
    assert "空き枠を9枠外しました。" in page(desk)


@pytest.mark.req("C33")
def test_a_booked_slot_stays_and_the_page_says_why(desk, cast, guest):
    publish(cast, EIGHT, slots=2)
    book(guest, cast, EIGHT, slots=2)

    asked = desk.get(f"{URL}/removal", query_string=removal(EIGHT)).text
    assert "予約:みずいろさん" in asked and ">外す<" not in asked
    assert "ここでは外せません" in asked

    answer = desk.post(f"{URL}/removal", data=removal(EIGHT))
    assert answer.status_code == 409
    assert "予約が入っている時間はそのまま残り" in answer.text
    assert len(entries(cast)) == 2


@pytest.mark.req("C32", "C33")
def test_only_the_free_slots_of_a_booked_half_hour_go(desk, cast, guest):
    publish(cast, EIGHT, slots=10)
    book(guest, cast, EIGHT + 6 * MINUTE, slots=2)

    desk.post(f"{URL}/removal", data=removal(EIGHT))

    assert {entry.guest for entry in entries(cast)} == {"みずいろ"}
    assert len(entries(cast)) == 2


def test_what_is_over_is_neither_offered_nor_removed(desk, cast, at):
    publish(cast, EIGHT, slots=10)
    at(EIGHT + 15 * MINUTE)

    text = desk.get(f"{URL}/removal", query_string=removal(EIGHT)).text
    assert text.count(">外す<") == 4 and text.count("終了") == 6

    desk.post(f"{URL}/removal", data=removal(EIGHT))
    assert len(entries(cast)) == 6


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"start": iso(EIGHT)},
        {"start": "x", "end": "y"},
        removal(EIGHT, 33 * MINUTE),
        removal(EIGHT, 0 * MINUTE),
        removal(EIGHT, -HALF),
        removal(EIGHT + MINUTE, 3 * MINUTE),
        {"start": "2026-11-22T20:00", "end": "2026-11-22T20:30"},
        {"start": "0001-01-01T00:00+09:00", "end": "0001-01-01T00:30+09:00"},
    ],
)
def test_no_such_time_does_not_exist(desk, asked):
    assert desk.get(f"{URL}/removal", query_string=asked).status_code == 404
    assert desk.post(f"{URL}/removal", data=asked).status_code == 404


# Repeating


@pytest.mark.req("C30")
def test_a_week_is_copied_to_the_next_one(desk, cast):
    publish(cast, EIGHT)
    assert 'value="2026-11-29"' in page(desk)  # the Sunday of the next week

    answer = desk.post(f"{URL}/copies", data={"week": "2026-11-16", "until": "2026-11-29"})

    assert (answer.status_code, answer.location) == (303, f"{URL}?week=2026-11-23")
    assert len(entries(cast, EIGHT + timedelta(days=7))) == 20
    assert "20枠が新しく加わりました" in page(desk, answer.location)


def test_repeating_again_says_that_nothing_is_new(desk, cast):
    publish(cast, EIGHT)
    for _time in range(2):
        answer = desk.post(f"{URL}/copies", data={"week": "2026-11-16", "until": "2026-12-06"})
        said = page(desk, answer.location)

    assert "新しく登録された時間はありません" in said
    assert len(entries(cast, EIGHT, timedelta(weeks=20))) == 60


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("", "次の週の日か"),
        ("2026-11-22", "次の週の日か"),
        ("2027-02-15", "12週間先まで"),
        ("9999-12-31", "12週間先まで"),
        ("0001-01-01", "次の週の日か"),
    ],
)
def test_a_bad_last_day_is_shown_again_beside_its_field(desk, cast, until, said):
    publish(cast, EIGHT)

    answer = desk.post(f"{URL}/copies", data={"week": "2026-11-16", "until": until})

    assert answer.status_code == 422
    assert said in answer.text.split('id="until-error"')[1].split("</p>")[0]
    assert len(entries(cast, EIGHT, timedelta(weeks=20))) == 20


# Others


def test_the_schedule_of_another_cast_is_not_touched(desk, cast, client_of):
    other = make_cast()
    publish(other, EIGHT, slots=10)

    assert state(page(desk), EIGHT) == "blank"
    assert ">外す<" not in desk.get(f"{URL}/removal", query_string=removal(EIGHT)).text
    assert desk.post(f"{URL}/removal", data=removal(EIGHT)).status_code == 409
    desk.post(URL, data={"at": iso(EIGHT + HALF)})
    desk.post(f"{URL}/copies", data={"week": "2026-11-16", "until": "2026-11-29"})

    assert len(entries(other, EIGHT, timedelta(weeks=2))) == 10


def test_a_stranger_finds_nothing(client, client_of, cast):
    publish(cast, EIGHT)
    people = [client_of(make_guest()), client_of(make_operator())]
    for browser in people:
        assert browser.get(URL).status_code == 404
        assert browser.get(f"{URL}/removal", query_string=removal(EIGHT)).status_code == 404
        for path, data in {
            URL: {"at": iso(EIGHT)},
            f"{URL}/removal": removal(EIGHT),
            f"{URL}/copies": {"until": "2026-11-29"},
        }.items():
            assert browser.post(path, data=data).status_code == 404
    assert client.get(URL).location.startswith("/cast/login")
    assert len(entries(cast)) == 20


def test_without_javascript_an_evening_is_published_and_partly_taken_back(desk, cast):
    walker = Walker(desk)
    walker.go("/cast-room")
    walker.follow("スケジュール登録")
    walker.press("登録する", at=[iso(EIGHT), iso(EIGHT + HALF)])
    walker.reads("予約できる時間が1時間増えました。")
    walker.follow("空き")
    walker.reads("11月22日(日)20:00–20:30")
    walker.press("20:27")
    walker.reads("空き枠を1枠外しました。")
    walker.follow("空き9")
    walker.press("すべて外す")
    walker.follow("空き")
    walker.reads("11月22日(日)20:30–21:00")

    assert entries(cast)[0].starts_at == EIGHT + HALF
