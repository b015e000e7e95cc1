"""Charging minutes: by recorded presence only, in batches, once each.

Two ways lead here. New events bring one talk up to date (`settle`): its presence is read anew and
its charges made equal to what that shows. Between events, `charge_due` takes every talk whose
next minute has started and is evidenced, however many there are, a thousand at a time.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, text

from app import policy
from app.db import array, rows, session
from app.points import lots
from app.points.lots import Purse
from app.points.models import PointEntry, Reason
from app.points.returning import give_back
from app.points.spending import Wanted, spend_many
from app.policy import FREE_TIME, MINUTE
from app.talks import closing, minutes, recording
from app.talks.models import EndedBy, Talk, TalkState
from app.talks.presence import Presence
from app.video import rooms

BATCH = 1_000

# The predicate is the index's own, word for word.
_DUE = text("""
    SELECT id, guest_id, price_points, minutes_charged + 1, next_charge_at FROM talk
    WHERE next_charge_at <= evidence_at AND state = 'running' AND fault IS NULL
      AND next_charge_at <= :now
    ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED
""")

_ADVANCE = text("""
    UPDATE talk SET minutes_charged = minutes_charged + 1,
                    next_charge_at = next_charge_at + CAST(:minute AS interval)
    WHERE id = ANY(CAST(:ids AS bigint[]))
""")


def charge_due(now: datetime, *, batch: int = BATCH) -> int:
    """Charge one due minute of up to `batch` talks; returns how many were looked at.

    A guest whose points do not cover the minute has reached the end of the talk, at the very
    moment at which that minute would have started (D7). Call it until it returns 0.
    """
    due = rows(_DUE, now=now, batch=batch)
    if not due:
        return 0
    wanted = [
        Wanted(guest_id, points, f"talk:{talk_id}", minute_key(talk_id, minute))
        for talk_id, guest_id, points, minute, _ in due
    ]
    short = spend_many(wanted, reason=Reason.TALK_MINUTE, now=now)
    charged = [talk_id for talk_id, guest_id, *_ in due if guest_id not in short]
    session.execute(_ADVANCE, {"ids": array(charged), "minute": MINUTE})
    session.expire_all()
    for talk_id, guest_id, _, _, boundary in due:
        if guest_id in short:
            talk = session.get_one(Talk, talk_id)
            closing.close(talk, by=EndedBy.BALANCE, at=boundary, now=now)
            settle(talk, recording.presence_of(talk), now=now)
    return len(due)


def minute_key(talk_id: int, minute: int) -> str:
    return f"talk:{talk_id}:minute:{minute}"


def settle(talk: Talk, presence: Presence, *, now: datetime) -> None:
    """Make a talk's charges equal to what its presence shows. The talk's row is locked.

    Minutes are charged or returned one by one, so that each has its own entry. Run again with the
    same events, it does nothing.
    """
    lots.lock_guest(talk.guest_id)  # a purchase at this moment comes wholly before or after
    _remember(talk, presence)
    while talk.minutes_measured < target_of(talk, presence):
        _charge_next(talk, presence, now=now)
    while talk.minutes_measured > target_of(talk, presence):
        _take_back_last(talk, now=now)
    _set_next_charge(talk)
    talk.fault = None  # whatever it was, it is over
    session.flush()
    set_closing(talk, now=now)


def target_of(talk: Talk, presence: Presence) -> int:
    """How many minutes of this talk stand, by its presence: the pure function of promise 2.

    A carried counter may stand at the very start of a minute; only being together starts it. A
    reserved talk was paid with its booking (G26).
    """
    if talk.is_reserved:
        return 0
    shared = presence.shared(until=talk.ended_at)
    if not shared:
        return 0
    return max(minutes.stand(talk.carried + shared, talk.ended_by) - talk.carried_minutes, 0)


def lasts_until(talk: Talk, *, purse: Purse) -> datetime | None:
    """When the points are used up, or a reservation is near, if both stay connected (D7, D11).

    None while the clock stands.
    """
    first_at = talk.next_charge_at
    if first_at is None or talk.state is not TalkState.RUNNING:
        return None
    paid = purse.payments(talk.price_points, first_at=first_at, every=MINUTE)
    return _bounded(talk, first_at + paid * MINUTE)


def lasts(counter: timedelta, points: int, price_points: int) -> timedelta:
    """How long a talk beginning at this counter can last with these points."""
    minute = minutes.started(counter) + 1
    first = minutes.start_of(minute) - counter
    return first + points // price_points * MINUTE


def free_left(counter: timedelta) -> timedelta:
    """What is left of the free time at this counter."""
    return max(FREE_TIME - counter, timedelta(0))


def set_closing(talk: Talk, *, now: datetime) -> None:
    """Hand the room the moment at which it must close, so that it does even without us."""
    if talk.room and talk.state is TalkState.RUNNING:
        purse = lots.purse_of(talk.guest_id, now=now)
        rooms.set_closing({talk.room: _closes_at(talk, purse, now=now)})


def _closes_at(talk: Talk, purse: Purse, *, now: datetime) -> datetime:
    """When nobody can be in a talk any more, whatever happens.

    While the clock stands: as if both were back at the last moment, and used up all the points.
    """
    if talk.is_reserved:
        assert talk.ends_by
        return talk.ends_by
    if until := lasts_until(talk, purse=purse):
        return until
    longest = lasts(talk.carried + talk.shared, purse.points, talk.price_points)
    return _bounded(talk, now + policy.LOST_AFTER + longest)


def _bounded(talk: Talk, until: datetime) -> datetime:
    return min(until, talk.ends_by) if talk.ends_by else until


def balance_changed(guest_id: int, *, now: datetime) -> None:
    """Points were bought: the running talk lasts longer (G46). The guest's row is locked."""
    running = select(Talk).where(Talk.guest_id == guest_id, Talk.state == TalkState.RUNNING)
    if talk := session.scalars(running.execution_options(populate_existing=True)).one_or_none():
        set_closing(talk, now=now)


