import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import policy, signatures
from app.db import session
from app.points import lots, spending
from app.points.models import PointLot, Reason
from app.points.spending import Wanted
from app.purchases import jobs
from app.purchases.gateways import sandbox
from app.purchases.models import NoticeState, Order, OrderState, PaymentNotice, SandboxPayment
from app.video import rooms
from tests.factories import (
    NOON,
    SECOND,
    give_points,
    japan,
    make_cast,
    make_guest,
    make_talk,
    new_key,
)

SECRET = "only-for-tests-and-at-least-32-characters"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon(at, queue):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest(nickname="みずいろ")


@pytest.fixture
def browser(client_of, guest):
    return client_of(guest)


def form_key_of(page):
    return re.search(r'name="form_key" value="([^"]+)"', page.text)[1]


def confirm(browser, *, pack=1000, headers=None, **way):
    """From the final screen through its button."""
    screen = browser.get("/points/confirmation", query_string={"pack": pack, **way})
    return browser.post("/points/orders", data={"form_key": form_key_of(screen)}, headers=headers)


def the_order():
    return session.scalars(select(Order)).one()


def count(table):
    return session.scalar(select(func.count()).select_from(table))


def points_of(guest, now=NOON):
    return lots.purse_of(guest.id, now=now).points


def notice(order, /, **changes):
    told = {
        "id": f"{order.public_id}:paid",
        "order": order.public_id,
        "amount_yen": order.price_yen,
        "outcome": "paid",
        **changes,
    }
    return json.dumps(told).encode()


def post_notice(client, body, *, signature=None, gateway="sandbox", now=NOON):
    signed = signature if signature is not None else signatures.sign(body, secret=SECRET, now=now)
    return client.post(
        f"/hooks/payments/{gateway}", data=body, headers={sandbox.HEADER: signed} if signed else {}
    )


@pytest.mark.req("G4", "G47")
def test_a_guest_buys_points_without_javascript(browser, guest, client, queue):
    page = browser.get("/points/packs")
    assert 'value="1000" required checked' in page.text

    answer = confirm(browser, back="/casts/abc/entry")
    order = the_order()
    assert (answer.status_code, answer.location) == (303, f"/points/orders/{order.public_id}/card")

    card = browser.get(answer.location)
    assert "お試し用" in card.text
    paying = browser.post(answer.location, data={"card": "good"})
    assert paying.location == f"/points/orders/{order.public_id}"
    assert "確認しています" in browser.get(paying.location).text
    assert [work for work, _ in queue.jobs.values()] == [jobs.send_sandbox_notices]

    [sent] = sandbox.notices_due(NOON)
    assert post_notice(client, sent).json == {"settled": True}

    result = browser.get(paying.location)
    assert "1,000 pt を追加しました" in result.text
    assert 'href="/casts/abc/entry"' in result.text
    assert "2月22日(月)23:59" in result.text
    assert points_of(guest) == 1000


@pytest.mark.req("G45", "G46")
def test_a_guest_buys_within_the_sheet_of_a_running_talk(client_of, client):
    guest, cast = make_guest(points=500), make_cast()
    talk = make_talk(guest, cast)
    browser = client_of(guest)

    packs = browser.get("/points/packs", query_string={"talk": talk.public_id}, headers=HTMX)
    screen = browser.get(
        "/points/confirmation",
        query_string={"pack": 3000, "talk": talk.public_id},
        headers=HTMX,
    )
    card = browser.post("/points/orders", data={"form_key": form_key_of(screen)}, headers=HTMX)
    order = the_order()
    waiting = browser.post(
        f"/points/orders/{order.public_id}/card?talk={talk.public_id}",
        data={"card": "good"},
        headers=HTMX,
    )
    [sent] = sandbox.notices_due(NOON)
    post_notice(client, sent)
    result = browser.get(
        f"/points/orders/{order.public_id}?talk={talk.public_id}&seen=confirmed", headers=HTMX
    )

    for fragment in (packs, screen, card, waiting, result):
        assert fragment.status_code == 200
        assert "<html" not in fragment.text
    for fragment in (packs, screen, card, waiting):
        assert "通話はつながったままです" in fragment.text
    assert 'hx-trigger="every 1s"' in waiting.text and 'hx-trigger="every 1s"' not in result.text
    assert "data-closes" in result.text
    assert result.headers["HX-Trigger"] == "balance-changed"
    assert points_of(guest) == 3500


@pytest.mark.req("G46", "D7")
def test_a_paid_order_lets_the_running_talk_last_longer(client_of, client, monkeypatch):
    guest = make_guest(points=500)
    talk = make_talk(guest, make_cast())
    told = []
    monkeypatch.setattr(rooms, "set_closing", told.append)
    browser = client_of(guest)

    confirm(browser, talk=talk.public_id)
    post_notice(client, notice(the_order()))

    assert [list(each) for each in told] == [[talk.room]]


