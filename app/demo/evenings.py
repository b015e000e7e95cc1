"""A few past weeks of talks: rung, answered, joined, left and paid for, event by event."""

import json
from datetime import datetime, timedelta
from random import Random

from app import signatures
from app.casts import standby
from app.casts.models import Cast
from app.db import session
from app.people.models import Account
from app.talks import draining, endings, entering, metering, rating
from app.talks.models import EndedBy, Talk
from app.video import inbox

SECRET = "demo-events-are-signed-and-checked-like-all-others"  # noqa: S105 - never leaves this file
MINUTE = timedelta(minutes=1)
BEAT = timedelta(seconds=10)
DAYS = 28  # the inbox takes no event older than a month
LINES = (
    "最後までうなずきながら聞いてくださって、気持ちが軽くなりました。",
    "話が楽しくて、あっという間でした。またお願いします。",
    "具体的なアドバイスをもらえて助かりました。",
    "落ち着いた声に癒やされました。",
    "",
)


def spend(guests: list[Account], casts: list[Cast], *, dice: Random, now: datetime) -> None:
    """Talks of these guests over the last weeks, oldest first."""
    hours = sorted(dice.uniform(30, 24 * DAYS - 24) for _ in range(14 * len(guests)))
    for number, hours_ago in enumerate(reversed(hours)):
        guest = guests[0] if number % 9 == 0 else dice.choice(guests)
        favourites = [each for each in casts if each.price_points <= 200]
        meet(guest, dice.choice(favourites), dice=dice, at=now - timedelta(hours=hours_ago))


def meet(guest: Account, cast: Cast, *, dice: Random, at: datetime) -> None:
    """One talk from the ring to the rating."""
    points = metering.lots.purse_of(guest.id, now=at).points
    if points < entering.points_needed(cast):
        return
    length = timedelta(seconds=dice.randint(90, 420))
    gap = timedelta(seconds=42) if dice.random() < 0.2 else None
    by = EndedBy.CAST if dice.random() < 0.15 else EndedBy.GUEST
    over = talk(guest, cast, at=at, length=length, gap=gap, by=by)
    if over.minutes_kept and dice.random() < 0.8:
        stars = dice.choice((5, 5, 5, 4, 4, 3))
        assert over.ended_at
        rating.rate(over, stars=stars, line=dice.choice(LINES), now=over.ended_at + 2 * MINUTE)


def talk(
    guest: Account,
    cast: Cast,
    *,
    at: datetime,
    length: timedelta,
    gap: timedelta | None = None,
    by: EndedBy = EndedBy.GUEST,
) -> Talk:
    """One talk of this length, rung at this moment."""
    standby.begin(cast.account_id, now=at)
    begun = entering.ask(guest, cast.account_id, price_points=cast.price_points, now=at)
    entering.accept(begun, now=at + timedelta(seconds=4))
    end_at = _be_there(begun, guest, cast, start=at + timedelta(seconds=8), length=length, gap=gap)
    endings.end(begun.id, by=by, now=end_at)
    standby.stop(cast.account_id)
    return begun


def _be_there(
    talk: Talk,
    guest: Account,
    cast: Cast,
    *,
    start: datetime,
    length: timedelta,
    gap: timedelta | None,
) -> datetime:
    """Send what a video server would; the moment at which the talk is over."""
    people = {"guest": guest.public_id, "cast": cast.public_id}
    end = start + length + (gap or timedelta(0))
    events = [_event(talk, start, "joined", people["guest"], "guest")]
    events.append(_event(talk, start + timedelta(seconds=1), "joined", people["cast"], "cast"))
    at, stopped = start + BEAT, start + length / 2
    while at < end:
        away = gap is not None and stopped <= at < stopped + gap
        events.append(_heartbeat(talk, at, people, idle=60.0 if away else 1.0))
        at += BEAT
    events.append(_heartbeat(talk, end, people, idle=0.5))
    message = json.dumps({"boot": f"demo-{talk.id}", "events": _numbered(events)}).encode()
    signature = signatures.sign(message, secret=SECRET, now=end)
    inbox.receive(message, signature, secrets=[SECRET], now=end)
    while draining.drain(end):
        session.flush()
    while metering.charge_due(end):
        session.flush()
    return end


def _event(talk: Talk, at: datetime, kind: str, person: str, page: str) -> dict[str, object]:
    return {
        "at": at.timestamp(),
        "kind": kind,
        "room": talk.room,
        "person": person,
        "session": page,
        "hibernating": False,
    }


def _heartbeat(
    talk: Talk, at: datetime, people: dict[str, str], *, idle: float
) -> dict[str, object]:
    """Both are in the room; a long idle means that the cast's connection stood still."""
    seen = [
        {
            "person": person,
            "session": page,
            "hibernating": False,
            "idle": idle if page == "cast" else 1,
        }
        for page, person in people.items()
    ]
    return {
        "at": at.timestamp(),
        "kind": "heartbeat",
        "rooms": [{"room": talk.room, "people": seen}],
    }


def _numbered(events: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {**event, "seq": number, "id": f"{event.get('room', 'beat')}-{event['at']}-{number}"}
        for number, event in enumerate(events)
    ]
