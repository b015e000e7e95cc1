"""A stranger becomes a cast: from アルバイト募集 to the first talk, and what is left of the documents."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app import books
from app.audit import AuditEntry
from app.casts import ranks
from app.casts.models import Cast, Category, Rank
from app.db import session
from app.entry import viewing
from app.entry.models import Application, DocumentCheck, IdentityPicture
from app.people.models import Account
from app.talks import replay as replaying
from app.talks.models import Talk
from tests.applications import photograph
from tests.evidence import Room
from tests.factories import PASSWORD, make_guest, make_operator
from tests.walks.mailbox import link_in, mails_to, read_mail
from tests.walks.walker import Walker

EMAIL = "hanako@example.org"
NAME = "こはる"
ASKED = "ご住所の分かる書類のお写真もお送りください。"
DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _house(app, monkeypatch):
    """The prices of the ranks hold, and what can be talked about is named."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    ranks.set_first_prices(date(2026, 1, 1))
    for position, (slug, name) in enumerate([("chat", "雑談"), ("worries", "悩み相談")]):
        session.merge(Category(slug=slug, name_ja=name, name_en=slug, position=position))


@pytest.fixture
def new_walker(app):
    return lambda: Walker(app.test_client())


@pytest.fixture
def office(client_of):
    """An operator at a desk."""
    return Walker(client_of(make_operator(email="office@example.org")))


def photo(name):
    return BytesIO(photograph()), name


def ask_for_the_link(stranger):
    """From the front page, over what the work is, to a mail."""
    stranger.go("/")
    stranger.follow("アルバイト募集")
    stranger.reads("聞き上手な方を探しています", "もう一度お送りください")
    stranger.follow("キャストとは")
    for rank in Rank:
        price = ranks.price_of(rank, today=TODAY)
        stranger.reads(f"{price.price_points:,} pt {price.reward_yen:,}円 {price.slot_points:,} pt")
    stranger.follow("キャスト登録を申し込む")
    stranger.press_in_vain("応募のリンクをメールで受け取る", email=EMAIL)
    stranger.press("応募のリンクをメールで受け取る", agreed="y")
    stranger.reads(EMAIL)
    return link_in(read_mail(EMAIL, "応募"))


def fill_in_yourself(applicant, link):
    applicant.go(link)
    applicant.follow("入力を始める")
    applicant.press(
        "保存して次へ",
        family_name="山田",
        given_name="花子",
        family_kana="やまだ",
        given_kana="ハナコ",
        born_on="1996-04-23",
        no_pupil="y",
    )


def fill_in_the_profile(applicant):
    applicant.reads("プラチナ" if "プラチナ" in applicant.page.words else "PLATINUM")
    applicant.press(
        "保存して次へ",
        cast_name=NAME,
        categories=["chat", "worries"],
        wished_rank="gold",
        introduction="聞くのが好きです。\nゆっくりお話しください。",
    )


def send_picture_and_passport(applicant):
    applicant.press("この画像を保存する", photos=photo("me.jpg"))
    applicant.follow("この画像で次へ")
    applicant.press("この身分証明書にする", kind="passport")
    applicant.reads("2020年2月")
    applicant.press("写真をアップロードする", photos=photo("passport.jpg"))
    applicant.reads("画像1")
    applicant.follow("次へ")


def apply(new_walker):
    """The whole application, left in the middle and gone on with on another device."""
    link = ask_for_the_link(new_walker())
    at_home = new_walker()
    fill_in_yourself(at_home, link)
    fill_in_the_profile(at_home)

    on_the_train = new_walker()
    on_the_train.go(link)
    on_the_train.reads("2")
    on_the_train.follow("次へ")
    send_picture_and_passport(on_the_train)
    on_the_train.reads("山田 花子", "ヤマダ ハナコ", NAME, "雑談", "悩み相談")
    on_the_train.press("登録する")
    on_the_train.reads("ご応募を受け付けました")
    assert "営業日" in read_mail(EMAIL, "応募を受け付けました")
    return link


def test_x(new_walker, office, evening):
    apply(new_walker)
