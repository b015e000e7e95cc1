"""A guest's way through a reservation: the timetable, the final screen, the list, cancelling."""

import re
from datetime import timedelta

import pytest

from app import policy
from app.bookings import cancelling, diary, schedule
from app.bookings.models import Booking, Completion, CompletionKind, OpeningCall
from app.clock import Span
from app.db import session
from app.people import devices
from app.points import lots
from tests.factories import (
    MINUTE,
    NOON,
    SECOND,
    book,
    give_points,
    japan,
    make_cast,
    make_guest,
    make_operator,
    publish,
)
from tests.reservations import START, attend, make_booking, moment, settle

EVENING = japan(2026, 11, 22, 20)  # of noon's day
TOMORROW = NOON + timedelta(days=1)


def points_of(guest):
    return lots.purse_of(guest.id, now=NOON).points


def confirmation_url(cast, start, slots):
    return (
        f"/casts/{cast.public_id}/booking/confirmation",
        {"start": start.isoformat(), "slots": slots},
    )


def final_screen(browser, cast, start, slots=1):
    path, asked = confirmation_url(cast, start, slots)
    return browser.get(path, query_string=asked)


def form_key(page):
    return re.search(r'name="form_key" value="([^"]+)"', page.text)[1]


def press(browser, cast, key):
    return browser.post(f"/casts/{cast.public_id}/bookings", data={"form_key": key})


@pytest.fixture
def guest():
    return make_guest(points=1000, nickname="みずいろ")


@pytest.fixture
def cast():
    return make_cast(name="ひより", online=False)


@pytest.fixture
def browser(client_of, guest, at):
    at(NOON)
    return client_of(guest)


# ---- The timetable ---------------------------------------------------------------------------


@pytest.mark.req("G21", "G7", "C31")
def test_a_casts_page_shows_the_schedule_to_anybody(client, cast, at):
    at(NOON)
    publish(cast, EVENING, slots=2)

    page = client.get(f"/casts/{cast.public_id}").text

    assert "トークを予約する" in page
    assert "1枠3分(通話2分) 300 pt" in page
    assert f"start={EVENING.astimezone(NOON.tzinfo).isoformat()}".replace("+", "%2B")[:20] in page
    assert page.count("から予約する") == 2


@pytest.mark.req("D1", "G23")
def test_what_is_taken_and_what_is_not_open_yet_is_told_apart(client, cast, at):
    at(NOON)
    make_booking(cast=cast, start=EVENING, published=3)
    publish(cast, TOMORROW, slots=2)  # the first opens now, the second in three minutes

    page = client.get(f"/casts/{cast.public_id}").text

    assert page.count("予約済み") == 1
    assert page.count("から予約する") == 2 + 1
    assert "受付は11月22日(日)12:03から" in page


@pytest.mark.parametrize(
    ("ahead", "ja", "en"),
    [
        (timedelta(hours=24), "開始の24時間前から", "opens 24 hours before"),
        (timedelta(days=3), "開始の3日前から", "opens 3 days before"),
        (timedelta(minutes=90), "開始の90分前から", "opens 90 minutes before"),
    ],
)
def test_a_sentence_names_the_number_that_holds(client, cast, at, monkeypatch, ahead, ja, en):
    at(NOON)
    monkeypatch.setattr(policy, "BOOKING_OPENS", ahead)

    assert ja in client.get(f"/casts/{cast.public_id}").text
    client.set_cookie("locale", "en")
    assert en in client.get(f"/casts/{cast.public_id}").text


@pytest.mark.req("D36")
def test_a_cast_without_times_says_so(client, cast, at):
    at(NOON)

    assert "スケジュールは、まだ登録されていません" in client.get(f"/casts/{cast.public_id}").text


def test_what_is_too_late_to_book_is_not_shown(client, cast, at):
    publish(cast, START, slots=1)
    at(START - policy.BOOKING_CLOSES + SECOND)

    assert "から予約する" not in client.get(f"/casts/{cast.public_id}").text


