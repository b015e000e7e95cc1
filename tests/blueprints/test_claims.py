"""The cast's pages of rewards and claims."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import letters
from app.cases import deciding, opening
from app.casts import bank_accounts
from app.db import session
from app.mail import Mail
from app.payouts.models import Claim
from app.people.models import Account
from app.talks.models import Party
from tests import paying, reservations, wages
from tests.factories import NOON, make_cast, make_guest, make_operator

HOUR = timedelta(hours=1)
LATER = NOON + 8 * HOUR


@pytest.fixture
def cast(at):
    at(NOON)
    cast = make_cast(online=False)
    cast.reward_yen = cast.slot_reward_yen = 2_500
    session.flush()
    return cast


@pytest.fixture
def desk(cast, client_of, at):
    """The cast's browser, some hours later."""
    at(LATER)
    return client_of(session.get_one(Account, cast.account_id))


def talk(cast, *, minutes=1, hour=0, nickname=""):
    guest = make_guest(points=2_000, nickname=nickname)
    return wages.talk_for(cast, minutes=minutes, now=NOON + hour * HOUR, guest=guest)


def page(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def screen_of(text):
    return re.search(r'name="form_key" value="([^"]+)"', text)[1]


def press(desk, screen):
    return desk.post("/cast-room/claims", data={"form_key": screen})


def press_and_follow(desk, screen):
    return page(desk, press(desk, screen).location)


@pytest.mark.req("C52", "C53", "C55")
def test_a_cast_looks_sums_up_and_claims(desk, cast):
    talk(cast, minutes=2, nickname="みずいろ")
    talk(cast, hour=1, nickname="こはく")

    listed = page(desk, "/cast-room/claims")
    assert "みずいろ" in listed and "こはく" in listed and "7,500円" in listed
    assert "集計する" in listed
    total = page(desk, "/cast-room/claims/total")
    assert "7,500円を請求する" in total and "12月30日(水)" in total
    made = press_and_follow(desk, screen_of(total))

    assert "7,500円" in made and "支払日待ち" in made
    assert "みずいろ" in made and "2分" in made
    after = page(desk, "/cast-room/claims")
    assert "いま請求できるトークはありません。" in after
    assert session.scalars(select(Claim)).one().public_id in after


@pytest.mark.req("C56")
def test_pressing_twice_shows_the_one_claim(desk, cast):
    talk(cast, minutes=2)
    screen = screen_of(page(desk, "/cast-room/claims/total"))

    first, second = press(desk, screen), press(desk, screen)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(session.scalars(select(Claim)).all()) == 1


@pytest.mark.req("C54", "D26")
def test_too_little_is_said_with_the_day_of_the_closing_and_cannot_be_claimed(desk, cast):
    cast.reward_yen = 4_999
    talk(cast)

    total = page(desk, "/cast-room/claims/total")

    assert "現在の合計は4,999円です。" in total
    assert "2026/12/30" in total
    assert 'name="form_key"' not in total


@pytest.mark.req("C53", "C56")
def test_a_list_that_has_changed_is_shown_anew_and_nothing_is_claimed(desk, cast):
    talk(cast, minutes=2, nickname="みずいろ")
    old = screen_of(page(desk, "/cast-room/claims/total"))
    press(desk, screen_of(page(desk, "/cast-room/claims/total")))
    talk(cast, minutes=3, hour=2, nickname="こはく")

    answer = press(desk, old)

    assert answer.status_code == 409
    assert "みずいろさんとのトーク(11/22 12:02終了)は、すでに請求済みです。" in answer.text
    assert "7,500円を請求する" in answer.text  # the new talk, on a new screen
    assert len(session.scalars(select(Claim)).all()) == 1
    assert press(desk, screen_of(answer.text)).status_code == 303


@pytest.mark.req("C55")
@pytest.mark.parametrize("screen", ["", "nonsense", "e30.nonsense"])
def test_a_screen_that_is_not_ours_leads_back_to_the_list(desk, cast, screen):
    talk(cast, minutes=2)

    answer = press(desk, screen)

    assert (answer.status_code, answer.location) == (303, "/cast-room/claims/total")
    assert session.scalars(select(Claim)).all() == []


def test_a_screen_of_long_ago_is_shown_anew(desk, cast, at):
    talk(cast, minutes=2)
    screen = screen_of(page(desk, "/cast-room/claims/total"))

    at(LATER + 2 * HOUR)
    again = press_and_follow(desk, screen)

    assert "画面を開いてから時間が経ったため" in again
    assert session.scalars(select(Claim)).all() == []


def test_the_screen_of_another_cast_claims_nothing(desk, cast, client_of):
    talk(cast, minutes=2)
    screen = screen_of(page(desk, "/cast-room/claims/total"))
    other = client_of(session.get_one(Account, make_cast(online=False).account_id))

    assert press(other, screen).location == "/cast-room/claims/total"
    assert session.scalars(select(Claim)).all() == []


@pytest.mark.req("C57")
def test_a_cast_without_a_usable_account_may_claim_and_is_told(desk, cast):
    talk(cast, minutes=2)
    account = bank_accounts.find(cast.account_id)
    account.replaced_at = LATER

    total = page(desk, "/cast-room/claims/total")
    made = press_and_follow(desk, screen_of(total))

    said = "このまま請求できますが、お振り込みには銀行口座が必要です。"
    assert said in total and said in made
    assert session.scalars(select(Claim)).one().yen == 5_000


@pytest.mark.req("D20", "G31")
def test_what_went_back_after_the_claim_is_taken_off_on_no_page_and_in_no_mail(
    desk, cast, queue, at
):
    booking = reservations.make_booking(cast=cast, slots=2)
    reservations.attend(booking, guest=[(0, 330)], cast=[(0, 330)])
    reservations.settle(booking)
    press(desk, screen_of(page(desk, "/cast-room/claims/total")))
    case = opening.object_to(booking.id, by=Party.GUEST, words="切れました", now=LATER)
    by = make_operator().id
    deciding.decide(
        case.id, returned_points=600, earned_yen=0, said="全額お返しします。", by=by, now=LATER
    )

    assert "5,000円" in page(desk, "/cast-room/bookings")
    text = page(desk, f"/cast-room/bookings/{booking.public_id}")
    assert text.count("5,000円") == 3  # as booked, as earned, and by the decision
    assert "報酬は減りません" in text
    queue.do(letters.tell_of_bookings)
    address = session.get_one(Account, cast.account_id).email
    told = select(Mail.body).where(Mail.to == address, Mail.subject.contains("決定しました"))
    assert "報酬: 5,000円" in session.scalars(told).one()


def test_a_claim_of_somebody_else_does_not_exist(desk, cast, client_of):
    talk(cast, minutes=2)
    made = press(desk, screen_of(page(desk, "/cast-room/claims/total"))).location
    other = client_of(session.get_one(Account, make_cast(online=False).account_id))

    assert other.get(made).status_code == 404
    assert other.get("/cast-room/claims?before=nothing").status_code == 404


def test_guests_see_none_of_it(client_of, client):
    guest = client_of(make_guest())
    for path in ("/cast-room/claims", "/cast-room/claims/total", "/cast-room/earnings"):
        assert guest.get(path).status_code in {302, 303, 403, 404}
        assert client.get(path).status_code in {302, 303}


@pytest.mark.req("C52")
def test_the_month_says_of_each_talk_where_it_stands_and_when_it_is_paid(desk, cast):
    talk(cast, minutes=2, nickname="みずいろ")
    talk(cast, minutes=0, hour=1, nickname="こはく")

    text = page(desk, "/cast-room/earnings")

    assert "2026年11月" in text and "請求可能" in text
    assert "ゲストの無料の1分以内に終わったトークです。" in text
    assert "12月30日(水)" in text
    assert "この月のトークはありません" in page(desk, "/cast-room/earnings?month=2026-10")


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=", "month=20262", "before=x", "before=2026-11-22T00:00"]
)
def test_an_address_that_names_no_month_or_moment_is_not_found(desk, query):
    assert desk.get(f"/cast-room/earnings?{query}").status_code == 404


