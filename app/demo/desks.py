"""What lies on the desks of the demo: notices, a memo, notes on guests, an invitation, what is planned."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app import clock
from app.casts import invitations, memos, prices
from app.casts.models import Cast, Rank
from app.notices import office_notices
from app.notices.models import Audience
from app.people.models import Account
from app.texts import publishing
from app.texts.models import TextKind

MEMO = """こはくさん:面接は26日。次に結果を聞く。
木曜は21:30まで。
マイクは青いほうが音がよい。"""
NOTES = (
    "推理小説が好き。海外より国内。前回は「最後の一行で驚く本」の話で終わった。",
    "夜勤明けに来られることが多い。声は小さめで。",
)
HOLIDAYS = """年末年始は、振込日が次のとおり変わります。

12月16日から31日までの請求分:1月8日にお振り込みします。
1月1日から15日までの請求分:通常どおりです。

ご不便をおかけしますが、よろしくお願いいたします。"""
SAFETY = """トークの中で連絡先(LINE、電話番号、SNSのIDなど)をたずねられたときは、やわらかく断ってください。

困ったときは、トーク画面の「通報」からすぐにお知らせください。運営事務局が必ず確認します。"""
SLOTS = "予約の空き時間は、7日先までごらんいただけます。お好きな時間を、早めにお選びください。"
TERMS_CHANGES = {
    "ja": "お友だち紹介の条件を加えました。",
    "en": "The conditions for inviting friends are new.",
}
TERMS_JA = """見本の規約です。ご自身の規約に置き換えてください。

# 1. このサービス
ゲストとキャストが、ビデオ通話で一対一でお話しするサービスです。

# 2. お友だち紹介
- 紹介できるのは、会員登録がお済みの方です。
- ご自身やご家族を紹介することはできません。

## 紹介の特典
特典の内容は、お知らせのページに表示します。"""
WORDS = """いつもていねいなトークをありがとうございます。
ゲストのみなさまの評価を拝見し、シルバーランクにご招待します。"""


def fill(
    guests: Sequence[Account], casts: Sequence[Cast], *, operator: Account, now: datetime
) -> None:
    _notices(operator, now=now)
    cast = casts[0]
    memos.save_memo(cast.account_id, words=MEMO, seen=0, now=now - timedelta(hours=20))
    for guest, words in zip(guests, NOTES, strict=False):
        memos.save_note(cast.account_id, guest.id, words=words, seen=0, now=now - timedelta(days=2))
    today = now.astimezone(clock.JAPAN).date()
    publishing.publish(
        TextKind.TERMS,
        fields={"changes": TERMS_CHANGES},
        body_ja=TERMS_JA,
        body_en="",
        holds_from=clock.start_of(today + timedelta(days=30)),
        based_on=0,
        by=operator.id,
        now=now - timedelta(days=2),
    )
    invitations.invite(
        cast.account_id,
        rank=Rank.SILVER,
        holds_from=today + timedelta(days=9),
        words=WORDS,
        by=operator.id,
        now=now - timedelta(days=1),
    )
    prices.add(
        rank=Rank.GOLD,
        holds_from=today + timedelta(days=20),
        price_points=220,
        reward_percent=52,
        slot_points=640,
        by=operator.id,
        now=now - timedelta(days=3),
    )


def _notices(operator: Account, *, now: datetime) -> None:
    for title, words, audience, must_read, days_ago in (
        ("年末年始の振込日について", HOLIDAYS, Audience.CASTS, False, 6),
        ("連絡先をたずねられたときのお願い", SAFETY, Audience.CASTS, True, 2),
        ("予約の空き時間の見かた", SLOTS, Audience.GUESTS, False, 4),
    ):
        starts_at = now - timedelta(days=days_ago)
        office_notices.write(
            title=title,
            words=words,
            audience=audience,
            starts_at=starts_at,
            ends_at=now + timedelta(days=30),
            must_read=must_read,
            by=operator.id,
            now=starts_at,
        )