@pytest.mark.req("C32")
def test_what_the_cast_takes_back_is_gone_at_once(client, cast, at):
    at(NOON)
    publish(cast, START, slots=2)
    schedule.remove(cast.account_id, Span(START, START + policy.SLOT), now=NOON)

    assert client.get(f"/casts/{cast.public_id}").text.count("から予約する") == 1


@pytest.mark.req("D1")
def test_a_guest_asks_to_hear_when_booking_opens(browser, guest, cast):
    start = TOMORROW + timedelta(hours=2)
    publish(cast, start, slots=1)
    asked = browser.post(f"/casts/{cast.public_id}/openings", data={"start": start.isoformat()})

    assert asked.status_code == 303
    call = session.query(OpeningCall).one()
    assert (call.guest_id, call.starts_at) == (guest.id, start)
    assert "お知らせします" in browser.get(f"/casts/{cast.public_id}").text


def test_nobody_waits_for_a_time_that_is_open_or_not_there(browser, cast):
    publish(cast, START, slots=1)

    for start in (START, TOMORROW + timedelta(hours=5)):
        asked = browser.post(f"/casts/{cast.public_id}/openings", data={"start": start.isoformat()})
        assert asked.status_code == 409
    assert session.query(OpeningCall).count() == 0


# ---- Choosing and confirming -----------------------------------------------------------------


@pytest.mark.req("G3")
def test_choosing_a_time_needs_a_login(client, cast, at):
    at(NOON)
    answer = client.get(
        f"/casts/{cast.public_id}/booking", query_string={"start": START.isoformat()}
    )

    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


@pytest.mark.req("D12", "D13", "D14", "C37", "C38")
def test_each_length_shows_its_talk_time_and_price(browser, cast):
    publish(cast, START, slots=3)

    page = browser.get(
        f"/casts/{cast.public_id}/booking", query_string={"start": START.isoformat()}
    ).text

    for words in ("通話 2分", "通話 5分", "通話 8分", "300 pt", "600 pt", "900 pt"):
        assert words in page
    assert "通話 11分" not in page
    assert "1分あたり 150 pt" in page  # 300 points for two minutes of talk


@pytest.mark.req("G26", "G33")
def test_the_final_screen_says_six_things_and_the_booking_keeps_them(browser, guest, cast):
    publish(cast, EVENING, slots=2)

    page = final_screen(browser, cast, EVENING, 2)
    for words in (
        "ひよりさんとのトーク 3分枠×2(通話5分)",
        "合計 600 pt(600円相当・税込)。1枠 300 pt、通話1分あたり 120 pt",
        "11月22日(日)20:00〜20:06(日本時間)",
        "11月22日(日)19:45まで",
        "600 ptで予約を確定する",
    ):
        assert words in page.text
    answer = press(browser, cast, form_key(page))

    booking = session.query(Booking).one()
    assert answer.location == f"/bookings/{booking.public_id}"
    assert points_of(guest) == 400
    assert booking.shown["金額"].startswith("合計 600 pt")
    assert len(booking.shown) == 6


@pytest.mark.req("G24", "G27", "D1")
@pytest.mark.parametrize(
    ("start", "words"),
    [
        (NOON + timedelta(hours=12), "11月22日(日)12:00までのキャンセルは全額お戻しします"),
        (NOON + timedelta(hours=12) - 3 * MINUTE, "12時間を切っているため、この予約はキャンセル"),
    ],
)
def test_the_cancel_deadline_stands_there_or_the_plain_sentence(browser, cast, start, words):
    publish(cast, start, slots=1)

    assert words in final_screen(browser, cast, start).text


def test_pressing_twice_books_once(browser, guest, cast):
    publish(cast, START)
    key = form_key(final_screen(browser, cast, START))

    first, second = (press(browser, cast, key) for _ in range(2))

    assert first.location == second.location
    assert points_of(guest) == 700


@pytest.mark.req("G20")
def test_who_is_a_moment_late_is_told_kindly_and_keeps_the_points(browser, guest, cast):
    publish(cast, START)
    key = form_key(final_screen(browser, cast, START))
    make_booking(cast=cast)

    answer = press(browser, cast, key)

    assert answer.status_code == 409
    assert "ほかの方の予約が入りました" in answer.text
    assert "別の時間を選ぶ" in answer.text
    assert points_of(guest) == 1000


