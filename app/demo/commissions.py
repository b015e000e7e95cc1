"""The demo's casts have their conditions in writing; who works here today still has to read a new one."""

from datetime import datetime, timedelta

from app import clock
from app.casts import prices
from app.casts.models import Cast, Rank
from app.payouts import condition_reading, conditions
from app.payouts.condition_models import ConditionsNotice
from app.texts import publishing
from app.texts.models import TextKind

SELLER = {
    "seller": {"ja": "見本株式会社", "en": "Mihon K.K. (a specimen)"},
    "responsible": {"ja": "見本 太郎", "en": "Taro Mihon"},
    "address": {
        "ja": "〒100-0000 東京都千代田区見本町1-2-3",
        "en": "1-2-3 Mihoncho, Chiyoda, Tokyo 100-0000",
    },
    "phone": {"ja": "03-0000-0000", "en": ""},
    "phone_hours": {"ja": "平日 10時〜17時", "en": "Weekdays, 10:00 to 17:00"},
    "email": {"ja": "office@example.com", "en": ""},
    "telecom": {"ja": "A-00-00000", "en": ""},
}


def begin(*, operator_id: int, now: datetime) -> None:
    """The house names its seller, and everybody was told and has confirmed it."""
    publishing.publish(
        TextKind.COMMERCE,
        fields=SELLER,
        body_ja="",
        body_en="",
        holds_from=now,
        based_on=0,
        by=operator_id,
        now=now,
    )
    for notice in _give(now):
        condition_reading.confirm(notice, now=now + timedelta(hours=9))


def change(cast: Cast, *, operator_id: int, now: datetime) -> None:
    """A new price of blue: all were told, and all but this cast have confirmed."""
    prices.add(
        rank=Rank.BLUE,
        holds_from=now.astimezone(clock.JAPAN).date() + timedelta(days=27),
        price_points=110,
        reward_percent=50,
        slot_points=320,
        by=operator_id,
        now=now,
    )
    for notice in _give(now):
        if notice.cast_id != cast.account_id:
            condition_reading.confirm(notice, now=now + timedelta(hours=3))


def _give(now: datetime) -> list[ConditionsNotice]:
    given: list[ConditionsNotice] = []
    while more := conditions.give_due(now):
        given += more
    return given
