"""Days of the office: a notice, a rank, a price, an inquiry that waits too long, a suspension."""

from datetime import timedelta

import pytest

from app.books import checks as books
from app.casts import jobs as casts
from app.casts.models import Rank
from app.db import session
from app.people.models import Account
from app.points import lots
from tests.factories import PASSWORD, japan, make_cast, make_guest, make_operator, publish
from tests.walks.mailbox import link_in, read_mail
from tests.walks.walker import Walker

ELEVEN = japan(2026, 11, 23, 11)  # tomorrow, within the day in which one can book


@pytest.fixture(autouse=True)
def _house(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def ren(evening):
    """A blue cast with an hour open tomorrow at eleven."""
    cast = make_cast(name="れん", online=False)
    publish(cast, ELEVEN)
    return cast


@pytest.fixture
def office(evening, client_of):
    return Walker(client_of(make_operator()))


@pytest.fixture
def desk(ren, client_of):
    return Walker(client_of(session.get_one(Account, ren.account_id)))


@pytest.fixture
def guest(evening):
    return make_guest(points=3000, nickname="みずいろ")


@pytest.fixture
def phone(guest, client_of):
    return Walker(client_of(guest))


@pytest.mark.req("C25")
def test_a_notice_stays_on_top_until_the_cast_says_that_it_was_read(office, desk):
    office.go("/admin")
    office.follow("お知らせ")
    office.follow("お知らせを書く")
    office.press_in_vain("お知らせを掲載する")
    office.press(
        "お知らせを掲載する",
        title="通話テストのお願い",
        words="12月から、通話の前のテストを必須とします。",
        audience="casts",
        must_read="y",
    )
    office.reads("通話テストのお願い", "0/1人")

    desk.go("/cast-room")
    desk.reads("12月から、通話の前のテストを必須とします。")
    desk.press("確認しました")
    desk.go("/cast-room")
    assert "確認しました" not in [b.words for f in desk.page.forms for b in f.buttons]

    office.go(office.path)
    office.reads("1/1人")


def invite_to_gold(office):
    office.go("/admin")
    office.follow("キャスト")
    office.follow("れん")
    words = "いつも丁寧なトークをありがとうございます。"
    office.press("キャストを招待する", rank="gold", holds_from="2026-11-23", words=words)
    office.reads("招待しました", words)


def raise_the_price_of_blue(office):
    office.follow("ランクと料金")
    price = {"price_points": "120", "slot_points": "360", "reward_percent": "50"}
    office.press_in_vain("この料金を予定に入れる", rank="blue", holds_from="2026-11-22", **price)
    office.press("この料金を予定に入れる", holds_from="2026-11-23")
    office.reads("100 pt → 120 pt")


def accept(desk, address):
    desk.go(link_in(read_mail(address, "ご招待")))
    desk.reads("100円", "200 pt", "いつも丁寧なトークを")
    desk.press("このランクを受ける")


def book_at(phone, hour):
    phone.go("/casts")
    phone.follow("れん")
    phone.follow(f"{hour}から予約する")
    phone.press("確認画面へ進む", slots="1")


@pytest.mark.req("C16", "C17", "C19", "C60", "D9")
def test_rank_and_price_hold_from_their_day_and_what_was_booked_before_keeps_its_price(
    office, desk, phone, ren, evening
):
    make_cast(name="みお")
    her = session.get_one(Account, ren.account_id)
    invite_to_gold(office)
    raise_the_price_of_blue(office)
    accept(desk, her.email)
    book_at(phone, "11:00")
    phone.press("300 ptで予約を確定する")
    booked = phone.path

    evening.come_to(japan(2026, 11, 23, 0, 0, 10))
    evening.do(casts.apply_prices)
    desk.go("/cast-room")
    desk.reads("GOLD", "200 pt")
    phone.go("/casts")
    phone.reads("れん GOLD", "200 pt", "120 pt")
    phone.go("/casting")
    phone.reads("120 pt 60円 360 pt 180円")

    phone.go(booked)
    phone.reads("300 pt")
    desk.follow("みずいろさん")
    desk.reads("150円")
    book_at(phone, "11:30")
    phone.press("600 ptで予約を確定する")
    assert ren.rank is Rank.GOLD
    assert books.problems() == []


@pytest.mark.req("G42", "G43", "G44", "G56")
def test_an_inquiry_without_a_reply_is_red_after_a_week_and_may_be_sent_again(app, office, evening):
    stranger = Walker(app.test_client())
    stranger.go("/")
    stranger.follow("お問い合わせ")
    asked = {"name": "山田", "email": "yamada@example.org", "words": "学生でも応募できますか。"}
    stranger.press("送信する", subject="becoming_cast", **asked)
    stranger.reads("7日")
    evening.pass_by(timedelta(days=7, seconds=1).total_seconds())

    office.go("/admin")
    office.follow("お問い合わせ")
    office.reads("山田", "7日超過")
    stranger.go(link_in(read_mail("yamada@example.org", "受け付けました")))
    stranger.press("続けて送る", words="まだお返事をいただいていません。")
    office.go(office.path)
    office.reads("7日超過")
    office.follow("-")
    office.reads("学生でも応募できますか。", "まだお返事をいただいていません。")
    office.press("返信して完了にする", words="お待たせして申し訳ありません。応募できます。")
    assert "応募できます。" in read_mail("yamada@example.org", "返信")
    office.go("/admin/inquiries")
    office.misses("山田")


@pytest.mark.req("G31", "D35", "G37")
def test_who_is_suspended_is_gone_at_once_and_the_booked_guest_gets_everything_back(
    app, office, desk, phone, guest, ren, evening
):
    her = session.get_one(Account, ren.account_id)
    book_at(phone, "11:00")
    phone.press("300 ptで予約を確定する")
    office.go("/admin")
    office.follow("キャスト")
    office.follow("れん")
    office.follow("利用停止")
    office.follow("利用停止に進む")
    office.reads("れん", "1件")
    office.press_in_vain("いますぐ利用を停止する")
    office.press("いますぐ利用を停止する", words="ゲストに連絡先を尋ねたため。")

    assert "ゲストに連絡先を尋ねたため。" in read_mail(her.email, "利用")
    desk.go("/cast-room")
    desk.reads("ログイン")
    desk.press_in_vain("ログイン", email=her.email, password=PASSWORD)
    phone.go("/casts")
    phone.misses("れん")

    office.press("キャンセルして全ポイントを返却する")
    phone.go("/bookings")
    phone.reads("キャンセル")
    assert lots.purse_of(guest.id, now=evening.now).points == 3000

    office.press("利用停止を解除する")
    desk.press("ログイン", email=her.email, password=PASSWORD)
    desk.go("/cast-room")
    phone.go("/casts")
    phone.reads("れん")
    assert books.problems() == []
