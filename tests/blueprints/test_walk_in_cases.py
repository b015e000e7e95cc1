"""A walk-in that its guest writes about: the receipt, the operator's case, the decision for both, the mails."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import case_letters, policy
from app.cases import queue as cases
from app.cases import walk_ins
from app.cases.models import Case
from app.db import session
from app.mail import Mail
from app.people.models import Account, Role
from app.talks import impressions
from tests.evidence import CAST, GUEST, finish, make_room, points_of
from tests.factories import SECOND, make_account, make_cast, make_guest, make_operator
from tests.reservations import attend, make_booking, settle

HX = {"HX-Request": "true"}
ALL = [(0, 1_000)]
HOUR = timedelta(hours=1)
WORDS = "<b>声が</b>途切れました。"


@pytest.fixture
def talk(at):
    """A walk-in of three charged minutes at 100 pt and 50 yen; an hour later."""
    room = make_room(
        guest=make_guest(points=10_000, nickname="みずいろ"), cast=make_cast(name="千景")
    )
    room.talk_until(230)
    finish(room, "guest leaves", 230)
    session.refresh(room.talk)
    at(room.talk.ended_at + HOUR)
    return room.talk


@pytest.fixture
def browsers(client_of, talk):
    people = {GUEST: talk.guest_id, CAST: talk.cast_id}
    return {party: client_of(session.get_one(Account, id_)) for party, id_ in people.items()}


@pytest.fixture
def desk(client_of):
    return client_of(make_operator())


@pytest.fixture
def case(talk):
    return walk_ins.object_to(talk.id, words=WORDS, now=talk.ended_at + HOUR)


def page(browser, url, *, locale="ja"):
    browser.set_cookie("locale", locale)
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def form_of(talk):
    return f"/talks/{talk.public_id}/objection"


def receipt_of(talk):
    return f"/talks/{talk.public_id}/receipt"


def cast_page_of(talk):
    return f"/cast-room/talks/{talk.public_id}"


def case_page_of(case):
    return f"/admin/cases/{case.public_id}"


def send(browser, talk, words=WORDS, *, headers=None):
    browser.set_cookie("locale", "ja")
    return browser.post(form_of(talk), data={"words": words}, headers=headers)


def decide(browser, case, *, headers=None, **given):
    data = {"minutes": "2", "said": "2分を返却します。", **given}
    browser.set_cookie("locale", "ja")
    return browser.post(f"{case_page_of(case)}/decision", data=data, headers=headers)


# The guest


@pytest.mark.req("G28", "G30")
def test_the_receipt_leads_to_the_form_with_time_and_name_in_it(browsers, talk):
    assert f'href="{form_of(talk)}"' in page(browsers[GUEST], receipt_of(talk))

    text = page(browsers[GUEST], form_of(talk))

    for words in ("12:00</time>–12:03", "千景", "3分、300 pt", "事務局に連絡する"):
        assert words in text
    assert f'href="{receipt_of(talk)}"' in text
    assert "Send to the office" in page(browsers[GUEST], form_of(talk), locale="en")


@pytest.mark.req("G28", "G31")
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_is_sent_opens_a_case_and_the_receipt_shows_the_promise(browsers, talk, headers):
    answer = send(browsers[GUEST], talk, headers=headers)

    assert answer.headers.get("HX-Redirect", answer.location) == form_of(talk)
    found = cases.of_talk(talk)
    assert found and found.words == WORDS
    for url in (form_of(talk), receipt_of(talk)):
        text = page(browsers[GUEST], url)
        assert "にご連絡を受け付けました" in text and "までに結果をお知らせします" in text
        assert f'href="{form_of(talk)}"' not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "違っていた点を書いてください"),
        ("長" * 501, "500文字以内"),
        ("null\x00byte", "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_says_nothing_opens_nothing(browsers, talk, words, said, headers):
    answer = send(browsers[GUEST], talk, words, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert cases.of_talk(talk) is None


def test_pressing_twice_opens_one_case(browsers, talk):
    assert [send(browsers[GUEST], talk).status_code for _ in range(2)] == [303, 303]
    assert len(session.scalars(select(Case)).all()) == 1


def test_after_seven_days_the_page_says_so_and_keeps_the_words(browsers, talk, at):
    at(talk.ended_at + policy.OBJECTION_OPEN + SECOND)

    assert "終了後7日間で締め切りました" in page(browsers[GUEST], form_of(talk))
    assert form_of(talk) not in page(browsers[GUEST], receipt_of(talk))
    answer = send(browsers[GUEST], talk)
    assert answer.status_code == 422
    assert "まだ送信されていません" in answer.text and "声が" in answer.text


def test_strangers_casts_and_operators_find_no_form(client, client_of, browsers, talk):
    for other in (make_guest(), make_account(Role.CAST), make_operator()):
        browser = client_of(other)
        assert browser.get(form_of(talk)).status_code == 404
        assert send(browser, talk).status_code == 404
    assert browsers[CAST].get(form_of(talk)).status_code == 404
    assert client.get(form_of(talk)).location == f"/login?next={form_of(talk)}"
    assert cases.of_talk(talk) is None


def test_of_a_reserved_or_running_talk_there_is_no_such_form(client_of, at):
    booking = make_booking()
    room = attend(booking, guest=ALL, cast=ALL)
    settle(booking)
    at(booking.report_until)
    guest = client_of(session.get_one(Account, booking.guest_id))
    assert room
    assert guest.get(form_of(room.talk)).status_code == 404

    running = make_room(now=booking.report_until).talk
    other = client_of(session.get_one(Account, running.guest_id))
    assert other.get(form_of(running)).status_code == 404


# The office


@pytest.mark.req("G31")
def test_the_queue_and_the_case_show_all_that_is_known_of_a_walk_in(desk, talk, case):
    impressions.keep(talk.id, stars=2, words="回線が不安定でした", now=talk.ended_at)
    queued = page(desk, "/admin/cases")
    for words in ("予約なし", "みずいろ", "千景", "300 pt", case_page_of(case)):
        assert words in queued

    text = page(desk, case_page_of(case))

    for words in (
        "&lt;b&gt;声が&lt;/b&gt;途切れました。",
        "回線が不安定でした",
        "3分 × 100 pt",
        "つながっていた時間は3:50",
        'class="t-guest"',
        'class="t-paid"',
        f"/admin/talks/{talk.public_id}",
        "この内容で決定する",
    ):
        assert words in text
    assert 'name="minutes" required type="number" value="0"' in text
    assert "The cast keeps the reward for them" in page(desk, case_page_of(case), locale="en")


@pytest.mark.req("G31")
@pytest.mark.parametrize("headers", [{}, HX])
@pytest.mark.parametrize(("keeps", "yen"), [({}, 50), ({"keeps_reward": "y"}, 150)])
def test_deciding_returns_the_minutes(desk, talk, case, headers, keeps, yen):
    before = points_of(talk)

    answer = decide(desk, case, headers=headers, **keeps)

    assert answer.headers.get("HX-Redirect", answer.location) == case_page_of(case)
    session.expire_all()
    assert points_of(talk) == before + 200
    assert talk.earned_yen == yen
    text = page(desk, case_page_of(case))
    assert "2分を返却します。" in text and "お二人に通知しました" in text
    assert ("うち2分は当社負担" in text) is bool(keeps)
    assert "この内容で決定する" not in text
    assert "事務局による返却" in page(desk, f"/admin/talks/{talk.public_id}")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"minutes": ""}, "整数で入力してください"),
        ({"minutes": "1.5"}, "整数で入力してください"),
        ({"minutes": "4"}, "0から3までの分数"),
        ({"minutes": "-1"}, "0から3までの分数"),
        ({"minutes": "9" * 40}, "0から3までの分数"),
        ({"said": ""}, "理由を一言書いてください"),
        ({"said": "\x00"}, "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_a_bad_decision_decides_nothing_and_keeps_the_form(desk, talk, case, given, words, headers):
    answer = decide(desk, case, headers=headers, keeps_reward="y", **given)

    assert answer.status_code == 422
    assert words in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert re.search(r'<input[^>]* checked [^>]*name="keeps_reward"', answer.text)
    session.expire_all()
    assert (case.decided_at, talk.minutes_refunded) == (None, 0)


def test_before_its_minutes_are_final_a_walk_in_is_not_decided(desk, talk, case, at):
    at(talk.ended_at + policy.LATE_EVIDENCE)

    answer = decide(desk, case)

    assert answer.status_code == 422
    assert "まだ確定していません" in answer.text


def test_a_second_operator_is_told_what_the_first_decided(desk, case, client_of):
    decide(desk, case)
    other = client_of(make_operator())

    answer = decide(other, case, minutes="3")

    assert answer.status_code == 303
    assert "ほかの担当者が決定しました" in page(other, case_page_of(case))


def test_the_talks_record_leads_to_its_case(desk, talk, case):
    assert f'href="{case_page_of(case)}"' in page(desk, f"/admin/talks/{talk.public_id}")


# What both read


def test_the_cast_sees_that_the_office_looks_at_it_and_not_what_was_written(browsers, talk, case):
    text = page(browsers[CAST], cast_page_of(talk))

    assert "このトークを事務局で確認しています" in text
    assert "途切れました" not in text and form_of(talk) not in text


@pytest.mark.req("G31")
def test_after_the_decision_both_read_it_with_their_own_amount(browsers, desk, talk, case):
    decide(desk, case, keeps_reward="y")

    guest = page(browsers[GUEST], receipt_of(talk))
    cast = page(browsers[CAST], cast_page_of(talk))

    for text in (guest, cast):
        assert "2分を返却します。" in text
        assert "事務局の決定により、2分を返却しました。" in text
    assert "200 pt" in guest and "150円" not in guest
    assert "150円" in cast and "200 pt" not in cast
    assert "そのうち2分の報酬は" in cast and "そのうち2分の報酬は" not in guest


def test_what_was_cut_short_and_what_the_office_returned_are_told_apart(client_of, desk, at):
    room = make_room(guest=make_guest(points=10_000), cast=make_cast(name="千景"))
    room.talk_until(230)
    finish(room, "cast hangs up", 230)
    talk = room.talk
    at(talk.ended_at + HOUR)
    decide(desk, walk_ins.object_to(talk.id, words="。", now=talk.ended_at), minutes="1")

    text = page(client_of(session.get_one(Account, talk.guest_id)), receipt_of(talk))

    assert "3分目は、千景さんの退室で途中で終わったため、返却しました。" in text
    assert "事務局の決定により、1分を返却しました。" in text
    session.refresh(talk)
    assert (talk.minutes_returned, talk.minutes_refunded, talk.points_kept) == (2, 1, 100)


@pytest.mark.req("G31")
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_both_hear_of_a_decision_by_mail_once(desk, talk, case, queue, locale):
    for account_id in (talk.guest_id, talk.cast_id):
        session.get_one(Account, account_id).locale = locale
    decide(desk, case)

    for _ in range(2):
        queue.do(case_letters.tell_of_walk_ins)

    guest, cast = (mail_to(account_id) for account_id in (talk.guest_id, talk.cast_id))
    points = {"ja": "今回の返却: 200 pt", "en": "by this decision: 200 pt"}[locale]
    yen = {"ja": "報酬: 50円", "en": "You earn: ¥50"}[locale]
    for text in (guest, cast):
        assert "2分を返却します。" in text
    assert points in guest and yen not in guest
    assert yen in cast and points not in cast
    assert receipt_of(talk) in guest and cast_page_of(talk) in cast
    assert "千景" in guest and "みずいろ" in cast


def mail_to(account_id):
    address = session.get_one(Account, account_id).email
    [mail] = session.scalars(select(Mail).filter_by(to=address))
    assert "トーク" in mail.subject or "your talk of" in mail.subject
    return mail.body


def test_nobody_is_told_of_what_is_not_decided(case, queue):
    queue.do(case_letters.tell_of_walk_ins)

    assert session.scalars(select(Mail)).all() == []


# How it was, by the cast


def say(browser, talk, *, headers=None, **given):
    browser.set_cookie("locale", "ja")
    data = {"stars": "4", "words": "落ち着いた方でした", **given}
    return browser.post(f"{cast_page_of(talk)}/impression", data=data, headers=headers)


@pytest.mark.req("D23")
@pytest.mark.parametrize("headers", [{}, HX])
def test_a_cast_says_how_a_walk_in_was_and_only_the_office_reads_it(browsers, desk, talk, headers):
    assert "事務局に報告する" in page(browsers[CAST], cast_page_of(talk))

    answer = say(browsers[CAST], talk, headers=headers)

    assert answer.headers.get("HX-Redirect", answer.location) == cast_page_of(talk)
    text = page(browsers[CAST], cast_page_of(talk))
    assert "落ち着いた方でした" in text and "事務局に報告する" not in text
    assert "落ち着いた方でした" in page(desk, f"/admin/talks/{talk.public_id}")
    assert "落ち着いた方でした" not in page(browsers[GUEST], receipt_of(talk))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stars": ""}, "1つから5つ"),
        ({"stars": "6"}, "1つから5つ"),
        ({"words": "長" * 501}, "500文字以内"),
        ({"words": "\x00"}, "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_cannot_be_kept_stays_in_the_form(browsers, talk, given, words, headers):
    answer = say(browsers[CAST], talk, headers=headers, **given)

    assert answer.status_code == 422
    assert words in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert impressions.find(talk) is None


def test_words_that_came_too_late_are_kept_for_who_wrote_them(browsers, talk, at):
    at(talk.ended_at + policy.IMPRESSION_OPEN + SECOND)
    assert "事務局に報告する" not in page(browsers[CAST], cast_page_of(talk))

    answer = say(browsers[CAST], talk)

    assert answer.status_code == 422
    for words in ("終了後24時間で締め切りました", "落ち着いた方でした", "まだ送信されていません"):
        assert words in answer.text


def test_another_word_than_the_first_is_not_lost(browsers, talk):
    say(browsers[CAST], talk)
    assert say(browsers[CAST], talk).status_code == 303

    answer = say(browsers[CAST], talk, words="思い直しました")

    assert answer.status_code == 422
    for words in ("落ち着いた方でした", "思い直しました", "すでにお知らせいただいています"):
        assert words in answer.text


def test_nobody_else_says_how_it_was(client_of, browsers, talk):
    for browser in (browsers[GUEST], client_of(make_operator())):
        assert say(browser, talk).status_code == 404
    other = client_of(session.get_one(Account, make_cast().account_id))
    assert say(other, talk).status_code == 404
    assert impressions.find(talk) is None
