"""How the house is doing: figures beside what is normal, for the page, the metrics and the tests.

Read-only, and cheap enough to be asked every few seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import select, text

from app import clock, policy
from app.db import session
from app.desk import checkups
from app.desk.models import Checkup
from app.errors import N_
from app.jobs import JobBeat
from app.payouts import closing_watch

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
SETTLED_WITHIN = timedelta(minutes=5)  # after the report time; the evidence may have to come first
LATE_AFTER_BEATS = 3  # missed beats in a row
LATE_SPARE_SECONDS = 10  # on the wall; a busy worker is not a silent one
CHECKUP_TTL = timedelta(hours=26)  # the nightly check, and two hours


class Level(StrEnum):
    GOOD = "good"  # as it should be
    WATCH = "watch"  # somebody should have a look
    BAD = "bad"  # points, talks or mails stand still, or something is wrong


class Entry(Protocol):
    """A line of the timetable, as far as this file needs it."""

    @property
    def name(self) -> str: ...
    @property
    def every_seconds(self) -> int: ...
    @property
    def why(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One figure, what is normal for it, and from where on it is bad."""

    name: str  # of its metric and of its column below, too
    words: str
    normal_to: int
    bad_from: int
    seconds: bool = False  # an age; else a number of things
    value: int | None = None  # None: could not be found out

    @property
    def level(self) -> Level:
        if self.value is None or self.value >= self.bad_from:
            return Level.BAD
        return Level.GOOD if self.value <= self.normal_to else Level.WATCH