def _remember(talk: Talk, presence: Presence) -> None:
    """Keep what the events add up to on the talk's row, where the batch finds it."""
    talk.shared = presence.before_current_run()
    talk.shared_since = presence.running_since
    talk.evidence_at = presence.evidence_at
    talk.sessions, talk.missing = presence.sessions, presence.missing
    talk.left_by, talk.left_at = presence.left_by, presence.left_at


def _charge_next(talk: Talk, presence: Presence, *, now: datetime) -> None:
    """Charge the next minute, or end the talk where the points do not cover it."""
    key = minute_key(talk.id, talk.minutes_charged + 1)
    wanted = Wanted(talk.guest_id, talk.price_points, f"talk:{talk.id}", key)
    short = spend_many([wanted], reason=Reason.TALK_MINUTE, now=now)
    if not short:
        talk.minutes_charged += 1
    elif talk.state is TalkState.RUNNING:
        boundary = presence.moment_of(_next_start(talk))
        assert boundary, "a minute is due that never started"
        closing.close(talk, by=EndedBy.BALANCE, at=boundary, now=now)
    else:
        talk.minutes_waived += 1


def _take_back_last(talk: Talk, *, now: datetime) -> None:
    """Give back the last minute that still stands; one that was never paid for costs nothing.

    Minutes are numbered in the order of charging, so a minute charged again has a new number.
    """
    if talk.minutes_waived:
        talk.minutes_waived -= 1
        return
    if not talk.minutes_kept:  # the office has given all of them back already
        talk.minutes_refunded -= 1
        talk.minutes_borne = min(talk.minutes_borne, talk.minutes_refunded)
        return
    return_last(talk, now=now)


def return_last(talk: Talk, *, now: datetime) -> int:
    """Give the points of the last minute that stands back; returns how many. The row is locked."""
    key = minute_key(talk.id, _last_standing(talk))
    returned = give_back(key, reason=Reason.MINUTE_RETURNED, key=f"{key}:return", now=now)
    talk.minutes_returned += 1
    return returned


def _last_standing(talk: Talk) -> int:
    """The highest minute that was charged and not returned."""
    returned = select(PointEntry.key).where(
        PointEntry.about == f"talk:{talk.id}", PointEntry.reason == Reason.MINUTE_RETURNED
    )
    gone = set(session.scalars(returned))
    minutes_down = range(talk.minutes_charged, 0, -1)
    return next(n for n in minutes_down if f"{minute_key(talk.id, n)}:return" not in gone)


def _set_next_charge(talk: Talk) -> None:
    running = talk.state is TalkState.RUNNING and talk.shared_since
    if not running or talk.is_reserved:
        talk.next_charge_at = None
        return
    assert talk.shared_since
    ahead = _next_start(talk) - talk.shared
    talk.next_charge_at = talk.shared_since + max(ahead, timedelta.resolution)


def _next_start(talk: Talk) -> timedelta:
    """The talk's own shared time at which its next minute starts."""
    nth = talk.carried_minutes + talk.minutes_kept + 1
    return minutes.start_of(nth) - talk.carried
