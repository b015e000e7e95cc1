"""How talks end: by a person, or because nobody is there any more. Each ending settles the talk."""

import logging
from datetime import datetime

from sqlalchemy import exists, func, or_, select

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


def end_due(now: datetime) -> int:
    """End talks that somebody left for good, or that nobody has shown a sign of for minutes.

    Never while events wait to be read: one of them may show that somebody is back, or was there
    all the time while no worker was. Nor for silence while a video server holds events that have
    not reached us.
    """
    left_before = now - policy.LEAVE_GRACE
    silent_since = now - policy.LOST_AFTER
    last_sign = func.coalesce(Talk.evidence_at, Talk.answered_at)
    gone = [Talk.left_at <= left_before]
    if not (server.is_elsewhere and reconciling.is_behind(now=now)):
        gone.append(last_sign <= silent_since)
    due = session.scalars(
        select(Talk)
        .where(
            Talk.state == TalkState.RUNNING,
            or_(*gone),
            ~exists().where(VideoEvent.drained_at.is_(None)),
        )
        .order_by(Talk.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for talk in sorted(due, key=lambda each: each.guest_id):  # the order in which guests are locked
        _end_alone(talk, left_before, now=now)
    return len(due)


def _end_alone(talk: Talk, left_before: datetime, *, now: datetime) -> None:
    """End one of many. One that fails is set aside for the operator and holds up nobody."""
    by, at = _cause(talk, left_before)
    try:
        with session.begin_nested():
            _end(talk.id, by=by, at=at, now=now)
    except Exception as fault:
        log.exception("talk %s is set aside", talk.id)
        session.refresh(talk)
        talk.fault = repr(fault)[:500]


def _cause(talk: Talk, left_before: datetime) -> tuple[EndedBy, datetime]:
    if talk.left_at and talk.left_by and talk.left_at <= left_before:
        return EndedBy(talk.left_by.value), talk.left_at
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