@pytest.mark.req("G11", "G12")
def test_the_pack_that_mends_the_shortage_is_chosen_already(browser):
    text = browser.get("/points/packs?need=1001&back=/casts/abc/entry").text

    assert 'value="3000" required checked' in text
    assert "あと 1,001 pt 必要です" in text
    assert 'name="back" value="/casts/abc/entry"' in text


@pytest.mark.parametrize(
    "query",
    [
        "need=x&back=//evil.example&talk=<i>",
        "need=-5",
        "need=99999999999999999999",
        "back=https://evil.example",
        "back=%2F%09%2Fevil.example",
        "talk=%01&back=%01",
    ],
)
def test_an_odd_address_is_read_as_none(browser, query):
    answer = browser.get(f"/points/packs?{query}")

    assert answer.status_code == 200
    assert "evil" not in answer.text and "<i>" not in answer.text


@pytest.mark.req("G18")
def test_the_final_screen_says_six_things_and_the_order_keeps_them(browser):
    page = browser.get("/points/confirmation?pack=1000")
    items = re.findall(r"<dt>(.+?)</dt><dd>(?:<b>)?(.+?)(?:</b>)?</dd>", page.text)

    assert len(items) == 6
    assert "購入を確定する" in page.text and "選び直す" in page.text
    assert "1,000円(税込)" in page.text and "2027年2月22日 23:59" in page.text
    browser.post("/points/orders", data={"form_key": form_key_of(page)})
    order = the_order()
    assert order.shown == dict(items)
    assert (order.points, order.price_yen, order.back_to) == (1000, 1000, "/points")


def test_what_was_shown_before_midnight_is_what_is_kept(browser, at):
    at(japan(2026, 11, 22, 23, 59, 50))
    page = browser.get("/points/confirmation?pack=500")
    at(japan(2026, 11, 23, 0, 0, 10))

    browser.post("/points/orders", data={"form_key": form_key_of(page)})

    assert "2027年2月22日" in the_order().shown["ご利用期間"]


def test_pressing_twice_makes_one_order(browser, client, guest):
    key = form_key_of(browser.get("/points/confirmation?pack=1000"))

    answers = [browser.post("/points/orders", data={"form_key": key}) for _ in range(3)]
    post_notice(client, notice(the_order()))
    late = browser.post("/points/orders", data={"form_key": key})

    assert count(Order) == count(SandboxPayment) == 1
    assert {answer.location for answer in answers} == {
        f"/points/orders/{the_order().public_id}/card"
    }
    assert late.status_code == 303
    assert points_of(guest) == 1000


def test_an_order_needs_a_fresh_screen_of_ones_own(browser, client_of, at):
    key = form_key_of(browser.get("/points/confirmation?pack=1000"))
    other = client_of(make_guest())

    assert other.post("/points/orders", data={"form_key": key}).status_code == 422
    for odd in ("", "nonsense", key[:-2], "\0"):
        assert browser.post("/points/orders", data={"form_key": odd}).status_code == 422
    at(NOON + policy.CONFIRMATION_HOLDS + SECOND)
    late = browser.post("/points/orders", data={"form_key": key}, headers=HTMX)
    assert late.status_code == 422
    assert "もう一度パックをお選びください" in late.text
    assert count(Order) == 0


@pytest.mark.parametrize("pack", ["", "999", "-1", "x", "1000.5"])
def test_only_packs_on_sale_are_sold(browser, pack):
    answer = browser.get("/points/confirmation", query_string={"pack": pack})

    assert answer.status_code == 422
    assert "パックをお選びください" in answer.text


def test_a_refused_card_takes_nothing_and_leads_to_another_try(browser, client, guest):
    page = confirm(browser, back="/casts").location
    browser.post(page, data={"card": "refused"})
    [sent] = sandbox.notices_due(NOON)
    post_notice(client, sent)

    text = browser.get(f"/points/orders/{the_order().public_id}").text

    assert "承認されませんでした" in text and "need=1000" in text and "back=/casts" in text
    assert points_of(guest) == 0


def test_a_slow_bank_is_waited_for(browser, client, guest, at):
    page = confirm(browser).location
    browser.post(page, data={"card": "slow"})
    [sent] = sandbox.notices_due(NOON)
    post_notice(client, sent)
    sandbox.answered(sent, now=NOON)
    order = the_order()
    url = f"/points/orders/{order.public_id}"
    assert order.state is OrderState.PENDING
    assert "カード会社の承認を待っています" in browser.get(url).text
    assert "お支払いがまだです" in browser.get("/points").text
    assert browser.get(f"{url}?seen=pending", headers=HTMX).status_code == 204

    later = NOON + sandbox.PENDING_TIME
    at(later)
    [sent] = sandbox.notices_due(later)
    post_notice(client, sent, now=later)

    assert points_of(guest, later) == 1000


def test_a_card_is_chosen_once(browser, guest):
    page = confirm(browser).location
    browser.post(page, data={"card": "refused"})
    browser.post(page, data={"card": "good"})

    assert session.scalars(select(SandboxPayment)).one().outcome == "failed"
    assert browser.get(page).status_code == 303


