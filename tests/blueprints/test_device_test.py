"""The page of the device test, for guests and casts: its frame, what is kept, who may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.bookings import notices
from app.bookings.models import Notice, NoticeKind
from app.casts.models import Cast
from app.db import session
from app.people import devices
from app.people.models import Account, DeviceCheck
from tests.factories import NOON, SECOND, make_cast, make_guest, make_operator, ring
from tests.reservations import make_booking

HTMX = {"HX-Request": "true"}
URL = "/device-test"
DAY = timedelta(hours=24)
ALL = dict.fromkeys(("camera", "microphone", "speaker", "echo", "connection"), "y")
DEVICE = "Chrome 131 / Windows"


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def cast():
    return session.get_one(Account, make_cast(name="千景").account_id)


@pytest.fixture
def guest():
    return make_guest(points=1000, nickname="みずいろ")


@pytest.fixture(params=["guest", "cast"])
def person(request):
    return request.getfixturevalue(request.param)


def send(browser, *, url=URL, headers=None, **given):
    return browser.post(url, data={"device": DEVICE, **ALL, **given}, headers=headers)


@pytest.mark.req("C41", "C43", "G54")
def test_the_page_has_five_steps_and_says_that_it_may_take_a_while(client_of, person):
    page = client_of(person).get(URL).text

    for step in ALL:
        assert f'id="step-{step}"' in page
    assert "テストには少し時間がかかることがあります" in page
    assert "Wi-Fi 環境でのご利用をおすすめします" in page
    assert "<noscript>" in page and "JavaScript が必要です" in page
    assert "テストの結果" not in page


@pytest.mark.req("C41")
def test_a_cast_is_told_by_when_and_keeps_the_bell(client_of, cast, guest):
    ring(guest, session.get_one(Cast, cast.id))

    page = client_of(cast).get(URL).text

    assert "開始10分前までに" in page and "24時間有効" in page
    assert 'id="cast-room-bell"' in page and "みずいろさんが入室しました" in page


def test_a_guest_sees_no_deadline_and_no_bell(client_of, guest):
    page = client_of(guest).get(URL).text

    assert "10分前" not in page and "cast-room-bell" not in page
    assert "ポイントもかかりません" in page


@pytest.mark.req("C41")
def test_the_result_is_kept_with_device_and_time(client_of, person):
    browser = client_of(person)

    answer = send(browser)

    assert (answer.status_code, answer.location) == (303, f"{URL}#device-test-outcome")
    kept = devices.last_of(person.id)
    assert (kept.device, kept.at, kept.passed, kept.echo) == (DEVICE, NOON, True, True)
    page = browser.get(URL).text
    assert "合格しました。" in page
    assert f"11月22日(日)12:00</time> · {DEVICE}" in page


@pytest.mark.req("C41")
@pytest.mark.parametrize("passes", [True, False])
def test_who_passes_is_not_asked_for_a_test_any_more(client_of, passes):
    booking = make_booking()
    notices.remind_due(NOON)
    asked = select(Notice).filter_by(account_id=booking.cast_id, kind=NoticeKind.TEST_MISSING)
    assert session.scalars(asked).one().withdrawn_at is None

    browser = client_of(session.get_one(Account, booking.cast_id))
    if passes:
        send(browser)
    else:
        send(browser, camera="")

    session.expire_all()
    assert (session.scalars(asked).one().withdrawn_at == NOON) is passes


@pytest.mark.req("C41")
def test_htmx_gets_the_result_where_the_form_was(client_of, person):
    answer = send(client_of(person), headers=HTMX)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="device-test-outcome"')
    assert "合格しました。" in answer.text and "<html" not in answer.text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("camera", "カバーが開いているか"),
        ("microphone", "ミュートを解除し"),
        ("speaker", "音量を上げ"),
        ("connection", "VPN を切って"),
    ],
)
def test_a_partial_result_is_kept_and_says_what_to_do(client_of, person, part, words):
    answer = send(client_of(person), headers=HTMX, **{part: ""})

    assert "まだ合格していません。" in answer.text
    assert words in answer.text
    kept = devices.last_of(person.id)
    assert {each for each in ALL if not getattr(kept, each)} == {part}
    assert not kept.passed


def test_without_the_own_voice_the_test_is_passed_all_the_same(client_of, guest):
    answer = send(client_of(guest), headers=HTMX, echo="")

    assert "合格しました。" in answer.text
    assert "この項目がなくても合格です。" in answer.text


@pytest.mark.req("C41")
def test_a_fresh_passed_test_is_said_with_time_and_device_for_a_day(client_of, cast, at):
    browser = client_of(cast)
    send(browser)
    said = f"11月22日(日)12:00 に、{DEVICE} で合格しています。"

    at(NOON + DAY)
    assert said in browser.get(URL).text
    assert "11月23日(月)12:00 までに始まる予約トークに有効です。" in browser.get(URL).text
    at(NOON + DAY + SECOND)
    assert said not in browser.get(URL).text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("device", "words"),
    [("", "お使いの端末を読み取れませんでした"), ("Chrome\x00 131", "読み取れない文字")],
)
def test_a_result_without_a_readable_device_is_not_kept(client_of, guest, device, words, headers):
    answer = send(client_of(guest), headers=headers, device=device, speaker="")

    assert answer.status_code == 422
    assert words in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert 'name="camera" value="y"' in answer.text
    assert 'name="speaker" value=""' in answer.text
    assert not session.query(DeviceCheck).count()


def test_a_long_device_name_is_cut_and_markup_stays_words(client_of, guest):
    answer = send(client_of(guest), headers=HTMX, device="<b>" + "x" * 100)

    assert devices.last_of(guest.id).device == "<b>" + "x" * 77
    assert "&lt;b&gt;xxx" in answer.text and "<b>xxx" not in answer.text


@pytest.mark.parametrize(
    ("back", "kept"),
    [("/bookings/7?x=1", True), ("//evil.example", False), ("https://evil.example", False)],
)
def test_a_passed_test_leads_back_to_a_path_of_ours_only(client_of, cast, back, kept):
    browser = client_of(cast)
    page = browser.get(URL, query_string={"back": back}).text
    action = page.split('<form method="post" action="/device-test')[1].split('"')[0]

    answer = send(browser, url=URL + action.replace("&amp;", "&"), headers=HTMX)

    assert (f'class="btn wide" href="{back}"' in answer.text) is kept
    assert "evil" not in page + answer.text


def test_a_failed_test_does_not_send_anybody_back(client_of, cast):
    answer = send(client_of(cast), url=f"{URL}?back=/x", headers=HTMX, camera="")

    assert 'href="/x"' not in answer.text


def test_the_result_of_another_is_not_shown(client_of, guest, cast):
    send(client_of(cast))

    page = client_of(guest).get(URL).text

    assert DEVICE not in page and "テストの結果" not in page


def test_the_way_to_the_server_answers_with_nothing(client_of, person):
    answer = client_of(person).get(f"{URL}/round-trip")

    assert (answer.status_code, answer.data) == (204, b"")


def test_an_operator_finds_nothing(client_of):
    browser = client_of(make_operator())

    assert browser.get(URL).status_code == 404
    assert send(browser).status_code == 404
    assert not session.query(DeviceCheck).count()


def test_a_stranger_is_led_to_the_login_and_back(client):
    assert client.get(f"{URL}?back=/x").location == "/login?next=/device-test?back%3D/x"
    assert send(client).location == "/login"
    assert not session.query(DeviceCheck).count()
