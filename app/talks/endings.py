"""How talks end: by a person, or because nobody is there any more. Each ending settles the talk."""

from datetime import datetime

from sqlalchemy import func, or_, select

from app import policy
from app.db import session
from app.points import lots
from app.talks import closing, metering, recording
from app.talks.models import EndedBy, Talk, TalkState

BATCH = 200


def end(talk_id: int, *, by: EndedBy, now: datetime) -> Talk:
    """End a talk now. One that is over already stays as it ended.

    Presence that is still on its way is counted when it comes (policy.LATE_EVIDENCE), so a
    receipt may change for a few seconds.
    """
    return _end(talk_id, by=by, at=now, now=now)


def end_due(now: datetime) -> int:
    """End talks that somebody left for good, or that nobody has shown a sign of for minutes."""
    left_before = now - policy.LEAVE_GRACE
    silent_since = now - policy.LOST_AFTER
    last_sign = func.coalesce(Talk.evidence_at, Talk.answered_at)
    due = session.scalars(
        select(Talk)
        .where(
            Talk.state == TalkState.RUNNING,
            or_(Talk.left_at <= left_before, last_sign <= silent_since),
        )
        .order_by(Talk.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for talk in sorted(due, key=lambda each: each.guest_id):  # the order in which guests are locked
        by, at = _cause(talk, left_before)
        _end(talk.id, by=by, at=at, now=now)
    return len(due)


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
