"""The thread of a reservation as guest and cast see it, with and without JavaScript."""

import html
import re
from datetime import timedelta

import pytest

from app import policy
from app.bookings import cancelling
from app.casts.models import Cast
from app.db import session
from app.messages import thread
from app.messages.models import Message
from app.people.models import Account, Role
from app.talks.models import Party
from tests.factories import (
    MINUTE,
    NOON,
    SECOND,
    book,
    make_account,
    make_cast,
    make_guest,
    make_operator,
    publish,
    ring,
)

HX = {"HX-Request": "true"}
GUEST, CAST = Party.GUEST, Party.CAST
START = NOON + timedelta(hours=20)
BOTH = pytest.mark.parametrize("party", [GUEST, CAST])
LINE = "LINE交換しませんか？ 090-1234-5678です"


@pytest.fixture
def booking(at):
    at(NOON)
    cast = make_cast(name="千景")
    publish(cast, START)
    return book(make_guest(points=10_000, nickname="みずいろ"), cast, START)


@pytest.fixture
def browsers(client_of, booking):
    people = {GUEST: booking.guest_id, CAST: booking.cast_id}
    return {party: client_of(session.get_one(Account, id_)) for party, id_ in people.items()}


def url_of(booking, more=""):
    return f"/bookings/{booking.public_id}/messages{more}"


def send(browser, booking, words="楽しみにしています", *, headers=None, **given):
    return browser.post(url_of(booking), data={"words": words, **given}, headers=headers)


def page_of(browser, booking):
    answer = browser.get(url_of(booking))
    assert answer.status_code == 200
    return answer.text


def poll_in(text):
    """The address that the bubbles ask for their news, or None where they ask no more."""
    found = re.search(r'hx-get="([^"]+)"', text)
    return found and html.unescape(found[1])


def words_of(booking):
    return [message.words for message in thread.of_booking(booking)]


@pytest.mark.req("C36", "D41")
@pytest.mark.parametrize(("by", "to"), [(GUEST, CAST), (CAST, GUEST)])
def test_what_one_sends_the_other_reads(browsers, booking, by, to):
    answer = send(browsers[by], booking)

    assert (answer.status_code, answer.location) == (303, url_of(booking))
    mine, theirs = page_of(browsers[by], booking), page_of(browsers[to], booking)
    assert "楽しみにしています" in mine and 'class="bubble mine"' in mine
    assert "楽しみにしています" in theirs and 'class="bubble mine"' not in theirs
    assert ("みずいろさん：" if by is GUEST else "千景さん：") in theirs


@pytest.mark.req("D41")
@BOTH
def test_htmx_gets_the_thread_with_an_empty_field(browsers, booking, party):
    answer = send(browsers[party], booking, headers=HX)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="message-thread"')
    assert "<html" not in answer.text
    assert re.search(r"<textarea[^>]*>\s*</textarea>", answer.text)
    assert "楽しみにしています" in answer.text


@pytest.mark.req("G48")
@BOTH
def test_the_page_says_what_is_not_possible_and_until_when_one_can_write(browsers, booking, party):
    page = page_of(browsers[party], booking)

    assert "直接会うことや、連絡先の交換はできません" in page
    assert "11月24日(火)08:03まで送れます" in page


def test_the_cast_finds_phrases_and_the_guest_none(browsers, booking):
    assert 'data-phrase="どのようなお話をご希望ですか？"' in page_of(browsers[CAST], booking)
    assert "data-phrase" not in page_of(browsers[GUEST], booking)


def test_a_cast_s_page_hears_the_bell(browsers, booking):
    guest = make_guest(points=1000, nickname="べつのゲスト")
    ring(guest, session.get_one(Cast, booking.cast_id))

    assert "べつのゲストさん" in page_of(browsers[CAST], booking)


@pytest.mark.req("G48", "D41")
@BOTH
@pytest.mark.parametrize("headers", [{}, HX])
def test_contact_data_comes_back_with_a_warning_and_the_text(browsers, booking, party, headers):
    answer = send(browsers[party], booking, LINE, headers=headers)

    assert answer.status_code == 422
    assert ("<html" in answer.text) is not bool(headers)
    assert "電話番号、LINE・インスタなどの連絡先が含まれているようです" in answer.text
    assert "おふたりの安全のため" in answer.text
    assert f"{LINE}</textarea>" in answer.text
    assert 'name="knows_warning" value="1"' in answer.text
    assert "このまま送信する" in answer.text and "書き直す" in answer.text
    assert not session.query(Message).count()

    again = send(browsers[party], booking, LINE, headers=headers, knows_warning="1")

    assert again.status_code == (200 if headers else 303)
    assert [(each.words, each.flagged) for each in thread.of_booking(booking)] == [(LINE, True)]


