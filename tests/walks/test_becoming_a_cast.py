"""A stranger becomes a cast: from アルバイト募集 to the first talk, and what is left of the documents."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.books import checks as books
from app.casts import ranks
from app.casts.models import Category, Rank
from app.db import session
from app.entry import deletion
from app.entry.models import DocumentCheck, IdentityPicture
from app.talks import replay as replaying
from app.talks.models import Talk
from tests.applications import photograph
from tests.evidence import Room
from tests.factories import PASSWORD, japan, make_guest, make_operator
from tests.walks.evening import stay_together
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
    applicant.reads("プラチナとブラックは", "ご招待だけ")
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
    applicant.reads("受け取った")
    applicant.follow("次へ")


def apply(new_walker):
    """The whole application, left in the middle and gone on with on another device."""
    link = ask_for_the_link(new_walker())
    at_home = new_walker()
    fill_in_yourself(at_home, link)
    fill_in_the_profile(at_home)

    on_the_train = new_walker()
    on_the_train.go(link)
    on_the_train.reads("プロフィール – 入力済み")
    on_the_train.follow("次へ")
    send_picture_and_passport(on_the_train)
    on_the_train.reads("山田 花子", "ヤマダ ハナコ", NAME, "雑談", "悩み相談")
    on_the_train.press("登録する")
    on_the_train.reads("ご応募を受け付けました")
    assert "営業日" in read_mail(EMAIL, "応募を受け付けました")
    return link


def open_application(office):
    office.go("/admin")
    office.follow("審査")
    office.follow("営業日")


def ask_for_another_picture(office):
    """The passport is opened, and shows no address."""
    open_application(office)
    office.reads("こはる", "希望ランクGOLD", "回答のお約束", "まだ開いていません")
    office.press("画像1を開く")
    office.looks_at("パスポート")
    office.press("メールで依頼する", words=ASKED)
    office.reads("申込者にメールで依頼しました")


def send_another_picture(applicant):
    body = read_mail(EMAIL, "追加のお願い")
    assert ASKED in body and "12月7日" in body
    applicant.go(link_in(body))
    applicant.reads(ASKED)
    applicant.follow("写真を追加する")
    applicant.press("写真をアップロードする", photos=photo("bill.jpg"))
    applicant.follow("送信の画面に戻る")
    applicant.press("写真を送信する")


def pass_with_silver(office):
    """Not before every picture was opened by the one who decides."""
    open_application(office)
    found = {
        "kind": "passport",
        "issuer": "外務大臣",
        "number": "TK1234567",
        **dict.fromkeys(("face_ok", "name_ok", "born_ok", "address_ok"), "y"),
        "rank": "silver",
    }
    office.press_in_vain("審査を通過とする", **found)
    office.press("画像2を開く")
    office.looks_at("画像2")
    office.press("審査を通過とする", **found)
    office.reads("通過", "SILVER")


def cannot_log_in(visitor, evening):
    """Neither with a password, nor by asking for one."""
    visitor.go("/cast/login")
    visitor.press_in_vain("ログイン", email=EMAIL, password=PASSWORD)
    visitor.follow("パスワード")
    visitor.press("リンクを送る", email=EMAIL)
    evening.pass_by(60)
    assert mails_to(EMAIL, "パスワード") == []


def choose_the_password(cast):
    """By the link of the mail, which works once."""
    body = read_mail(EMAIL, "通過")
    assert "SILVER" in body and "ご希望" in body
    cast.go(link_in(body))
    cast.misses("ログアウトされます")
    cast.press("このパスワードにする", password=PASSWORD)
    cast.finds_nothing(link_in(body), status=410)
    cast.go("/")
    cast.follow("キャストログイン")
    cast.press("ログイン", email=EMAIL, password=PASSWORD)


def register_an_account(cast):
    """What is missing stands at the top, and keeps from standing by."""
    cast.reads("銀行口座の登録へ", "SILVER")
    cast.press_in_vain("待機を始める")
    cast.go("/cast-room")
    cast.follow("銀行口座の登録へ")
    cast.follow("口座を登録する")
    cast.press("探す", words="みずほ")
    cast.follow("みずほ銀行")
    cast.press("探す", words="新宿")
    cast.follow("新宿")
    cast.press("この口座を登録する", kind="ordinary", number="1234567", password=PASSWORD)
    cast.reads("みずほ銀行", "4567", "ﾔﾏﾀﾞ ﾊﾅｺ")
    cast.misses("1234567")
    assert "4567" in read_mail(EMAIL, "口座")


def edit_the_profile(cast):
    cast.follow("プロフィール編集")
    words = {"tagline": "夜ふかしのお供に", "profile": "聞くのが好きです。", "career": "書店員"}
    cast.press("保存の前に見え方を確かめる", **words)
    cast.reads("まだ保存されていません", "夜ふかしのお供に")
    cast.press("保存してゲストに表示する")
    cast.reads("保存しました")
    cast.follow("ゲストからの見え方")
    cast.reads("書店員")


def publish_and_stand_by(cast, tomorrow):
    cast.go("/cast-room")
    cast.follow("スケジュール登録")
    evening = [tomorrow + n * timedelta(minutes=30) for n in range(4)]
    cast.press("登録する", at=[each.isoformat(timespec="minutes") for each in evening])
    cast.reads("2時間")
    cast.go("/cast-room")
    cast.press("待機を始める")
    cast.reads("待機中")


def talk_a_minute(guest, cast, evening):
    """Found in the list, rung, answered: one free minute and one that costs."""
    guest.go("/casts")
    guest.reads(NAME, "夜ふかしのお供に", "150 pt")
    guest.follow(NAME)
    guest.reads("聞くのが好きです。", "11月25日(水)", "20:00–22:00")
    guest.misses("山田", "花子")
    guest.looks_at()
    guest.follow("入室する")
    guest.press(f"{NAME}さんと話す")
    evening.pass_by(5)
    cast.go("/cast-room")
    cast.press("応答する")
    talk = session.scalars(select(Talk)).one()
    stay_together(evening, Room(talk), 80)
    guest.go(f"/talks/{talk.public_id}/room")
    guest.press("トークを終える")
    evening.pass_by(30)
    guest.go(guest.path)
    guest.reads("1分 × 150 pt = 150 pt")
    cast.go(f"/cast-room/talks/{talk.public_id}")
    cast.reads("75円")
    return talk


def is_all_gone_but_the_record(office, evening):
    """Thirty days after the decision: no picture, but who looked when, and what was checked."""
    evening.pass_by((30 * DAY - timedelta(hours=1)).total_seconds())
    evening.do(deletion.delete_documents)
    assert all(each.deleted_at is None for each in session.scalars(select(IdentityPicture)))
    evening.pass_by(3600)
    evening.do(deletion.delete_documents)

    office.go("/admin")
    office.follow("審査")
    office.follow("11月24日")
    office.reads("確認した内容", "パスポート", "外務大臣", "画像1を閲覧", "画像2を閲覧")
    office.reads("申込を送信", "追加分を送信", "画像1を削除", "画像2を削除")
    office.misses("画像1を開く", "TK1234567")
    pictures = session.scalars(select(IdentityPicture).options(undefer(IdentityPicture.jpeg)))
    assert [each.jpeg for each in pictures] == [None, None]
    assert session.scalars(select(DocumentCheck)).one().issuer == "外務大臣"


@pytest.mark.req(
    "G41", "G44", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C14", "C15", "C16"
)
@pytest.mark.req("C19", "C20", "C21", "C22", "C23", "C24", "C26", "C27", "C28", "C29", "C30", "C31")
@pytest.mark.req("C60", "D28", "D43", "D44")
def test_from_a_stranger_to_a_cast_who_talks(new_walker, office, evening, client_of):
    apply(new_walker)
    evening.pass_by(DAY.total_seconds())
    ask_for_another_picture(office)
    evening.pass_by(3600)
    send_another_picture(new_walker())
    cannot_log_in(new_walker(), evening)

    evening.pass_by(DAY.total_seconds())
    pass_with_silver(office)
    cast = new_walker()
    choose_the_password(cast)
    register_an_account(cast)
    edit_the_profile(cast)
    publish_and_stand_by(cast, japan(2026, 11, 25, 20))

    guest = Walker(client_of(make_guest(points=3000, nickname="みずいろ")))
    talk = talk_a_minute(guest, cast, evening)
    assert replaying.replay(talk).difference == 0
    assert books.problems() == []

    is_all_gone_but_the_record(office, evening)


@pytest.mark.req("C21", "C22", "C23")
def test_who_is_refused_hears_why_and_stays_outside(new_walker, office, evening):
    link = apply(new_walker)
    evening.pass_by(3 * DAY.total_seconds())
    open_application(office)
    office.press("画像1を開く")
    office.press_in_vain("見送りとする")
    office.press("見送りとする", words="お写真の文字を読み取ることができませんでした。")
    office.reads("見送り")

    body = read_mail(EMAIL, "審査結果")
    assert "文字を読み取ることができませんでした" in body and "14日後" in body
    applicant = new_walker()
    applicant.go(link)
    applicant.reads("ご応募をお受けできませんでした", "お問い合わせ")
    cannot_log_in(new_walker(), evening)
    visitor = new_walker()
    visitor.go("/casts")
    visitor.misses(NAME)

    evening.pass_by(14 * DAY.total_seconds())
    evening.do(deletion.delete_documents)
    office.go(office.path)
    office.reads("画像1を閲覧", "お写真の文字を", "画像1を削除")

    # The same person may try again, with an application that begins anew.
    assert ask_for_the_link(new_walker()) != link
