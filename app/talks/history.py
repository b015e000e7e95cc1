"""Talks of a guest or a cast, newest first, and finding one of one's own."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload

from app.bookings.models import Booking
from app.db import session
from app.people.models import Account, Role
from app.talks.models import Talk, TalkState

PAGE = 20


def find(public_id: str, *, of: Account, lock: bool = False) -> Talk | None:
    """A talk of this person; to everyone else it does not exist.

    With `lock` its row is held until the end of the transaction; a claim may still name it.
    """
    wanted = _of(of).where(Talk.public_id == public_id).execution_options(populate_existing=True)
    held = wanted.with_for_update(of=Talk, key_share=True)
    return session.scalars(held if lock else wanted).one_or_none()


def page(of: Account, *, before: int | None = None) -> list[Talk]:
    """Answered walk-in talks of this person, the newest first; `before` is the last id of the page above."""
    answered = _of(of).where(Talk.room.is_not(None), Talk.booking_id.is_(None))
    wanted = answered.order_by(Talk.id.desc()).limit(PAGE)
    return list(session.scalars(wanted.where(Talk.id < before) if before else wanted))


def by_id(ids: Collection[int], *, of: Account) -> dict[int, Talk]:
    """Those of these talks that are this person's own."""
    return {talk.id: talk for talk in session.scalars(_of(of).where(Talk.id.in_(ids)))}


def have_met(guest_id: int, cast_id: int) -> bool:
    """Whether the two know of each other: by a ring, a talk or a reservation."""
    rang = exists().where(Talk.guest_id == guest_id, Talk.cast_id == cast_id)
    booked = exists().where(Booking.guest_id == guest_id, Booking.cast_id == cast_id)
    return bool(session.scalar(select(or_(rang, booked))))


def running() -> list[Talk]:
    """All running talks, for the operator, oldest first."""
    wanted = (
        select(Talk)
        .options(joinedload(Talk.guest), joinedload(Talk.cast), joinedload(Talk.booking))
        .where(Talk.state == TalkState.RUNNING)
        .order_by(Talk.id)
        .limit(500)
    )
    return list(session.scalars(wanted))


def _of(account: Account) -> Select[Any]:
    mine = Talk.cast_id if account.role is Role.CAST else Talk.guest_id
    return (
        select(Talk)
        .options(joinedload(Talk.guest), joinedload(Talk.cast), joinedload(Talk.booking))
        .where(mine == account.id)
    )