def test_the_file_of_a_month_opens_in_a_spreadsheet_and_computes_nothing(desk, cast):
    talk(cast, minutes=2, nickname="=1+1")

    answer = desk.get("/cast-room/earnings/file?month=2026-11")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.mimetype == "text/csv"
    [head, line] = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[:5] == ["終了日時(日本時間)", "ゲスト", "種類", "分数・枠数", "報酬(円)"]
    assert line == [
        *("2026-11-22 12:02", "'=1+1", "予約なし", "2分", "5000", "0", "0"),
        *("請求可能", "", "2026-12-30"),
    ]


def test_a_talk_says_when_it_is_paid_in_the_history_and_on_its_page(desk, cast):
    made = talk(cast, minutes=2)

    for path in ("/cast-room/talks", f"/cast-room/talks/{made.public_id}", "/cast-room"):
        assert "お支払い予定 12月30日(水)" in page(desk, path)


@pytest.mark.req("C56", "C58")
def test_a_claim_leads_to_its_statement_once_the_transfer_is_approved(client_of, at):
    cast = make_cast()
    claim = paying.make_claim(cast)
    at(NOON + timedelta(days=3))
    desk = client_of(session.get_one(Account, cast.account_id))

    before = page(desk, f"/cast-room/claims/{claim.public_id}")
    payout = paying.make_payout(cast, [claim])
    after = page(desk, f"/cast-room/claims/{claim.public_id}")

    assert "/cast-room/statements/" not in before
    assert f'href="/cast-room/statements/{payout.public_id}"' in after


def test_a_claim_has_no_statement_while_its_transfer_waits_for_approval(client_of, at):
    cast = make_cast()
    claim = paying.make_claim(cast)
    paying.make_payout(cast, [claim], approved=False)
    at(NOON + timedelta(days=3))
    desk = client_of(session.get_one(Account, cast.account_id))

    text = page(desk, f"/cast-room/claims/{claim.public_id}")

    assert "振込手続き中" in text and "/cast-room/statements/" not in text


@pytest.mark.req("C56")
def test_money_that_came_back_is_said_wherever_a_cast_looks_for_it(client_of, at):
    cast = make_cast()
    claim = paying.make_claim(cast)
    payout = paying.make_payout(cast, [claim], paid_on=claim.pay_on)
    returned_at = NOON + timedelta(days=20)
    desk = client_of(session.get_one(Account, cast.account_id))
    at(returned_at)
    assert "お振り込みが銀行から戻りました" not in page(desk, "/cast-room")

    paying.give_back(payout, now=returned_at)

    for path in ("", "/earnings", "/claims", f"/claims/{claim.public_id}"):
        assert "お振り込みが銀行から戻りました" in page(desk, f"/cast-room{path}"), path
    month = page(desk, "/cast-room/earnings?month=2026-11")
    assert "振込が戻りました" in month and "次の振込であらためてお支払いします。" in month
    assert "次回" not in month


def test_the_dashboard_says_what_can_be_claimed(desk, cast):
    talk(cast, minutes=2)

    assert re.search(r"請求可能</dt><dd>.*5,000円", page(desk, "/cast-room"))


def test_the_list_says_when_a_claim_of_today_is_paid(desk, cast):
    talk(cast, minutes=2)

    assert "今日請求すると、12月30日(水)にお支払いします。" in page(desk, "/cast-room/claims")