@pytest.mark.req("G12")
def test_who_lacks_points_is_led_to_the_pack_that_mends_it_and_back(browser, cast):
    publish(cast, START)

    page = final_screen(browser, cast, START, 5)

    assert "あと 500 pt足りません" in page.text
    assert "/points/packs?need=" in page.text
    assert "confirmation" in page.text
    assert "予約を確定する" not in page.text


@pytest.mark.parametrize("key", ["", "nonsense", "eyJhIjoxfQ.abc"])
def test_a_forged_screen_books_nothing(browser, guest, cast, key):
    publish(cast, START)

    answer = press(browser, cast, key)

    assert answer.location == f"/casts/{cast.public_id}"
    assert points_of(guest) == 1000


def test_the_screen_of_one_cast_books_nothing_on_the_page_of_another(browser, guest, cast):
    publish(cast, START, slots=1)
    key = form_key(final_screen(browser, cast, START))
    other = make_cast(name="ほたる", online=False)

    assert press(browser, other, key).location == f"/casts/{other.public_id}"
    assert session.query(Booking).count() == 0


def test_an_old_screen_and_one_of_another_guest_book_nothing(browser, client_of, cast, at):
    publish(cast, START, slots=1)
    key = form_key(final_screen(browser, cast, START))

    other = client_of(make_guest(points=1000))
    assert press(other, cast, key).location == f"/casts/{cast.public_id}"
    at(NOON + policy.CONFIRMATION_HOLDS + SECOND)
    assert press(browser, cast, key).location == f"/casts/{cast.public_id}"
    assert session.query(Booking).count() == 0


@pytest.mark.parametrize(
    "start",
    [
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:57:00+00:00",
        "",
        "tomorrow",
        "2026-11-22T12:00",
        "2026-99-99T00:00+09:00",
    ],
)
def test_a_start_that_is_none_does_not_exist(browser, cast, start):
    for path in ("booking", "booking/confirmation"):
        answer = browser.get(
            f"/casts/{cast.public_id}/{path}", query_string={"start": start, "slots": 1}
        )
        assert answer.status_code == 404


@pytest.mark.parametrize("slots", ["0", "-1", "21", "x", "999999999999999999999"])
def test_a_length_that_is_none_leads_back_to_the_choice(browser, cast, slots):
    publish(cast, START)

    answer = final_screen(browser, cast, START, slots)

    assert answer.status_code == 303
    assert f"/casts/{cast.public_id}/booking?start=" in answer.location


# ---- The list and one booking ----------------------------------------------------------------


@pytest.mark.req("D42")
def test_the_list_shows_what_is_ahead_and_the_news(browser, guest, cast):
    assert "まだ予約はありません" in browser.get("/bookings").text
    make_booking(guest=guest, cast=cast)

    page = browser.get("/bookings").text

    assert "これから" in page
    assert "ひより" in page
    assert "予約確定" in page
    shown = re.findall(r'name="shown" value="(\d+)"', page)
    browser.post("/bookings/notices/reading", data={"shown": shown})
    assert "予約確定" not in browser.get("/bookings").text


def test_a_page_counts_down_and_leads_to_the_test_and_the_calendar(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast)

    page = browser.get(f"/bookings/{booking.public_id}").text

    for words in ("開始まで", "接続テストをする", "カレンダーに入れる", "予約をキャンセルする"):
        assert words in page
    assert "トークルームに入る" not in page


