"""A few reservations: some that are over, one of each kind, and two ahead. All by the rooms' own verbs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import policy, signatures
from app.bookings import completions, reserving, schedule
from app.bookings.models import Booking, CompletionKind
from app.cases import deciding, opening
from app.casts import standby
from app.casts.models import Cast
from app.clock import JAPAN, Span
from app.db import session
from app.demo.evenings import BEAT, SECRET
from app.messages import thread
from app.people.models import Account
from app.talks import draining, endings, rating, reserved, settling
from app.talks.models import Party, Talk
from app.video import inbox

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVENINGS = (20 * HOUR, 22 * HOUR)
SOON = 20 * MINUTE
LEAST_AHEAD = 2 * HOUR  # of the evening ahead, so that today's talks come to their end before it
SLOTS = 3
Stay = tuple[int, int]  # seconds from the start of the booking


@dataclass(frozen=True, kw_only=True)
class Past:
    """A reservation of some evening: who was there, and what was said afterwards."""

    days_ago: int
    guest: int
    cast: int
    guest_stay: Stay | None = (5, 600)
    cast_stay: Stay | None = (8, 600)
    report: CompletionKind | None = None
    impression: str = ""
    stars: int = 0  # from the guest
    message: str = ""  # from the guest, before
    objection: str = ""  # of the guest, a day later
    decision: str = ""  # of the office, a day after that


PAST = (
    Past(
        days_ago=6,
        guest=0,
        cast=0,
        report=CompletionKind.DONE,
        impression="好きな作家の話で盛り上がりました。次回は短編を持ち寄る約束です。",
        stars=5,
        message="夏目漱石の話ができたらうれしいです。",
    ),
    Past(
        days_ago=5,
        guest=1,
        cast=0,
        guest_stay=None,
        report=CompletionKind.NOT_HELD,
        impression="時間まで待ちましたが、いらっしゃいませんでした。",
        objection="入室ボタンを押しても、画面が白いままでした。もう一度確認していただけますか。",
    ),
    Past(
        days_ago=3,
        guest=0,
        cast=3,
        cast_stay=(180, 600),
        stars=4,
        objection="最初の3分ほど、お待ちしていました。",
        decision="入室の記録を確認しました。キャストが不在だった時間のポイントは、返却済みです。",
    ),
    Past(days_ago=1, guest=2, cast=0, guest_stay=None, cast_stay=(0, 90)),
)


def keep(guests: list[Account], casts: list[Cast], *, operator: Account, now: datetime) -> None:
    """Make them all; the demo's guest and cast have the evening ahead, two others the one soon."""
    today = now.astimezone(JAPAN).date()
    for past in PAST:
        start = schedule.start_of(today - past.days_ago * DAY) + EVENINGS[0]
        _spend(past, guests[past.guest], casts[past.cast], operator=operator, start=start)
    _book(guests[1], casts[1], start=_on_grid(now + SOON), now=now)
    _book(guests[0], casts[0], start=_evening_ahead(now), now=now)


def _spend(past: Past, guest: Account, cast: Cast, *, operator: Account, start: datetime) -> None:
    """One reservation from its booking to its settlement, and what came after."""
    booking = _book(guest, cast, start=start, now=start - 5 * HOUR)
    if past.message:
        words, at = past.message, start - 4 * HOUR
        thread.write(booking.id, by=Party.GUEST, words=words, knows_warning=False, now=at)
    talk = _be_there(booking, past)
    if past.report:
        completions.file(
            booking.id,
            kind=past.report,
            impression=past.impression,
            stars=4,
            now=booking.talk_ends_at + MINUTE,
        )
    settled_at = booking.report_until + SECOND
    settling.settle(booking.id, now=settled_at)
    opening.open_due(settled_at)
    if past.stars:
        rating.rate(talk, stars=past.stars, line="", now=settled_at + MINUTE)
    if past.objection:
        _object(past, booking, operator=operator, at=settled_at + DAY)


def _book(guest: Account, cast: Cast, *, start: datetime, now: datetime) -> Booking:
    span = Span(start, start + SLOTS * policy.SLOT)
    schedule.publish(cast.account_id, [span], now=now)
    booking_id = reserving.reserve(
        guest.id,
        cast.account_id,
        starts_at=start,
        slots=SLOTS,
        price_points=cast.slot_points,
        form_key=f"demo:{cast.account_id}:{start.timestamp():.0f}",
        shown={},
        now=now,
    )
    return reserving.get(booking_id)


def _be_there(booking: Booking, past: Past) -> Talk:
    """Let both come and go as said, event by event, until the room closes."""
    talk = reserved.enter(booking.id, now=booking.starts_at)
    end = booking.talk_ends_at
    message = json.dumps({"boot": f"demo-{talk.id}", "events": list(_events(booking, talk, past))})
    signature = signatures.sign(message.encode(), secret=SECRET, now=end)
    inbox.receive(message.encode(), signature, secrets=[SECRET], now=end)
    draining.drain(end)
    endings.end_due(end + SECOND)
    standby.stop(booking.cast_id)
    session.flush()
    session.refresh(talk)
    return talk


def _events(booking: Booking, talk: Talk, past: Past) -> Iterator[dict[str, object]]:
    """What a video server would send of this room."""
    ids = {booking.guest_id: past.guest_stay, booking.cast_id: past.cast_stay}
    people = {session.get_one(Account, id_).public_id: stay for id_, stay in ids.items() if stay}
    length = int((booking.talk_ends_at - booking.starts_at).total_seconds())
    step = int(BEAT.total_seconds())
    for number, second in enumerate(range(length + 1)):
        base = {"at": booking.starts_at.timestamp() + second, "room": talk.room}
        for person, (comes, goes) in people.items():
            who = {"person": person, "session": f"of-{person}", "hibernating": False}
            if second in {comes, min(goes, length)}:
                kind = "joined" if second == comes else "left"
                seq = 10 * number + len(kind)
                yield {
                    **base,
                    **who,
                    "kind": kind,
                    "seq": seq,
                    "id": f"{talk.room}-{person}-{kind}",
                }
        inside = [
            {"person": each, "session": f"of-{each}", "hibernating": False, "idle": 1}
            for each, (comes, goes) in people.items()
            if comes < second < goes
        ]
        if inside and second % step == 0:
            rooms = [{"room": talk.room, "people": inside}]
            beat = {"at": base["at"], "kind": "heartbeat", "rooms": rooms}
            yield {**beat, "seq": 10 * number, "id": f"{talk.room}-beat-{number}"}


def _object(past: Past, booking: Booking, *, operator: Account, at: datetime) -> None:
    case = opening.object_to(booking.id, by=Party.GUEST, words=past.objection, now=at)
    if past.decision:
        settlement = deciding.settlement_of(case)
        deciding.decide(
            case.id,
            returned_points=settlement.returned_points,
            earned_yen=settlement.earned_yen,
            said=past.decision,
            by=operator.id,
            now=at + DAY / 2,
        )


def _evening_ahead(now: datetime) -> datetime:
    """The next evening that can be booked already and is some hours away."""
    today = schedule.start_of(now.astimezone(JAPAN).date())
    starts = [today + day * DAY + hour for day in (0, 1) for hour in EVENINGS]
    return next(start for start in starts if LEAST_AHEAD <= start - now <= policy.BOOKING_OPENS)


def _on_grid(at: datetime) -> datetime:
    """The first slot that starts at or after a moment."""
    slot = int(policy.SLOT.total_seconds())
    return datetime.fromtimestamp(-(-int(at.timestamp()) // slot) * slot, at.tzinfo)