@pytest.mark.parametrize("card", ["", "gold", "\0"])
def test_an_unknown_card_shows_the_cards_again(browser, card):
    page = confirm(browser).location

    assert browser.post(page, data={"card": card}).status_code == 422


def test_the_same_notice_twice_pays_once(browser, client, guest):
    confirm(browser)
    body = notice(the_order())

    assert post_notice(client, body).json == {"settled": True}
    assert post_notice(client, body).json == {"settled": False}
    assert post_notice(client, notice(the_order(), id="another")).json == {"settled": False}
    assert (points_of(guest), count(PointLot)) == (1000, 1)


def test_a_pending_that_comes_after_paid_changes_nothing(browser, client, guest):
    confirm(browser)
    post_notice(client, notice(the_order()))
    post_notice(client, notice(the_order(), id="late", outcome="pending"))

    assert the_order().state is OrderState.PAID
    assert points_of(guest) == 1000


@pytest.mark.parametrize("changes", [{"amount_yen": 999}, {"order": "nobody-knows"}])
def test_a_notice_that_fits_nothing_is_kept_and_moves_no_points(browser, client, guest, changes):
    confirm(browser)

    answer = post_notice(client, notice(the_order(), **changes))

    assert (answer.status_code, answer.json) == (200, {"settled": False})
    assert session.scalars(select(PaymentNotice)).one().state is NoticeState.KEPT
    assert (the_order().state, points_of(guest)) == (OrderState.CONFIRMED, 0)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=1,v1=00",
        signatures.sign(b"{}", secret="somebody else's secret of 32 chars", now=NOON),
        signatures.sign(b"{}", secret=SECRET, now=NOON - timedelta(minutes=6)),
    ],
    ids=["none", "nonsense", "early", "other secret", "old"],
)
def test_a_notice_that_nobody_signed_is_401_and_leaves_nothing(client, signature):
    assert post_notice(client, b"{}", signature=signature).status_code == 401
    assert count(PaymentNotice) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 9000,
        b'{"id": "a\\u0000", "order": "b", "amount_yen": 1, "outcome": "paid"}',
        b'{"id": "a", "order": "b", "amount_yen": 1.5, "outcome": "paid"}',
        b'{"id": "a", "order": "b", "amount_yen": 1e999, "outcome": "paid"}',
        b'{"id": "a", "order": "b", "amount_yen": true, "outcome": "paid"}',
        b'{"id": "a", "order": "b", "amount_yen": 1, "outcome": "perhaps"}',
        b'{"id": {}, "order": "b", "amount_yen": 1, "outcome": "paid"}',
    ],
)
def test_a_malformed_notice_is_400_and_leaves_nothing(client, body):
    assert post_notice(client, body).status_code == 400
    assert count(PaymentNotice) == 0


def test_a_notice_has_a_size_and_a_gateway_a_name(client):
    assert post_notice(client, b"x" * 20_000).status_code == 413
    assert post_notice(client, b"{}", gateway="nobody").status_code == 404


@pytest.mark.req("G47", "D32", "D33")
def test_the_wallet_shows_lots_in_the_order_of_spending(browser, guest):
    give_points(guest, 1000, now=japan(2026, 11, 20))
    give_points(guest, 500, now=japan(2026, 10, 1))

    text = browser.get("/points").text

    assert "1,500 pt" in text
    assert text.index("1月1日(金)23:59 まで") < text.index("2月20日(土)23:59 まで")


def test_the_statement_names_talks_and_goes_on_by_pages(browser, guest):
    give_points(guest, 100)
    for number in range(35):
        wanted = Wanted(guest.id, 1, f"thing:{number}", new_key())
        spending.spend_many([wanted], reason=Reason.TALK_MINUTE, now=NOON)

    first = browser.get("/points").text
    more = re.search(r'href="(/points\?before=\d+)"', first)[1]
    second = browser.get(f"{more}&part=1").text

    assert first.count("−1 pt") + first.count("−<span") == 30
    assert "<html" not in second
    assert second.count('class="row"') == 6
    assert "before=" not in second


def test_an_empty_wallet_says_what_will_stand_there(browser):
    assert "まだ明細はありません" in browser.get("/points").text


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=99999999999999999999999"])
def test_an_odd_page_of_the_statement_is_no_fault(browser, query):
    assert browser.get(f"/points?{query}").status_code == 200


def test_a_stranger_finds_nothing(browser, client, client_of):
    page = confirm(browser).location
    order = page.removesuffix("/card")
    other = client_of(make_guest())

    for url in (page, order):
        assert other.get(url).status_code == 404
        assert client.get(url).location.startswith("/login")
    assert other.post(page, data={"card": "good"}).status_code == 404
    for url in ("/points", "/points/packs", "/points/confirmation?pack=500"):
        assert client.get(url).location.startswith("/login")
    assert other.get("/points/orders/nobody").status_code == 404
