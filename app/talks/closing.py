"""Closing a talk: its row, its room and its cast. What that costs is the metering's business."""

from datetime import datetime

from app import audit
from app.casts import standby
from app.talks.models import EndedBy, Talk, TalkState
from app.video import rooms


def close(talk: Talk, *, by: EndedBy, at: datetime, now: datetime) -> None:
    """End a running talk at a moment, once; the server closes the room (promise 5)."""
    assert talk.state is TalkState.RUNNING
    assert talk.room
    talk.state, talk.ended_by, talk.ended_at = TalkState.ENDED, by, at
    talk.next_charge_at = None
    rooms.close(talk.room, because=by.value, now=now)
    standby.release(talk.cast_id, talked=True, now=now)
    audit.note("talk.ended", about=f"talk:{talk.id}", by=None, now=now, ended_by=by.value)