SIGNS = (
    Sign(
        name="oldest_due_charge_seconds",
        words=N_("Oldest minute that is due and not charged"),
        normal_to=5,
        bad_from=30,
        seconds=True,
    ),
    Sign(
        name="undrained_events",
        words=N_("Presence events not read yet"),
        normal_to=500,
        bad_from=10_000,
    ),
    Sign(
        name="oldest_undrained_event_seconds",
        words=N_("Oldest presence event not read yet"),
        normal_to=5,
        bad_from=30,
        seconds=True,
    ),
    Sign(
        name="events_in_trouble",
        words=N_("Events of the last 24 hours that could not be used"),
        normal_to=0,
        bad_from=100,
    ),
    Sign(
        name="talks_set_aside",
        words=N_("Talks set aside because charging them failed"),
        normal_to=0,
        bad_from=1,
    ),
    Sign(
        name="video_answer_seconds",
        words=N_("Last answer of the video server"),
        normal_to=90,
        bad_from=180,
        seconds=True,
    ),
    Sign(
        name="video_events_undelivered",
        words=N_("Events that the video server could not deliver"),
        normal_to=0,
        bad_from=1_000,
    ),
    Sign(
        name="video_rooms_gone",
        words=N_("Running talks whose room is empty at the video server"),
        normal_to=2,
        bad_from=20,
    ),
    Sign(name="queue_length", words=N_("Jobs waiting in Redis"), normal_to=20, bad_from=200),
    Sign(name="outbox_waiting", words=N_("Mails waiting"), normal_to=50, bad_from=1_000),
    Sign(
        name="outbox_oldest_due_seconds",
        words=N_("Oldest mail that should have left"),
        normal_to=60,
        bad_from=600,
        seconds=True,
    ),
    Sign(
        name="outbox_failed",
        words=N_("Mails given up in the last 7 days"),
        normal_to=0,
        bad_from=10,
    ),
    Sign(
        name="payment_notices_kept",
        words=N_("Payment notices that fit no order"),
        normal_to=0,
        bad_from=10,
    ),
    Sign(
        name="overdue_settlements",
        words=N_("Reserved talks that should have been settled"),
        normal_to=0,
        bad_from=1,
    ),
    Sign(
        name="oldest_open_case_seconds",
        words=N_("Oldest case that nobody has decided"),
        normal_to=policy.CASE_PROMISE_DAYS * DAY // SECOND,
        bad_from=policy.CASE_ESCALATE_DAYS * DAY // SECOND,
        seconds=True,
    ),
    Sign(
        name="closing_late_seconds",
        words=N_("A month that should be closed, or a night's round after it"),
        normal_to=(policy.CLOSING_WAITS + timedelta(hours=1)) // SECOND,
        bad_from=policy.CLOSING_LATE // SECOND,
        seconds=True,
    ),
    Sign(
        name="claims_unpaid",
        words=N_("Claims of casts whose pay day has passed unpaid"),
        normal_to=0,
        bad_from=1,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Beat:
    """A periodic job, and when it last ran."""

    name: str
    why: str
    every_seconds: int
    last_at: datetime | None
    age_seconds: int | None
    is_late: bool
    error: str
    level: Level


@dataclass(frozen=True, kw_only=True)
class Health:
    running_talks: int
    signs: list[Sign]
    beats: list[Beat]
    checkup: Checkup | None
    books_level: Level
    books_waiting: bool

    @property
    def levels(self) -> list[Level]:
        signs, beats = (sign.level for sign in self.signs), (beat.level for beat in self.beats)
        return [self.books_level, *signs, *beats]

    @property
    def troubles(self) -> int:
        return sum(level is not Level.GOOD for level in self.levels)


# Of an age the moment since when. The charges' predicate is that of ix_talk_chargeable.
_FIGURES = text("""
    SELECT
        (SELECT count(*) FROM talk WHERE state = 'running') AS running_talks,
        (SELECT min(next_charge_at) FROM talk
          WHERE next_charge_at <= evidence_at AND state = 'running' AND fault IS NULL
            AND next_charge_at <= :now) AS oldest_due_charge_seconds,
        (SELECT count(*) FROM video_event WHERE drained_at IS NULL) AS undrained_events,
        (SELECT min(received_at) FROM video_event
          WHERE drained_at IS NULL) AS oldest_undrained_event_seconds,
        (SELECT count(*) FROM video_event
          WHERE trouble IS NOT NULL AND received_at > :yesterday) AS events_in_trouble,
        (SELECT count(*) FROM talk WHERE fault IS NOT NULL) AS talks_set_aside,
        (SELECT coalesce(answered_at, to_timestamp(0)) FROM video_server) AS video_answer_seconds,
        coalesce((SELECT waiting FROM video_server), 0) AS video_events_undelivered,
        coalesce((SELECT gone FROM video_server), 0) AS video_rooms_gone,
        (SELECT count(*) FROM mail WHERE state = 'waiting') AS outbox_waiting,
        (SELECT min(next_try_at) FROM mail
          WHERE state = 'waiting' AND next_try_at <= :now) AS outbox_oldest_due_seconds,
        (SELECT count(*) FROM mail
          WHERE state = 'failed' AND created_at > :last_week) AS outbox_failed,
        (SELECT count(*) FROM payment_notice WHERE state = 'kept') AS payment_notices_kept,
        (SELECT count(*) FROM booking
          WHERE state = 'confirmed' AND report_until < :overdue) AS overdue_settlements,
        (SELECT min(opened_at) FROM desk_case
          WHERE decided_at IS NULL) AS oldest_open_case_seconds
""")


def health(timetable: Iterable[Entry], *, queue: Queue | None, now: datetime) -> Health:
    """Everything at one look."""
    checkup = checkups.last_finished()
    figures = _figures(now)
    figures["queue_length"] = queue_length(queue)
    figures["closing_late_seconds"] = closing_watch.late_since(now)
    figures["claims_unpaid"] = closing_watch.count_unpaid(now)
    return Health(
        running_talks=figures["running_talks"],
        signs=[_with_value(sign, figures[sign.name], now=now) for sign in SIGNS],
        beats=beats(timetable, now=now),
        checkup=checkup,
        books_level=_books_level(checkup, now=now),
        books_waiting=checkups.find_waiting() is not None,
    )


def beats(timetable: Iterable[Entry], *, now: datetime) -> list[Beat]:
    """Each periodic job with its last beat, and whether that is too long ago."""
    last = {beat.name: beat for beat in session.scalars(select(JobBeat))}
    return [_beat(entry, last.get(entry.name), now=now) for entry in timetable]


def queue_length(queue: Queue | None) -> int | None:
    """Jobs that wait; None where Redis cannot be reached."""
    try:
        return None if queue is None else queue.count
    except RedisError:
        return None


def _figures(now: datetime) -> dict[str, Any]:
    past = {
        "yesterday": now - DAY,
        "last_week": now - 7 * DAY,
        "overdue": now - SETTLED_WITHIN,
    }
    return dict(session.execute(_FIGURES, {"now": now, **past}).mappings().one())


def _with_value(sign: Sign, figure: int | datetime | None, *, now: datetime) -> Sign:
    if isinstance(figure, int):
        return replace(sign, value=figure)
    return replace(sign, value=_age(figure, now) if sign.seconds else None)


def _beat(entry: Entry, last: JobBeat | None, *, now: datetime) -> Beat:
    age = (now - last.started_at).total_seconds() if last else None
    patience = LATE_AFTER_BEATS * entry.every_seconds + LATE_SPARE_SECONDS * clock.SPEED
    late = age is None or age > patience
    failed = bool(last and last.error)
    return Beat(
        name=entry.name,
        why=entry.why,
        every_seconds=entry.every_seconds,
        last_at=last.started_at if last else None,
        age_seconds=None if age is None else int(age),
        is_late=late,
        error=last.error if last else "",
        level=Level.BAD if late or failed else Level.GOOD,
    )


def _books_level(checkup: Checkup | None, *, now: datetime) -> Level:
    if checkup is None or checkup.finished_at is None:
        return Level.WATCH
    if checkup.differences:
        return Level.BAD
    return Level.GOOD if now - checkup.finished_at <= CHECKUP_TTL else Level.WATCH


def _age(since: datetime | None, now: datetime) -> int:
    """Seconds on the wall; nothing that waits is 0 old."""
    return int(clock.real_seconds((now - since).total_seconds())) if since else 0
