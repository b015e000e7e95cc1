"""The office's pages of payouts: what waits, batches step by step, the file, one payout, the search."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.casts import account_reviews, bank_accounts
from app.casts.models import Cast
from app.db import session
from app.payouts import batch_lists, returning
from app.payouts.models import BatchState, PayoutBatch, PayoutState, ReturnReason
from app.people.models import Account
from tests import paying
from tests.factories import make_bank_account, make_operator
from tests.paying import AFTER, make_batch, make_claim, make_payer, payouts_of


@pytest.fixture(name="operator")
def _operator():
    return make_operator()


@pytest.fixture(name="browser")
def _browser(client_of, operator, at):
    at(AFTER)
    return in_english(client_of(operator))


def in_english(browser):
    browser.set_cookie("locale", "en")
    return browser


def page(batch):
    return f"/admin/payouts/batches/{batch.public_id}"


def words_of(answer):
    return " ".join(answer.text.split())


def test_without_claims_the_page_says_so(browser):
    answer = browser.get("/admin/payouts")
    assert "No claim waits" in answer.text
    assert "Who pays is not written down yet" in answer.text


@pytest.mark.req("C58")
def test_what_waits_stands_there_with_who_is_left_out(browser):
    make_payer()
    make_claim()
    odd = make_claim()
    make_bank_account(session.get(Cast, odd.cast_id), holder="サトウ ハナコ")

    answer = words_of(browser.get("/admin/payouts"))

    assert 'value="2026-11-30"' in answer
    assert "¥2,000" in answer
    assert "The holder has another name; the office has not decided yet." in answer


def test_the_batch_is_made_once_by_two_presses(browser):
    make_payer()
    make_claim()
    form = {"pay_on": "2026-11-30", "key": "one"}

    first = browser.post("/admin/payouts", data=form)
    second = browser.post("/admin/payouts", data=form)

    [batch] = session.scalars(select(PayoutBatch)).all()
    assert first.location == second.location == page(batch)
    assert "Another person has to look at it and approve it." in browser.get(page(batch)).text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Please give a day."),
        ("30.11.2026", "Please give a date"),
        ("2026-11-28", "Banks rest on this day."),
        ("2026-11-20", "This day is over."),
        ("0001-01-01", "Please give a day of this century."),
        ("2026-12-31", "Banks rest on this day."),
        ("2027-03-01", "This day is more than 60 days ahead"),
    ],
)
def test_a_day_that_banks_do_not_have_is_said_beside_the_field(browser, day, said):
    make_payer()
    make_claim()
    answer = browser.post("/admin/payouts", data={"pay_on": day, "key": "k"})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.req("C58")
def test_from_approval_to_the_banks_payment(browser, operator, at):
    batch = make_batch()
    at(AFTER)
    for step in ("approval", "file", "acceptance"):
        answer = browser.post(f"{page(batch)}/{step}")
        assert answer.status_code in {200, 303}, step
        assert browser.get(page(batch)).status_code == 200
    at(paying.on(date(2026, 12, 1)))
    answer = browser.post(f"{page(batch)}/payment", data={"paid_on": "2026-11-30"})

    assert answer.status_code == 303
    assert (batch.state, batch.paid_by) == (BatchState.PAID, operator.id)
    shown = words_of(browser.get(page(batch)))
    assert "Paid by the bank on November 30, 2026" in shown
    assert "File downloaded" in shown


@pytest.mark.req("C58")
def test_the_file_is_the_stored_one_each_time_and_kept_by_no_browser(browser, operator):
    batch = make_batch(state=BatchState.APPROVED)

    first, second = (browser.post(f"{page(batch)}/file") for _ in range(2))

    assert first.data == second.data
    assert hashlib.sha256(first.data).hexdigest() == batch.file_sha256
    assert batch.file_sha256 in browser.get(page(batch)).text
    assert first.headers["Content-Disposition"] == "attachment; filename=furikomi-20261130.txt"
    assert "no-store" in first.headers["Cache-Control"]
    seen = select(AuditEntry.by).filter_by(did="payout_batch.downloaded")
    assert session.scalars(seen).all() == [operator.id] * 2


def test_the_whole_number_stands_on_no_page(browser):
    batch = make_batch(state=BatchState.PAID)
    (payout,) = payouts_of(batch)
    for address in (page(batch), f"/admin/payouts/{payout.public_id}", "/admin/payouts?name=a"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert payout.account_number not in answer.text
    assert payout.masked in browser.get(page(batch)).text


def test_who_made_a_batch_cannot_approve_it(client_of, at):
    batch = make_batch()
    at(AFTER)
    browser = in_english(client_of(session.get(Account, batch.made_by)))

    answer = browser.post(f"{page(batch)}/approval")

    assert answer.status_code == 422
    assert "/approval" not in answer.text
    assert batch.state is BatchState.MADE


def test_an_account_changed_since_is_said_before_anybody_presses(browser):
    batch = make_batch()
    (payout,) = payouts_of(batch)
    cast = session.get(Cast, payout.cast_id)
    make_bank_account(cast)

    answer = browser.get(page(batch)).text

    assert f"The account of {cast.name} was changed" in answer
    assert "/approval" not in answer
    assert f"/admin/payouts/{payout.public_id}/removal" in answer


def test_a_payout_is_taken_out_on_the_page_of_its_batch(browser):
    batch = make_batch(make_claim(), make_claim())
    payout = payouts_of(batch)[0]

    answer = browser.post(f"/admin/payouts/{payout.public_id}/removal")

    assert answer.location == page(batch)
    assert payout.state is PayoutState.WITHDRAWN


def test_a_downloaded_batch_is_withdrawn_by_who_says_that_the_bank_lacks_it(browser):
    batch = make_batch(state=BatchState.APPROVED)
    browser.post(f"{page(batch)}/file")

    refused = browser.post(f"{page(batch)}/withdrawal")
    assert refused.status_code == 422 and "make sure first" in refused.text
    browser.post(f"{page(batch)}/withdrawal", data={"bank_lacks_file": "y"})

    assert batch.state is BatchState.WITHDRAWN


def test_a_batch_is_withdrawn(browser):
    batch = make_batch(state=BatchState.APPROVED)
    browser.post(f"{page(batch)}/withdrawal")
    assert batch.state is BatchState.WITHDRAWN
    assert "Its claims wait for another batch." in browser.get(page(batch)).text


@pytest.mark.parametrize("step", ["approval", "file", "acceptance", "withdrawal"])
def test_a_step_that_somebody_else_was_faster_with_is_explained(browser, step):
    batch = make_batch(state=BatchState.PAID if step != "file" else BatchState.WITHDRAWN)
    answer = browser.post(f"{page(batch)}/{step}")
    assert answer.status_code == 422
    assert "This batch" in answer.text


@pytest.mark.parametrize("paid_on", ["", "x", "2026-11-27", "2027-01-04"])
def test_a_day_of_payment_that_cannot_be_is_said_beside_the_field(browser, at, paid_on):
    batch = make_batch(state=BatchState.ACCEPTED)
    at(paying.on(date(2026, 12, 1)))
    answer = browser.post(f"{page(batch)}/payment", data={"paid_on": paid_on})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert batch.state is BatchState.ACCEPTED


@pytest.mark.req("C58")
def test_a_payout_is_given_back_with_the_banks_reason(browser, at):
    (payout,) = payouts_of(make_batch(state=BatchState.PAID))
    at(paying.on(date(2026, 12, 2)))
    address = f"/admin/payouts/{payout.public_id}"

    answer = browser.post(f"{address}/return", data={"returned_on": "2026-12-02"})
    assert answer.status_code == 422
    assert 'value="2026-12-02"' in answer.text

    form = {"returned_on": "2026-12-02", "reason": "other_name"}
    assert browser.post(f"{address}/return", data=form).status_code == 303

    assert (payout.state, payout.return_reason) == (PayoutState.RETURNED, ReturnReason.OTHER_NAME)
    shown = words_of(browser.get(address))
    assert "Came back on December 2, 2026" in shown
    account = bank_accounts.find(payout.cast_id)
    looked_at = words_of(browser.get(f"/admin/accounts/{account.public_id}"))
    assert "The account is right: pay to it again" in looked_at
    browser.post(f"/admin/accounts/{account.public_id}/acceptance")
    assert account_reviews.count_waiting() == 0


def test_a_cast_reads_that_money_came_back(client_of, at, operator):
    (payout,) = payouts_of(make_batch(state=BatchState.PAID))
    now = paying.on(date(2026, 12, 2))
    words = {"reason": ReturnReason.CLOSED, "returned_on": now.date()}
    returning.give_back(payout.id, **words, by=operator.id, now=now)
    at(now)
    browser = in_english(client_of(session.get(Account, payout.cast_id)))
    answer = browser.get("/cast-room/account")

    assert "Your reward came back from this account." in answer.text


def test_payouts_are_searched_by_day_cast_and_amount(browser):
    batch = make_batch(make_claim(), make_claim(minutes=40))
    small, large = payouts_of(batch)

    found = browser.get("/admin/payouts?yen_from=1000&since=2026-11-01&until=2026-11-30").text

    assert f"/admin/payouts/{large.public_id}" in found
    assert f"/admin/payouts/{small.public_id}" not in found
    assert "No payout fits this" in browser.get("/admin/payouts?name=nobody-of-this-name").text


@pytest.mark.parametrize(
    "query", ["since=x", "yen_from=many", "yen_to=-1", "name=%00", "name=%E2%80%AE"]
)
def test_a_search_that_cannot_be_read_is_no_fault(browser, query):
    assert browser.get(f"/admin/payouts?{query}").status_code in {200, 404}


def test_what_does_not_exist_is_not_found(browser):
    for address in ("/admin/payouts/nothing", "/admin/payouts/batches/nothing"):
        assert browser.get(address).status_code == 404


def test_the_pages_are_japanese(browser):
    make_payer()
    make_claim()
    batch = make_batch(make_claim())
    (payout, *_more) = payouts_of(batch)
    browser.set_cookie("locale", "ja")
    for address in ("/admin/payouts", page(batch), f"/admin/payouts/{payout.public_id}"):
        answer = browser.get(address)
        assert "2026年11月30日" in answer.text


def test_a_batch_of_many_is_shown_page_by_page(browser, monkeypatch):
    monkeypatch.setattr(batch_lists, "ON_A_PAGE", 2)
    batch = make_batch(make_claim(), make_claim(), make_claim())
    first, second, third = payouts_of(batch)

    for query in ("", "?page=1", "?page=-5", "?page=x"):
        shown = words_of(browser.get(page(batch) + query))
        assert all(f"/admin/payouts/{each.public_id}" in shown for each in (first, second))
        assert f"/admin/payouts/{third.public_id}" not in shown
        assert "In all: 3 payouts" in shown
        assert "Page 1 of 2" in shown
    for query in ("?page=2", "?page=99"):
        shown = words_of(browser.get(page(batch) + query))
        assert f"/admin/payouts/{third.public_id}" in shown
        assert f"/admin/payouts/{first.public_id}" not in shown


@pytest.mark.parametrize(("hour", "is_warned"), [(5, False), (6, True)])
def test_a_batch_that_comes_late_for_the_bank_is_warned_of_and_not_stopped(
    browser, at, hour, is_warned
):
    """15:00 in Japan on Friday, the bank day before the Monday of payment."""
    batch = make_batch()
    at(datetime(2026, 11, 27, hour, tzinfo=UTC))

    shown = words_of(browser.get(page(batch)))

    assert ("Most banks take a file until 15:00 of the bank day before." in shown) is is_warned
    assert browser.post(f"{page(batch)}/approval").status_code == 303


def test_two_transfers_of_one_sum_to_one_account_are_named_before_approval(browser, operator):
    make_payer()
    claims = [make_claim(), make_claim()]
    casts = [session.get(Cast, claim.cast_id) for claim in claims]
    for cast in casts:
        account = make_bank_account(cast, number="2222222")
    account_reviews.accept(account.id, by=operator.id, now=AFTER)
    batch = make_batch(*claims)

    shown = words_of(browser.get(page(batch)))

    assert f"more than once: {casts[0].name}, {casts[1].name}." in shown


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("return", {"returned_on": "", "reason": "closed"}),
        ("return", {"returned_on": "x", "reason": "closed"}),
        ("return", {"returned_on": "2026-12-01", "reason": "nonsense"}),
        ("return", {"returned_on": "2026-11-01", "reason": "closed"}),
        ("return", {"returned_on": "2027-01-04", "reason": "closed"}),
        ("return", {}),
        ("removal", {}),
    ],
)
def test_what_cannot_be_done_with_a_payout_is_said_and_nothing_happens(browser, at, step, data):
    (payout,) = payouts_of(make_batch(state=BatchState.PAID))
    at(paying.on(date(2026, 12, 2)))

    answer = browser.post(f"/admin/payouts/{payout.public_id}/{step}", data=data)

    assert answer.status_code == 422
    assert payout.state is PayoutState.PAID
    if data.get("returned_on"):
        assert f'value="{data["returned_on"]}"' in answer.text


def test_a_payout_comes_back_once_however_often_it_is_pressed(browser, at):
    (payout,) = payouts_of(make_batch(state=BatchState.PAID))
    at(paying.on(date(2026, 12, 2)))
    address = f"/admin/payouts/{payout.public_id}/return"
    form = {"returned_on": "2026-12-02", "reason": "closed"}

    assert [browser.post(address, data=form).status_code for _ in range(2)] == [303, 303]
    other = browser.post(address, data=form | {"reason": "other"})

    assert other.status_code == 422
    assert payout.return_reason is ReturnReason.CLOSED


@pytest.mark.parametrize(
    "address",
    [
        "batches/nothing/approval",
        "batches/nothing/file",
        "batches/nothing/acceptance",
        "batches/nothing/payment",
        "batches/nothing/withdrawal",
        "nothing/removal",
        "nothing/return",
    ],
)
def test_no_step_of_what_does_not_exist(browser, address):
    assert browser.post(f"/admin/payouts/{address}", data={}).status_code == 404
