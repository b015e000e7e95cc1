"""The operator's books: what the pages show, and that each figure opens to what stands behind it."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from app.books import months
from app.points import expiry
from app.points.models import Kind
from tests import wages
from tests.books import payments
from tests.books.test_balance import give_back, spend
from tests.factories import NOON, give_points, japan, make_cast, make_guest, make_operator

DAY = timedelta(days=1)
SECOND_OF_DECEMBER = japan(2026, 12, 2, 9, 0)


@pytest.fixture
def desk(at, client_of):
    at(NOON + 8 * DAY)  # November 30
    return client_of(make_operator())


@pytest.fixture
def guest():
    return make_guest(nickname="みずいろ")


@pytest.fixture
def month(guest):
    """November: 11,000 points bought, 3,300 used, 1,100 of them returned, 550 expired."""
    give_points(guest, 10_450)
    give_points(guest, 550, expires_at=NOON + 2 * DAY)
    expiry.expire_due(NOON + 2 * DAY)
    spend(guest, 3_300, "a", now=NOON + 3 * DAY)
    give_back("a", points=1_100, now=NOON + 4 * DAY)


def page(browser, url, status=200):
    answer = browser.get(url)
    assert answer.status_code == status, answer.text[:500]
    return answer.text


def pages(browser, url):
    """A list's pages, as far as there is a next one."""
    while url:
        text = page(browser, url)
        yield text
        following = re.search(r'rel="next" href="([^"]+)"', text)
        url = following and following.group(1).replace("&amp;", "&")


def links(text, within):
    """Addresses of a page that begin so, as a browser reads them."""
    found = re.findall(r'href="([^"]+)"', text)
    return [each.replace("&amp;", "&") for each in found if each.startswith(within)]


def table(browser, url):
    """The rows of a CSV file."""
    answer = browser.get(url)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "place", ["", "/balance", "/unused", "/entries", "/rewards/earned", "/lots", "/payouts"]
)
def test_the_books_are_for_operators_and_quiet_while_nothing_happened(
    desk, client_of, place, guest
):
    assert client_of(guest).get(f"/admin/books{place}").status_code == 404
    page(desk, f"/admin/books{place}")
    page(desk, f"/admin/books{place}" if place else "/admin/books/months.csv")


def test_the_months_show_sales_tax_and_what_is_left(desk, month):
    text = page(desk, "/admin/books")

    assert "2026年11月" in text
    for amount in ("2,200円", "550円", "2,750円", "250円"):  # used, expired, sales, 200 + 50 tax
        assert amount in text
    assert "未確定" in text


def test_every_figure_of_a_month_opens_to_its_entries(desk, month):
    used, expired = links(page(desk, "/admin/books"), "/admin/books/entries")

    text = page(desk, used)
    assert "みずいろ" in text
    assert "-3,300 pt" in text
    assert "1,100 pt" in text
    assert "-550 pt" not in text
    assert "-550 pt" in page(desk, expired)


def test_a_frozen_month_shows_its_seal(desk, month, at):
    payments.close_claims(date(2026, 11, 1))
    at(SECOND_OF_DECEMBER)
    months.close_due(SECOND_OF_DECEMBER)
    (closed,) = months.closed_months()

    text = page(desk, "/admin/books")

    assert closed.sha256 in text
    assert "確定済" in text
    rows = table(desk, "/admin/books/months.csv")
    assert [row[0] for row in rows[1:]] == ["2026-12", "2026-11"]
    assert rows[2][2:7] == ["2200", "550", "0", "2750", "250"]
    assert rows[2][-1] == closed.sha256


def test_the_trial_balance_of_a_day_adds_up_and_opens(desk, month):
    text = page(desk, "/admin/books/balance?day=2026-11-25")

    assert "3,300 pt" in text
    assert "1,100 pt" not in text  # was returned the day after
    assert 'class="state wrong"' not in text
    used = next(each for each in links(text, "/admin/books/entries") if "line=used" in each)
    assert "-3,300 pt" in page(desk, used)


def test_the_trial_balance_as_a_file(desk, month):
    rows = {(row[0], row[1]): row[2:] for row in table(desk, "/admin/books/balance.csv")}

    assert rows["有料ポイント", "発行"] == ["11000", "11000"]
    assert rows["有料ポイント", "使用済み"] == ["-3300", "-3300"]
    assert rows["有料ポイント", "未使用"] == ["8250", "8250"]
    assert rows["有料ポイント", "差"] == ["0", "0"]


@pytest.mark.parametrize("day", ["2026-12-01", "tomorrow", "", "1999-12-31", "12026-01-01"])
@pytest.mark.parametrize("place", ["balance", "unused"])
def test_a_day_that_has_not_come_or_is_none_is_said_beside_the_field(desk, place, day):
    text = page(desk, f"/admin/books/{place}?day={day}", status=422)

    assert 'id="day-error"' in text


