"""The operator's cases: the queue, one case with everything that is known of it, and deciding it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import letters
from app.bookings import completions, settlements
from app.bookings.models import CompletionKind
from app.cases import opening, queue
from app.db import session
from app.mail import Mail
from app.messages import thread
from app.people.models import Account
from tests.evidence import CAST, GUEST, points_of
from tests.factories import NOON, SECOND, make_cast, make_guest, make_operator
from tests.reservations import attend, make_booking, settle

HX = {"HX-Request": "true"}
DAY = timedelta(days=1)
ALL = [(0, 1_000)]


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def desk(operator, client_of):
    return client_of(operator)


@pytest.fixture
def booking(at):
    """A talk of 3 slots that took place, and to which the guest objects an hour later."""
    guest, cast = (
        make_guest(points=10_000, nickname="みずいろ"),
        make_cast(name="千景", online=False),
    )
    booking = make_booking(guest=guest, cast=cast, slots=3)
    thread.write(
        booking.id, by=GUEST, words="よろしくお願いします", knows_warning=False, now=NOON + SECOND
    )
    attend(booking, guest=ALL, cast=ALL)
    completions.file(
        booking.id,
        kind=CompletionKind.DONE,
        impression="楽しく話せました",
        stars=4,
        now=booking.ends_at,
    )
    settle(booking)
    opened_at = booking.report_until + timedelta(hours=1)
    opening.object_to(booking.id, by=GUEST, words="<b>音が</b>聞こえません", now=opened_at)
    at(opened_at + timedelta(hours=2, minutes=5))
    return booking


@pytest.fixture
def case(booking):
    [case] = queue.of_booking(booking)
    return case


def url_of(case):
    return f"/admin/cases/{case.public_id}"


def page(browser, url, *, locale="ja"):
    browser.set_cookie("locale", locale)
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def decide(browser, case, *, headers=None, **given):
    data = {"returned_points": "300", "earned_yen": "300", "said": "一部を返却します。", **given}
    return browser.post(f"{url_of(case)}/decision", data=data, headers=headers)


def now_of(case):
    session.expire_all()
    found = queue.find(case.public_id)
    assert found
    return found


def test_the_queue_shows_age_promise_and_whose_case_it_is(desk, case):
    text = page(desk, "/admin/cases")

    for words in ("2時間5分", "お申し出", "ゲストから", "みずいろ", "千景", url_of(case)):
        assert words in text
    assert "期限超過" not in text


@pytest.mark.parametrize(
    ("age", "words"), [(3 * DAY + SECOND, "期限超過"), (7 * DAY, "7日超過")], ids=["3 d", "7 d"]
)
def test_a_case_that_waited_too_long_says_so(desk, case, at, age, words):
    at(case.opened_at + age)

    assert words in page(desk, "/admin/cases")
    assert words in page(desk, url_of(case))


def test_the_queue_is_filtered_by_its_address(desk, case):
    assert url_of(case) in page(desk, "/admin/cases?kind=objection")
    assert url_of(case) not in page(desk, "/admin/cases?kind=unclear")
    assert desk.get("/admin/cases?kind=gossip").status_code == 404


def test_every_page_of_the_desk_counts_the_open_cases(desk, case):
    count = '<span class="count">1</span>'
    for url in ("/admin", "/admin/health", "/admin/cases", url_of(case)):
        assert count in page(desk, url)
    decide(desk, case)
    assert count not in page(desk, "/admin")


def test_an_empty_queue_says_so(desk, at):
    at(NOON)

    assert "待っているケースはありません" in page(desk, "/admin/cases")


@pytest.mark.req("G28", "G31")
def test_a_case_shows_both_presences_money_words_and_the_report(desk, case, booking):
    text = page(desk, url_of(case))

    assert text.count('class="t-guest"') == 1 and text.count('class="t-cast"') == 1
    for words in (
        "&lt;b&gt;音が&lt;/b&gt;聞こえません",
        "楽しく話せました",
        "900 pt",
        "記録では、トークは予約どおりに行われています",
        "メッセージを送信",
        "-900 pt",
        "2時間5分",
        "/admin/talks/",
    ):
        assert words in text
    assert "よろしくお願いします" not in text  # what the two wrote to each other is theirs


def test_the_form_is_filled_in_with_the_proposal(desk, case):
    text = page(desk, url_of(case))

    assert 'name="returned_points" required type="number" value="0"' in text
    assert 'name="earned_yen" required type="number" value="450"' in text
    assert "入室の記録を確認しました。記録では、" in text
    assert "この内容で決定する" in text


def test_a_case_speaks_english_where_that_is_wanted(desk, case):
    text = page(desk, url_of(case), locale="en")

    assert "We have looked at the record. The record shows the talk as it was booked." in text
    assert "Decide it this way" in text


def test_a_case_in_which_nobody_came_has_a_page(desk, client_of, at):
    booking = make_booking()
    settle(booking)
    case = opening.object_to(booking.id, by=CAST, words="。", now=booking.report_until + DAY)
    at(booking.report_until + DAY)

    assert "入室の記録なし" in page(desk, url_of(case))


@pytest.mark.req("G31")
@pytest.mark.parametrize("headers", [{}, HX])
def test_deciding_returns_the_points_and_leads_back_to_the_case(desk, case, booking, headers):
    answer = decide(desk, case, headers=headers)

    assert answer.headers.get("HX-Redirect", answer.location) == url_of(case)
    assert points_of(booking, now=NOON + DAY) == 10_000 - 900 + 300
    settled = settlements.find(booking.id)
    assert settled and (settled.returned_points, settled.earned_yen) == (300, 300)
    text = page(desk, url_of(case))
    assert "一部を返却します。" in text and "この内容で決定する" not in text
    assert "お二人に通知しました" in text


def test_both_hear_of_a_decision_by_mail_with_their_own_amount(desk, case, booking, queue):
    decide(desk, case, earned_yen="301")

    queue.do(letters.tell_of_bookings)

    guest, cast = (
        session.scalars(select(Mail.body).filter_by(to=address_of(id_)).order_by(Mail.id)).all()[-1]
        for id_ in (booking.guest_id, booking.cast_id)
    )
    assert "300 pt" in guest and "301円" not in guest
    assert "301円" in cast and "300 pt" not in cast


def address_of(account_id):
    return session.get_one(Account, account_id).email


def test_the_health_page_says_how_long_the_oldest_case_waits(desk, case, at):
    at(case.opened_at + 4 * DAY)

    text = page(desk, "/admin/health")

    assert "最も長く待っている未決定のケース" in text
    assert "96時間" in text and "72時間" in text


def test_after_deciding_the_next_case_is_a_link(desk, case, at):
    other = make_booking(start=NOON + timedelta(hours=3))
    settle(other)
    following = opening.object_to(other.id, by=CAST, words="。", now=case.opened_at + SECOND)
    decide(desk, case)

    assert f'href="{url_of(following)}"' in page(desk, url_of(case))


def test_a_second_operator_is_told_what_the_first_decided(desk, case, client_of, booking):
    decide(desk, case)
    other = client_of(make_operator())

    answer = decide(other, case, returned_points="900", said="全額")

    assert answer.status_code == 303
    assert "ほかの担当者が決定しました" in page(other, url_of(case))
    assert now_of(case).said == "一部を返却します。"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"returned_points": ""}, "整数で入力してください"),
        ({"returned_points": "many"}, "整数で入力してください"),
        ({"returned_points": "901"}, "お支払いは900 ptです"),
        ({"returned_points": "-1"}, "すでに0 pt返却済みです"),
        ({"returned_points": "9" * 40}, "お支払いは900 ptです"),
        ({"earned_yen": "451"}, "0円から450円の間"),
        ({"earned_yen": "1.5"}, "整数で入力してください"),
        ({"said": ""}, "理由を一言書いてください"),
        ({"said": "長" * 501}, "500文字以内"),
        ({"said": "\x00"}, "読み取れない文字"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_a_bad_decision_decides_nothing_and_keeps_the_form(desk, case, given, words, headers):
    answer = decide(desk, case, headers=headers, **given)

    assert answer.status_code == 422
    assert words in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    if "said" not in given:
        assert "一部を返却します。" in answer.text
    assert now_of(case).decided_at is None


def test_looking_at_a_case_writes_nothing(desk, case):
    before = case.opened_at

    page(desk, url_of(case))
    page(desk, "/admin/cases")

    seen = now_of(case)
    assert (seen.opened_at, seen.decided_at) == (before, None)


def urls_of(case):
    return [
        ("GET", "/admin/cases"),
        ("GET", url_of(case)),
        ("POST", f"{url_of(case)}/decision"),
    ]


def test_guest_and_cast_find_no_cases_and_decide_nothing(client_of, client, case, booking):
    for account_id in (booking.guest_id, booking.cast_id):
        browser = client_of(session.get_one(Account, account_id))
        for method, url in urls_of(case):
            assert browser.open(url, method=method).status_code == 404
    for method, url in urls_of(case):
        answer = client.open(url, method=method)
        assert (answer.status_code, "/login" in answer.location) == (303, True)
    assert now_of(case).decided_at is None


def test_a_case_that_is_none_is_not_found(desk, case):
    assert desk.get(f"/admin/cases/{case.id}").status_code == 404
    assert desk.post("/admin/cases/none/decision").status_code == 404