@pytest.mark.req("C41")
def test_a_tested_device_stands_on_the_page(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    devices.keep(
        guest.id,
        device="Safari 18 / iOS",
        camera=True,
        microphone=True,
        speaker=True,
        echo=True,
        connection=True,
        now=NOON,
    )

    assert "Safari 18 / iOS" in browser.get(f"/bookings/{booking.public_id}").text


@pytest.mark.req("C44")
def test_the_room_opens_at_the_start(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    entry = f"/bookings/{booking.public_id}/entry"
    at(START - SECOND)
    assert browser.post(entry).status_code == 409

    at(START)
    page = browser.get(f"/bookings/{booking.public_id}").text
    assert "トークルームに入る" in page
    answer = browser.post(entry)

    assert re.fullmatch(r"/talks/[\w-]+/room", answer.location)
    room = browser.get(answer.location).text
    assert "開始まで" in room
    assert "退室する" in room


@pytest.mark.req("C46", "G34")
def test_the_room_counts_down_and_hanging_up_leads_out_and_not_to_an_end(
    browser, client_of, guest, cast, at
):
    booking = make_booking(guest=guest, cast=cast)
    at(START)
    talk = browser.post(f"/bookings/{booking.public_id}/entry").location.removesuffix("/room")

    at(moment(booking, 100))
    meter = browser.get(f"{talk}/meter").text
    assert 'data-phase="reserved"' in meter
    assert 'data-warning="60"' in meter
    assert "いま入室していません" in meter
    left = browser.post(f"{talk}/ending")

    assert left.location == f"/bookings/{booking.public_id}"
    assert browser.post(f"/bookings/{booking.public_id}/entry").location == f"{talk}/room"
    theirs = client_of(cast_account(cast))
    assert theirs.post(f"/bookings/{booking.public_id}/entry").location == f"{talk}/room"


def cast_account(cast):
    from app.people.models import Account

    return session.get_one(Account, cast.account_id)


def test_one_tap_each_makes_three_minutes_more(browser, client_of, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    theirs = client_of(cast_account(cast))
    at(START)
    talk = browser.post(f"/bookings/{booking.public_id}/entry").location.removesuffix("/room")
    at(moment(booking, 60))
    assert "3分延長する(300 pt)" in browser.get(f"{talk}/meter").text
    fragment = {"HX-Request": "true"}

    said = browser.post(f"{talk}/extension", headers=fragment).text
    assert "お返事を待っています" in said
    assert "3分の延長を希望しています" in theirs.get(f"{talk}/meter").text
    said = theirs.post(f"{talk}/extension", headers=fragment).text

    assert "12:05:30" in said.replace("13:05:30", "12:05:30")
    session.refresh(booking)
    assert (booking.slots, points_of(guest)) == (2, 1000 + 9000 - 600 - 9000)


@pytest.mark.req("D17", "G28")
def test_a_settled_booking_says_what_came_of_it_and_shows_who_was_there(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    attend(booking, guest=[(0, 150)], cast=[(70, 150)])
    at(moment(booking, 400))
    assert "入室の記録をもとに確定し" in browser.get(f"/bookings/{booking.public_id}").text
    settle(booking)

    page = browser.get(f"/bookings/{booking.public_id}").text

    assert "ひよりさんがいなかった0:40分のポイントをお戻ししました" in page
    assert "100 pt" in page
    assert "13:01:10" in page  # when the cast came


@pytest.mark.req("C18")
def test_a_guest_rates_a_held_talk(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    room = attend(booking, guest=[(0, 150)], cast=[(0, 150)])
    settle(booking)
    at(moment(booking, 900))
    path = f"/talks/{room.talk.public_id}/rating"
    assert browser.post(path, data={"stars": "9"}).status_code == 422

    answer = browser.post(path, data={"stars": "5", "line": "また話したいです。"})

    assert answer.location == f"/bookings/{booking.public_id}"
    session.refresh(cast)
    assert (cast.rating_count, cast.rating_sum) == (1, 5)


@pytest.mark.req("D24", "C49")
def test_the_guest_never_sees_the_report(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    attend(booking, guest=[(0, 150)], cast=[(0, 150)])
    session.add(
        Completion(
            booking_id=booking.id,
            kind=CompletionKind.DONE,
            impression="声の小さな方",
            stars=2,
            filed_at=moment(booking, 160),
            late=False,
        )
    )
    settle(booking)

    assert "声の小さな方" not in browser.get(f"/bookings/{booking.public_id}").text


@pytest.mark.parametrize(
    "path", ["", "/cancellation", "/entry", "/calendar.ics", "/messages", "/report"]
)
def test_a_stranger_and_an_operator_find_nothing(client_of, guest, cast, at, path):
    at(NOON)
    booking = make_booking(guest=guest, cast=cast)
    others = (make_guest(), cast_account(make_cast()), make_operator())

    for prefix in ("/bookings", "/cast-room/bookings"):
        for other in others:
            stranger = client_of(other)
            assert stranger.get(f"{prefix}/{booking.public_id}{path}").status_code in {404, 405}
            assert stranger.post(f"{prefix}/{booking.public_id}{path}").status_code in {404, 405}


# ---- Cancelling ------------------------------------------------------------------------------


@pytest.mark.req("G24", "G25")
def test_cancelling_in_time_says_and_gives_everything_back(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast, start=TOMORROW)
    url = f"/bookings/{booking.public_id}/cancellation"
    assert "300 ptを全額お戻しします" in browser.get(url).text

    answer = browser.post(url)

    assert answer.location == f"/bookings/{booking.public_id}"
    assert points_of(guest) == 1000
    page = browser.get(answer.location).text
    assert "期限内のキャンセルのため、ポイントを全額お戻ししました" in page


@pytest.mark.req("D40", "G27")
def test_cancelling_late_needs_a_tick_and_keeps_the_form(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    url = f"/bookings/{booking.public_id}/cancellation"
    asking = browser.get(url).text
    assert "ポイントは戻りません" in asking and "開始12時間前の" in asking

    refused = browser.post(url)
    assert refused.status_code == 422
    assert "ポイントが戻らないことをご確認のうえ" in refused.text
    answer = browser.post(url, data={"accepts_loss": "y"})

    assert answer.status_code == 303
    assert points_of(guest) == 700


def test_what_has_begun_cannot_be_cancelled(browser, guest, cast, at):
    booking = make_booking(guest=guest, cast=cast)
    at(START)

    answer = browser.post(f"/bookings/{booking.public_id}/cancellation", data={"accepts_loss": "y"})

    assert answer.status_code == 422
    assert "予約の時間が始まったため" in answer.text


def test_the_statement_of_points_leads_to_the_booking(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    give_points(guest, 1)

    page = browser.get("/points").text

    assert f'href="/bookings/{booking.public_id}"' in page
    assert "トークの予約" in page


def test_all_of_it_is_there_in_english(browser, guest, cast, at):
    browser.set_cookie("locale", "en")
    publish(cast, EVENING, slots=2)
    booking = make_booking(guest=guest, cast=cast)

    assert "Book a talk" in browser.get(f"/casts/{cast.public_id}").text
    assert "Book for 300 pt" in final_screen(browser, cast, EVENING).text
    page = browser.get(f"/bookings/{booking.public_id}").text
    assert "It begins in" in page
    assert not re.search(r"[ぁ-ん]", re.sub(r"<[^>]+>|ひより|みずいろ|日本語", "", page))


def test_the_list_goes_on_where_it_ended_also_among_bookings_of_one_start(browser, guest, cast):
    """The same time booked and cancelled again and again: none is lost between two pages."""
    publish(cast, TOMORROW)
    for _ in range(diary.PAGE + 3):
        made = book(guest, cast, TOMORROW)
        cancelling.by_guest(made.id, accepts_loss=False, now=NOON)

    first = browser.get("/bookings").text
    more = re.search(r'href="(/bookings\?before=[^"]+)"', first)[1]
    second = browser.get(more).text

    on_pages = [set(re.findall(r'id="booking-([\w-]{22})"', page)) for page in (first, second)]
    assert [len(page) for page in on_pages] == [diary.PAGE, 3]
    assert on_pages[0].isdisjoint(on_pages[1])


def test_a_cancelled_booking_offers_no_second_cancelling(browser, guest, cast):
    booking = make_booking(guest=guest, cast=cast, start=TOMORROW)
    url = f"/bookings/{booking.public_id}/cancellation"
    browser.post(url)

    page = browser.get(url).text

    assert "すでにキャンセルされています" in page
    assert "キャンセルして全額戻す" not in page
