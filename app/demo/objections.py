"""Walk-ins of the demo that their guests write about: one that waits, one that is decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from app.cases import walk_ins
from app.casts.models import Cast
from app.db import session
from app.demo import evenings
from app.people.models import Account
from app.talks import impressions
from app.talks.models import Talk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAST_MINUTES = 2
WAITING = "2分目から相手の声が途切れて、ほとんど聞き取れませんでした。"
DECIDED = "映像が止まったまま、しばらく話せませんでした。"
DECISION = (
    "入室の記録を確認しました。お二人の接続に問題は見つかりませんでしたが、ご不便をおかけした"
    "ため、最後の1分のポイントをお返しします。"
)
IMPRESSION = "お仕事のご相談でした。落ち着いて話してくださる方です。"


def write(
    guests: Sequence[Account], casts: Sequence[Cast], *, operator: Account, now: datetime
) -> None:
    """And the demo's guest has talked with the demo's cast a few hours ago."""
    for guest, words in ((guests[0], DECIDED), (guests[1], WAITING)):
        talk = _latest(guest, before=now - DAY if words is DECIDED else now)
        case = walk_ins.object_to(talk.id, words=words, now=_ended(talk) + 2 * HOUR)
        impressions.keep(talk.id, stars=4, words=IMPRESSION, now=_ended(talk) + HOUR)
        if words is DECIDED:
            walk_ins.decide(
                case.id,
                minutes=1,
                keeps_reward=True,
                said=DECISION,
                by=operator.id,
                now=_ended(talk) + DAY,
            )
    dice = Random(3)  # noqa: S311 - the same talk on every laptop
    evenings.meet(guests[0], casts[0], dice=dice, at=now - 3 * HOUR)


def _latest(guest: Account, *, before: datetime) -> Talk:
    """The guest's last walk-in that cost something."""
    wanted = select(Talk).where(
        Talk.guest_id == guest.id,
        Talk.booking_id.is_(None),
        Talk.ended_at < before,
        Talk.minutes_charged - Talk.minutes_returned >= LEAST_MINUTES,
    )
    return session.scalars(wanted.order_by(Talk.id.desc()).limit(1)).one()


def _ended(talk: Talk) -> datetime:
    assert talk.ended_at
    return talk.ended_at
