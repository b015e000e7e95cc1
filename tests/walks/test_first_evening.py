"""The FAQ's way, page by page: from a stranger to the receipt of a first talk."""

from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.books import checks as books
from app.casts.models import State
from app.db import session
from app.people.models import Account
from app.points import lots
from app.talks import replay as replaying
from app.talks.models import EndedBy, Talk, TalkState
from tests.evidence import Room
from tests.factories import PASSWORD, make_cast
from tests.walks.evening import stay_together
from tests.walks.mailbox import link_in, read_mail
from tests.walks.walker import Walker

EMAIL = "mizuiro@example.org"


def become_a_guest(guest):
    guest.go("/")
    guest.follow("会員登録")
    guest.press(
        "会員登録",
        email=EMAIL,
        password=PASSWORD,
        nickname="みずいろ",
        born_on="1990-04-01",
        agreed="y",
    )
    guest.go(link_in(read_mail(EMAIL, "確認")))
    guest.press("このメールアドレスを確認する")


def buy_what_is_missing(guest, evening):
    """The pack on offer, through its six items and a card that pays, and back to where it was."""
    guest.follow("500 pt を購入する")
    guest.press("確認へ進む")
    guest.reads("500 pt", "500円", "2027年2月22日")
    guest.press("購入を確定する")
    guest.press("使えるカードで支払う")
    assert evening.bring_payment_notices() == [{"settled": True}]
    guest.go(guest.path)
    guest.reads("500 pt を追加しました")
    guest.follow("元の画面に戻る")


def stand_by(desk, cast):
    desk.go("/cast/login")
    desk.press("ログイン", email=session.get_one(Account, cast.account_id).email, password=PASSWORD)
    desk.press("待機を始める")


def read_the_receipt_and_rate(guest):
    guest.go(guest.path)
    guest.reads(
        "千景さんとのトーク",
        "無料 1分",
        "3分 × 100 pt = 300 pt",
        "合計 300 pt",
        "11月22日(日)購入分、2月22日(月)まで 300 pt",
    )
    guest.press("評価を送る", stars="5", line="話せてよかったです。")
    guest.reads("評価をありがとうございました", "話せてよかったです。")


def read_what_came_and_went(guest):
    guest.go("/talks")
    guest.reads("千景さん", "300 pt", "3分")
    guest.follow("ポイント")
    guest.reads("200 pt", "千景さん", "−300 pt", "+500 pt")


@pytest.mark.req("G1", "G2", "G3", "G4", "G5", "G8", "G10", "G11", "G12", "G14", "G16", "G17")
@pytest.mark.req("G19", "G47", "C18", "D3", "D4", "D33")
def test_from_a_stranger_to_the_receipt(app, monkeypatch, evening, client):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    cast = make_cast(name="千景", online=False)
    guest, desk = Walker(client), Walker(app.test_client())

    stand_by(desk, cast)
    assert cast.state is State.ONLINE

    # A stranger looks round, and learns at the door that one must be a guest.
    guest.go(f"/casts?words={quote('千景')}")
    guest.follow("千景")
    guest.reads("100 pt / 分 (100円)")
    guest.follow("入室する")
    guest.reads("ログイン")
    become_a_guest(guest)
    guest.press("ログイン", email=EMAIL, password=PASSWORD)

    # At the door: too few points, the pack that helps, and back.
    guest.go("/casts")
    guest.follow("千景")
    guest.follow("入室する")
    guest.reads("あと 500 pt で入室できます", "冷やかしを防ぐため")
    buy_what_is_missing(guest, evening)
    guest.reads("お持ちのポイント 500 pt", "まで(約6分)", "間違えて入室された場合も")

    # Ringing, and the cast's answer.
    guest.press("千景さんと話す")
    guest.reads("千景さんを呼んでいます", "課金はありません")
    evening.pass_by(8)
    desk.go("/cast-room")
    desk.reads("みずいろさん")
    desk.press("応答する")
    guest.go(guest.path)
    [talk] = session.scalars(select(Talk))
    assert guest.path == desk.path == f"/talks/{talk.public_id}/room"

    # Three minutes and twenty seconds together: the first is free, three have begun.
    stay_together(evening, Room(talk), 200)
    guest.go(f"/talks/{talk.public_id}/meter")
    guest.reads("課金中 3:20", "200 pt")
    desk.go(f"/talks/{talk.public_id}/meter")
    desk.reads("このトークの報酬 150円")

    guest.go(f"/talks/{talk.public_id}/room")
    guest.press("トークを終える")
    assert (talk.state, talk.ended_by) == (TalkState.ENDED, EndedBy.GUEST)
    evening.pass_by(30)

    read_the_receipt_and_rate(guest)
    read_what_came_and_went(guest)
    desk.go(f"/cast-room/talks/{talk.public_id}")
    desk.reads("150円", "みずいろさんの退室")

    # Anyone can recompute it.
    assert lots.purse_of(talk.guest_id, now=evening.now).points == 200
    assert replaying.replay(talk).difference == 0
    assert books.problems() == []