def test_unused_points_of_a_day_open_to_their_lots(desk, month):
    text = page(desk, "/admin/books/unused?day=2026-11-22")

    assert "11,000 pt" in text
    assert "2026年11月" in text  # of the lot that ended two days later
    assert "/admin/books/unused?day=2026-09-30" in text
    first, *_ = links(text, "/admin/books/lots")
    lots = page(desk, first)
    assert "みずいろ" in lots
    assert "550 pt" in lots
    assert "10,450 pt" not in lots
    assert "11月24日(火)11:59" in lots  # its last minute
    assert table(desk, "/admin/books/unused.csv?day=2026-11-22")[1] == [
        "2026-11",
        "1",
        "550",
        "550",
    ]


def test_much_that_is_unused_warns(desk, guest):
    give_points(guest, 7_000_000)
    assert "7,000,000円以上になりました" in page(desk, "/admin/books/unused")
    give_points(guest, 3_000_001)
    assert "10,000,000円を超えています" in page(desk, "/admin/books/unused")


def test_long_lists_come_by_pages_and_the_file_has_all(desk, guest, monkeypatch):
    monkeypatch.setattr("app.blueprints.admin.books_entries.PAGE", 3)
    monkeypatch.setattr("app.blueprints.admin.books_entries.WHOLE", 2)
    give_points(guest, 1_000)
    for number in range(1, 5):
        spend(guest, number, f"spent{number}")

    texts = pages(desk, "/admin/books/entries?kind=paid")

    seen = [re.findall(r'<td class="num">(-?[\d,]+) pt</td>', text) for text in texts]
    assert seen == [["-4", "-3", "-2"], ["-1", "1,000"]]
    file = table(desk, "/admin/books/entries.csv?kind=paid")
    assert [row[7] for row in file[1:]] == ["-4", "-3", "-2", "-1", "1000"]


def test_no_cell_of_a_file_is_a_formula(desk):
    give_points(make_guest(nickname="=HYPERLINK(1)"), 500, kind=Kind.FREE)

    (_head, line) = table(desk, "/admin/books/entries.csv")

    assert line[5] == "'=HYPERLINK(1)"
    assert line[7] == "500"


def test_rewards_open_by_where_they_stand(desk):
    cast = make_cast(name="千景")
    talk = wages.talk_for(cast, minutes=3)
    assert "千景" in page(desk, "/admin/books/rewards/payable")
    claim = payments.claim_all(cast)
    assert "千景" not in page(desk, "/admin/books/rewards/payable")
    payment = payments.pay_out(claim, cast_bears_fee=True)

    text = page(desk, "/admin/books/rewards/in_payout")
    assert "150円" in text
    assert f"/admin/talks/{talk.public_id}" in text
    payments.mark_paid(payment)
    assert "40円" in page(desk, "/admin/books/payouts?first=2026-11-01")
    assert table(desk, "/admin/books/payouts.csv")[1][3:] == ["150", "0", "110", "110", "40"]
    assert table(desk, "/admin/books/rewards/paid.csv")[1][1:] == ["千景", f"talk:{talk.id}", "150"]


def test_rewards_lots_and_payouts_come_by_pages(desk, monkeypatch):
    monkeypatch.setattr("app.blueprints.admin.books_entries.PAGE", 1)
    for number, minutes in enumerate((1, 2, 3)):  # the last two end at one moment
        cast = make_cast()
        wages.talk_for(cast, minutes=minutes, now=NOON - (minutes == 3) * timedelta(minutes=1))
        payments.mark_paid(payments.pay_out(payments.claim_all(cast)))
        give_points(make_guest(), 700 + number)

    def shown(place, pattern):
        return [re.findall(pattern, text) for text in pages(desk, f"/admin/books/{place}")]

    of_three = [["150"], ["100"], ["50"], []]
    assert shown("rewards/earned", r'nowrap">(\d+)円') == of_three
    assert shown("rewards/paid", r'nowrap">(\d+)円') == of_three
    assert [found and found[0] for found in shown("payouts", r'nowrap">(\d+)円')] == [
        "150",
        "100",
        "50",
        [],
    ]
    lots = shown("lots?month=2027-02-01", r">(70\d) pt<")  # as issued, and unused
    assert [found[0] for found in lots if found] == ["700", "701", "702"]


@pytest.mark.parametrize(
    "query",
    [
        "entries?kind=gold",
        "entries?line=stolen",
        "entries?first=never",
        "entries?last=9999-12-31",
        "rewards/lost",
        "rewards/earned?before=now",
        "lots?month=2026-13-01",
        "payouts?first=1",
    ],
)
def test_what_no_page_of_ours_asks_for_does_not_exist(desk, query):
    page(desk, f"/admin/books/{query}", status=404)
