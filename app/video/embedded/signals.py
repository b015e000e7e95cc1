"""What two pages tell each other while they agree on a call, passed on in order and once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.db import session
from app.video.embedded.models import EmbeddedSignal

KEPT = timedelta(minutes=5)


class Signal(NamedTuple):
    to: str  # a session
    number: int
    body: str  # JSON


def post(signals: Sequence[Signal], *, sender: str, now: datetime) -> None:
    """Leave signals for others. A page repeats what was not answered; that changes nothing."""
    if not signals:
        return
    made = [
        {"sender": sender, "recipient": to, "number": number, "body": body, "at": now}
        for to, number, body in signals
    ]
    session.execute(insert(EmbeddedSignal).values(made).on_conflict_do_nothing())


def take(*, recipient: str, seen: int) -> list[EmbeddedSignal]:
    """What waits after the last signal that the recipient saw; what it saw is dropped."""
    mine = EmbeddedSignal.recipient == recipient
    waiting = select(EmbeddedSignal).where(mine, EmbeddedSignal.id > seen)
    signals = list(session.scalars(waiting.order_by(EmbeddedSignal.id)))
    if seen:
        session.execute(delete(EmbeddedSignal).where(mine, EmbeddedSignal.id <= seen))
    return signals


def forget(*, now: datetime) -> None:
    session.execute(delete(EmbeddedSignal).where(EmbeddedSignal.at < now - KEPT))
