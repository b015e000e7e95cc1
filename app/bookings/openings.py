"""Guests who want to hear when booking opens for a time (D1)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app import policy
from app.bookings.models import OpeningCall, Slot
from app.bookings.terms import opens_at
from app.casts.models import Cast
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import blocks, closing
from app.people.models import Account

BATCH = 100


@dataclass(frozen=True, slots=True)
class Due:
    call: OpeningCall
    guest: Account
    cast: Cast


def ask(guest_id: int, cast_id: int, *, starts_at: datetime, now: datetime) -> None:
    """Tell this guest when that time can be booked, once. Raises Refused for a time that can be."""
    if problems := blocks.why_not_meet(guest_id, cast_id):
        raise Refused(*problems)
    if session.get(Slot, (cast_id, starts_at)) is None:
        text = N_("Please choose a time of the schedule.")
        raise Refused(Problem(code="no_such_time", text=text))
    if now >= opens_at(starts_at):
        text = N_("This time can be booked already.")
        raise Refused(Problem(code="open", text=text))
    closing.hold_open(guest_id)
    wanted = insert(OpeningCall).values(
        guest_id=guest_id, cast_id=cast_id, starts_at=starts_at, asked_at=now
    )
    session.execute(wanted.on_conflict_do_nothing())


def asked_by(guest_id: int, cast_id: int) -> set[datetime]:
    """The times of this cast that the guest has asked to hear of."""
    wanted = select(OpeningCall.starts_at).filter_by(guest_id=guest_id, cast_id=cast_id)
    return set(session.scalars(wanted))


def forget(account_id: int) -> None:
    """What a guest who leaves asked for, and what was asked of a cast who does."""
    either = or_(OpeningCall.guest_id == account_id, OpeningCall.cast_id == account_id)
    session.execute(delete(OpeningCall).where(either))


def take_due(now: datetime) -> list[Due]:
    """A batch of guests to be told now, marked as told. Who asked for a time that is gone hears nothing."""
    call, slot = OpeningCall, aliased(Slot)
    due = session.execute(
        select(call, Account, Cast)
        .join(Account, Account.id == call.guest_id)
        .join(Cast, Cast.account_id == call.cast_id)
        .where(
            call.told_at.is_(None),
            call.starts_at <= now + policy.BOOKING_OPENS,
            Cast.hidden_at.is_(None),
            ~blocks.is_between(call.guest_id, call.cast_id),
        )
        .order_by(call.starts_at)
        .limit(BATCH)
        .with_for_update(of=call, skip_locked=True)
    ).all()
    told = []
    for each, guest, cast in due:
        each.told_at = now
        free = select(slot.cast_id).where(
            slot.cast_id == each.cast_id,
            slot.starts_at == each.starts_at,
            slot.booking_id.is_(None),
        )
        if session.scalar(free) is not None and now <= each.starts_at - policy.BOOKING_CLOSES:
            told.append(Due(each, guest, cast))
    return told
