"""The jobs of talks. Each asks the database what is due; any number may run side by side."""

import logging

from sqlalchemy import select

from app import clock
from app.db import session
from app.jobs import periodic, transaction
from app.talks import bounds, draining, endings, entering, metering, recording, settling
from app.talks.models import Talk, TalkState

log = logging.getLogger(__name__)
MOST_BATCHES = 200  # a run; the next one goes on


@periodic
def drain() -> None:
    """Read the inbox of presence events, then charge what they made due."""
    for _ in range(MOST_BATCHES):
        with transaction():
            if not draining.drain(clock.now()):
                break
    charge()


@periodic
def charge() -> None:
    """Charge every minute that has started and is evidenced.

    A batch that fails is charged talk by talk, and the talk that fails alone is set aside. It is
    tried again by itself at every run: the fault may have been a connection that broke.
    """
    for _ in range(MOST_BATCHES):
        try:
            with transaction():
                if not metering.charge_due(clock.now()):
                    break
        except Exception:
            log.exception("a batch of charges failed; going on one by one")
            _settle_singly(_due_ids())
    _settle_singly(_set_aside_ids())


@periodic
def end() -> None:
    """End rings without an answer, and talks that nobody is in any more."""
    with transaction():
        entering.miss_due(clock.now())
    with transaction():
        endings.end_due(clock.now())


@periodic
def bind() -> None:
    """Let running talks end before the reservations that were made or cancelled meanwhile."""
    with transaction():
        bounds.bind_due(clock.now())


@periodic
def settle() -> None:
    """Settle reserved talks whose report time is over, each in a transaction of its own.

    One that fails is logged, counted as overdue by the health page, and holds up nobody.
    """
    with transaction():
        due = [] if settling.is_blind(now=clock.now()) else settling.due_ids(clock.now())
    for booking_id in due:
        try:
            with transaction():
                settling.settle(booking_id, now=clock.now())
        except Exception:
            log.exception("booking %s could not be settled", booking_id)


def _settle_singly(talk_ids: list[int]) -> None:
    for talk_id in talk_ids:
        try:
            with transaction():
                talk = session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
                metering.settle(talk, recording.presence_of(talk), now=clock.now())
        except Exception as fault:
            if _set_aside(talk_id, repr(fault)[:500]):
                log.exception("talk %s is set aside", talk_id)


def _set_aside(talk_id: int, fault: str) -> bool:
    """Keep the fault for the operator; says whether it is a new one."""
    with transaction():
        talk = session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
        known, talk.fault = talk.fault, fault
        return known != fault


def _due_ids() -> list[int]:
    with transaction():
        due = select(Talk.id).where(
            Talk.state == TalkState.RUNNING,
            Talk.next_charge_at <= Talk.evidence_at,
            Talk.fault.is_(None),
        )
        return list(session.scalars(due.limit(metering.BATCH)))


def _set_aside_ids() -> list[int]:
    with transaction():
        return list(session.scalars(select(Talk.id).where(Talk.fault.is_not(None)).limit(100)))
