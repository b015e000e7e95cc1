"""How talks end: by a person, or because nobody is there any more. Each ending settles the talk."""

import logging
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app import policy
from app.db import session
from app.points import lots
from app.talks import closing, metering, recording
from app.talks.models import EndedBy, Talk, TalkState
from app.video import reconciling
from app.video.models import VideoEvent
from app.video.server import server

log = logging.getLogger(__name__)
BATCH = 200


def end(talk_id: int, *, by: EndedBy, now: datetime) -> Talk:
    """End a talk now. One that is over already stays as it ended.

    Presence that is still on its way is counted when it comes (policy.LATE_EVIDENCE), so a
    receipt may change for a few seconds.
    """
    return _end(talk_id, by=by, at=now, now=now)


def end_for_reservation(talk_id: int, *, now: datetime) -> Talk:
    """End a walk-in that stands in a reservation's way, at the moment that it was bound to."""
    talk = session.get_one(Talk, talk_id)
    at = min(talk.ends_by or now, now)
    return _end(talk_id, by=EndedBy.NEXT_RESERVATION, at=at, now=now)


def end_due(now: datetime) -> int:
    """End talks whose time is over, that somebody left for good, or that nobody has shown a sign of.

    The last two never while events wait to be read: one of them may show that somebody is back, or
    was there all the time while no worker was. Nor for silence while a video server holds events
    that have not reached us. A reserved talk ends by its time alone: both may come back (G34).
    """
    due = session.scalars(
        select(Talk)
        .where(Talk.state == TalkState.RUNNING, or_(Talk.ends_by <= now, _is_left(now)))
        .order_by(Talk.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for talk in sorted(due, key=lambda each: each.guest_id):  # the order in which guests are locked
        _end_alone(talk, now=now)
    return len(due)


def _is_left(now: datetime) -> ColumnElement[bool]:
    last_sign = func.coalesce(Talk.evidence_at, Talk.answered_at)
    gone = [Talk.left_at <= now - policy.LEAVE_GRACE]
    if not (server.is_elsewhere and reconciling.is_behind(now=now)):
        gone.append(last_sign <= now - policy.LOST_AFTER)
    unread = exists().where(VideoEvent.drained_at.is_(None))
    return and_(Talk.booking_id.is_(None), or_(*gone), ~unread)


def _end_alone(talk: Talk, *, now: datetime) -> None:
    """End one of many. One that fails is set aside for the operator and holds up nobody."""
    by, at = _cause(talk, now=now)
    try:
        with session.begin_nested():
            _end(talk.id, by=by, at=at, now=now)
    except Exception as fault:
        log.exception("talk %s is set aside", talk.id)
        session.refresh(talk)
        talk.fault = repr(fault)[:500]


def _cause(talk: Talk, *, now: datetime) -> tuple[EndedBy, datetime]:
    if talk.is_reserved:
        assert talk.ends_by
        return EndedBy.TIME, talk.ends_by
    left_before = now - policy.LEAVE_GRACE
    if talk.left_at and talk.left_by and talk.left_at <= left_before:
        return EndedBy(talk.left_by.value), talk.left_at
    if talk.ends_by and talk.ends_by <= now:
        return EndedBy.NEXT_RESERVATION, talk.ends_by
    last_sign = talk.evidence_at or talk.answered_at
    assert last_sign
    return EndedBy.LOST, last_sign


def _end(talk_id: int, *, by: EndedBy, at: datetime, now: datetime) -> Talk:
    talk = session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
    if talk.state is TalkState.RUNNING:
        lots.lock_guest(talk.guest_id)  # before the room, as a purchase does
        closing.close(talk, by=by, at=at, now=now)
        metering.settle(talk, recording.presence_of(talk), now=now)
    return talk
