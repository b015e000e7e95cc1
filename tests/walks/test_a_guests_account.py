"""A guest's account, from a forgotten password to leaving, page by page."""

import json
import re

import pytest

from app.books import checks as books
from app.casts import standby
from app.db import session
from app.people.models import Account
from app.points import lots
from tests.evidence import finish, make_room
from tests.factories import NOON, PASSWORD, make_cast, make_guest, make_operator
from tests.walks.mailbox import link_in, mails_to, read_mail
from tests.walks.walker import Walker

EMAIL, NEW_EMAIL = "mizuiro@example.org", "sorairo@example.org"
ANEW = "a whole other password"


@pytest.fixture(autouse=True)
def _house(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def guest():
    return make_guest(points=1500, email=EMAIL, nickname="みずいろ")


@pytest.fixture
def old_phone(evening, client_of, guest):
    return Walker(client_of(guest))


@pytest.fixture
def office(evening, client_of):
    return Walker(client_of(make_operator()))


@pytest.fixture
def casts(evening, guest):
    """Two on the list; with ひより the guest has talked for two minutes."""
    hiyori, ren = make_cast(name="ひより"), make_cast(name="れん")
    room = make_room(guest=guest, cast=hiyori)
    room.talk_until(130)
    finish(room, "guest leaves", 130)
    standby.begin(hiyori.account_id, now=NOON)
    return hiyori, ren


@pytest.fixture
def phone(app):
    return Walker(app.test_client())


def choose_a_new_password(phone, old_phone, evening):
    old_phone.go("/me")
    phone.go("/login")
    phone.follow("パスワードを忘れた")
    phone.press("リンクを送る", email=EMAIL)
    phone.reads(EMAIL)
    evening.pass_by(60)
    phone.go(link_in(read_mail(EMAIL, "パスワード")))
    phone.reads("ログアウトされます")
    phone.press("このパスワードにする", password=ANEW)
    phone.reads("新しいパスワードに変わりました")
    phone.press_in_vain("ログイン", email=EMAIL, password=PASSWORD)
    phone.press("ログイン", email=EMAIL, password=ANEW)
    old_phone.go("/me")
    old_phone.reads("ログイン", "パスワード")
    assert "変更" in read_mail(EMAIL, "パスワードが変更されました")


def change_the_address(phone):
    phone.go("/me")
    phone.follow("設定")
    phone.follow("メールアドレス変更")
    phone.press("新しいアドレスに確認メールを送る", email=NEW_EMAIL, current=ANEW)
    phone.reads(NEW_EMAIL)
    told = read_mail(EMAIL, "メールアドレスの変更")
    assert NEW_EMAIL in told and "11月25日(水)" in told
    phone.go(link_in(read_mail(NEW_EMAIL, "確認")))
    phone.press("このメールアドレスに変更する")
    phone.go("/me")
    phone.reads(NEW_EMAIL)
    phone.misses(EMAIL)

    # The old address can take it back, and that has its page; nobody does.
    at_old_address = Walker(phone.client.application.test_client())
    way_back = link_in(read_mail(EMAIL, "メールアドレスが変更されました"))
    at_old_address.go(way_back)
    at_old_address.reads(EMAIL, "変更を取り消す")
    return way_back


def keep_a_favourite(phone):
    phone.go("/casts")
    phone.press("お気に入り:ひより")
    phone.go("/me")
    phone.reads("ひより")
    phone.follow("すべて")
    phone.go("/favourites")
    phone.press("待機を始めたらメール")
    phone.reads("ひより", "100 pt")


def take_the_data(phone):
    phone.go("/me")
    phone.follow("設定")
    phone.follow("データ")
    phone.press_in_vain("データをダウンロードする", password=PASSWORD)
    phone.press("データをダウンロードする", password=ANEW)
    data = json.loads(phone.answer.data)
    tables = data["tables"]
    assert [each["cast"] for each in tables["favourite"]["rows"]] == ["ひより"]
    assert [each["cast"] for each in tables["talk"]["rows"]] == ["ひより"]


def ask_the_office(phone, office, evening):
    phone.go("/me")
    phone.follow("お問い合わせ")
    phone.press("送信する", subject="points", words="ポイントの有効期限を教えてください。")
    [number] = re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", phone.page.words)
    assert number in read_mail(NEW_EMAIL, number)
    evening.pass_by(86400)
    office.go("/admin")
    office.follow("お問い合わせ")
    office.follow(number)
    office.reads("みずいろ", "ポイントの有効期限を", "1日")
    office.press("返信する", words="ご購入から3か月です。")
    assert "ご購入から3か月です。" in read_mail(NEW_EMAIL, "お問い合わせ")
    phone.go(link_in(read_mail(NEW_EMAIL, "お問い合わせ")))
    phone.reads("ポイントの有効期限を", "ご購入から3か月です。")


def block_and_report(phone, office):
    """The guest blocks れん: gone from list, page and favourites, for both, and the office hears why."""
    phone.go("/casts")
    phone.reads("ひより", "れん")
    phone.follow("れん")
    ren_page = phone.path
    phone.follow("れんさんを通報する")
    phone.press("通報する", reason="contact", words="連絡先を何度も聞かれました。")
    phone.reads("通報を受け付けました")
    office.go("/admin")
    office.follow("通報")
    office.reads("れん", "連絡先を何度も聞かれました。")
    phone.follow("れんさんをブロックする")
    phone.press("ブロックする")
    phone.go("/casts")
    phone.reads("ひより")
    phone.misses("れん")
    phone.finds_nothing(ren_page)
    phone.go("/blocks")
    phone.reads("れん", "11月23日")


def is_blocked_by(phone, desk):
    """ひより blocks the guest, whom she knows from a talk; then each is gone for the other."""
    desk.go("/cast-room")
    desk.follow("トーク履歴")
    desk.follow("みずいろ")
    desk.follow("みずいろさんをブロックする")
    desk.press("ブロックする")
    phone.go("/casts")
    phone.misses("ひより")
    phone.go("/favourites")
    phone.misses("ひより")
    phone.go("/blocks")
    phone.misses("ひより")


def leave(phone):
    phone.go("/me")
    phone.follow("設定")
    below = phone.page.words.rpartition("退会する")[2]
    assert below.strip().startswith("ご利用案内"), "only the foot of the page stands below"
    phone.follow("退会する")
    phone.reads("1,300 pt")
    phone.press_in_vain("最後の確認へ進む", password=ANEW)
    phone.press("最後の確認へ進む", password=ANEW, accepts_loss="y")
    phone.reads("1,300 pt")
    phone.press("退会する")
    phone.reads("ありがとうございました")
    assert "1,300 pt" in read_mail(NEW_EMAIL, "退会")


def is_gone_for_good(phone, guest, evening, way_back):
    phone.go("/login")
    phone.press_in_vain("ログイン", email=NEW_EMAIL, password=ANEW)
    phone.finds_nothing(way_back, status=410)
    assert mails_to(EMAIL) == []
    session.refresh(guest)
    assert EMAIL not in guest.email and NEW_EMAIL not in guest.email
    assert "みずいろ" not in guest.nickname
    assert lots.purse_of(guest.id, now=evening.now).points == 0
    assert books.problems() == []


def register_anew(phone):
    phone.go("/register")
    phone.press(
        "会員登録",
        email=NEW_EMAIL,
        password=PASSWORD,
        nickname="そらいろ",
        born_on="1990-04-01",
        agreed="y",
    )
    phone.go(link_in(read_mail(NEW_EMAIL, "確認")))
    phone.press("このメールアドレスを確認する")
    phone.press("ログイン", email=NEW_EMAIL, password=PASSWORD)
    phone.go("/me")
    phone.reads("そらいろ", "0 pt")
    phone.misses("ひより", "れん")


@pytest.mark.req("G36", "G37", "G38", "G39", "G40", "G42", "G43", "G56", "D35")
def test_from_a_forgotten_password_to_leaving_and_coming_anew(
    phone, old_phone, guest, evening, office, casts, client_of
):
    choose_a_new_password(phone, old_phone, evening)
    way_back = change_the_address(phone)
    keep_a_favourite(phone)
    take_the_data(phone)
    ask_the_office(phone, office, evening)
    block_and_report(phone, office)
    is_blocked_by(phone, Walker(client_of(session.get_one(Account, casts[0].account_id))))
    leave(phone)
    is_gone_for_good(phone, guest, evening, way_back)
    register_anew(phone)