@pytest.mark.req("D41")
@BOTH
@pytest.mark.parametrize("headers", [{}, HX])
def test_the_last_second_is_a_day_after_the_end(browsers, booking, at, party, headers):
    last = booking.ends_at + policy.THREAD_OPEN
    at(last)
    assert send(browsers[party], booking, headers=headers).status_code in {200, 303}

    at(last + SECOND)
    answer = send(browsers[party], booking, "まだ間に合いますか", headers=headers)

    assert answer.status_code == 409
    assert "トークの終了から24時間まで" in answer.text
    assert words_of(booking) == ["楽しみにしています"]
    page = page_of(browsers[party], booking)
    assert "トークの終了から24時間まで" in page
    assert "<textarea" not in page and poll_in(page) is None


@BOTH
def test_a_cancelled_reservation_shows_its_messages_and_no_field(browsers, booking, party):
    send(browsers[CAST], booking)
    cancelling.by_guest(booking.id, accepts_loss=True, now=NOON)

    page = page_of(browsers[party], booking)

    assert "楽しみにしています" in page and "<textarea" not in page
    assert send(browsers[party], booking, "でも").status_code == 409


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "メッセージを入力してください"),
        (" \n ", "メッセージを入力してください"),
        ("あ" * 501, "500文字以内で入力してください"),
        ("null\x00byte", "読み取れない文字"),
        (b"\xff\xfe", "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_cannot_be_sent_is_refused_kindly(browsers, booking, words, said, headers):
    answer = send(browsers[GUEST], booking, words, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert not session.query(Message).count()


def test_markup_stays_words_and_lines_stay_lines(browsers, booking):
    send(browsers[GUEST], booking, "<script>alert(1)</script>\r\n二行目")

    assert words_of(booking) == ["<script>alert(1)</script>\n二行目"]
    page = page_of(browsers[CAST], booking)
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_pressing_twice_sends_once(browsers, booking):
    assert {send(browsers[GUEST], booking).status_code for _ in range(2)} == {303}
    assert words_of(booking) == ["楽しみにしています"]


# Asking again, and reading


def test_the_open_page_asks_again_and_hears_only_of_what_is_new(browsers, booking):
    url = poll_in(page_of(browsers[GUEST], booking))
    assert browsers[GUEST].get(url, headers=HX).status_code == 204

    send(browsers[CAST], booking)
    answer = browsers[GUEST].get(url, headers=HX)

    assert answer.text.lstrip().startswith('<div id="message-bubbles"')
    assert "楽しみにしています" in answer.text
    assert "<textarea" not in answer.text  # what is being typed stays


def test_looking_marks_nothing_and_the_page_s_own_form_does(browsers, booking, at):
    send(browsers[CAST], booking)
    page = page_of(browsers[GUEST], booking)
    assert 'hx-trigger="load, look"' in page and "既読にする" in page
    assert "既読" not in page_of(browsers[CAST], booking)

    until = re.search(r'name="until" value="([^"]+)"', page)[1]
    at(NOON + MINUTE)
    answer = browsers[GUEST].post(url_of(booking, "/reading"), data={"until": until})

    assert (answer.status_code, answer.location) == (303, url_of(booking))
    assert "message-reading" not in page_of(browsers[GUEST], booking)
    assert "既読" in page_of(browsers[CAST], booking)
    assert thread.of_booking(booking)[0].read_at == NOON + MINUTE


def test_by_htmx_reading_answers_with_the_bubbles(browsers, booking):
    send(browsers[GUEST], booking)

    answer = browsers[CAST].post(url_of(booking, "/reading"), headers=HX)

    assert answer.text.lstrip().startswith('<div id="message-bubbles"')
    assert "message-reading" not in answer.text


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 40])
def test_an_odd_mark_of_reading_breaks_nothing(browsers, booking, until):
    send(browsers[GUEST], booking)

    answer = browsers[CAST].post(url_of(booking, "/reading"), data={"until": until})

    assert answer.status_code == 303


def test_the_english_page(browsers, booking):
    browsers[GUEST].set_cookie("locale", "en")

    page = page_of(browsers[GUEST], booking)
    warned = send(browsers[GUEST], booking, LINE).text

    assert "You can write until Tue 24 Nov 08:03." in page
    assert "seems to hold: a phone number, LINE, Instagram or the like." in warned
    assert "Send it as it is" in warned


def test_a_stranger_finds_nothing(client, client_of, booking):
    for stranger in (make_guest(), make_account(Role.CAST), make_operator()):
        browser = client_of(stranger)
        assert browser.get(url_of(booking)).status_code == 404
        assert browser.get(url_of(booking, "?part=bubbles")).status_code == 404
        assert send(browser, booking).status_code == 404
        assert browser.post(url_of(booking, "/reading")).status_code == 404
    assert client.get(url_of(booking)).location == f"/login?next={url_of(booking)}"
    assert send(client, booking).location == "/login"
    assert not session.query(Message).count()
