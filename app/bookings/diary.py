"""Bookings of a guest or a cast: finding one of one's own, and what is ahead or behind."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import joinedload

from app.bookings.models import Booking, BookingState, Completion
from app.db import session
from app.people.models import Account, Role

PAGE = 20
CALENDAR_BACK = timedelta(days=30)
CALENDAR_MOST = 1000  # bookings; nobody has so many in a month


def find(public_id: str, *, of: Account) -> Booking | None:
    """A booking of this person; to everyone else it does not exist."""
    wanted = _of(of).where(Booking.public_id == public_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def ahead(of: Account, *, now: datetime) -> list[Booking]:
    """Confirmed talks that are not over, the next one first."""
    wanted = _of(of).where(Booking.state == BookingState.CONFIRMED, Booking.ends_at > now)
    return list(session.scalars(wanted.order_by(Booking.starts_at).limit(100)))


def behind(of: Account, *, now: datetime, before: Booking | None = None) -> list[Booking]:
    """A page of those that are over or cancelled, the newest first; `before` ended the last page."""
    over = or_(Booking.state != BookingState.CONFIRMED, Booking.ends_at <= now)
    wanted = _of(of).where(over).order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(PAGE)
    if before:
        place = tuple_(before.starts_at, before.id)
        wanted = wanted.where(tuple_(Booking.starts_at, Booking.id) < place)
    return list(session.scalars(wanted))


def by_id(ids: Collection[int], *, of: Account) -> dict[int, Booking]:
    """Those of these bookings that are this person's own."""
    return {each.id: each for each in session.scalars(_of(of).where(Booking.id.in_(ids)))}


def next_start(account_id: int, *, now: datetime) -> datetime | None:
    """When this guest's or cast's next reservation starts; of one that has begun, when it did."""
    mine = or_(Booking.cast_id == account_id, Booking.guest_id == account_id)
    ahead = (Booking.state == BookingState.CONFIRMED, Booking.ends_at > now, mine)
    wanted = select(Booking.starts_at).where(*ahead).order_by(Booking.starts_at).limit(1)
    return session.scalar(wanted)


def unreported(cast_id: int, *, now: datetime) -> list[Booking]:
    """Talks whose completion report can still be filed in time (C50), the most pressing first."""
    wanted = (
        select(Booking)
        .options(joinedload(Booking.guest), joinedload(Booking.cast))
        .outerjoin(Completion, Completion.booking_id == Booking.id)
        .where(
            Booking.cast_id == cast_id,
            Booking.state == BookingState.CONFIRMED,
            Booking.talk_ends_at <= now,
            Booking.report_until >= now,
            Completion.booking_id.is_(None),
        )
        .order_by(Booking.report_until)
    )
    return list(session.scalars(wanted))


def for_calendar(of: Account, *, now: datetime) -> list[Booking]:
    """What a calendar shows: all ahead and the last 30 days, cancelled ones among them.

    A calendar forgets a talk only when it is told that it was cancelled.
    """
    wanted = _of(of).where(Booking.ends_at > now - CALENDAR_BACK).order_by(Booking.starts_at.desc())
    return list(reversed(session.scalars(wanted.limit(CALENDAR_MOST)).all()))


def engaged_casts(*, now: datetime, until: datetime) -> list[int]:
    """The casts with a reservation that runs, or starts by then."""
    engaged = select(Booking.cast_id).where(
        Booking.state == BookingState.CONFIRMED, Booking.starts_at <= until, Booking.ends_at > now
    )
    return list(session.scalars(engaged.distinct()))


def _of(account: Account) -> Select[Any]:
    mine = Booking.cast_id if account.role is Role.CAST else Booking.guest_id
    return (
        select(Booking)
        .options(joinedload(Booking.guest), joinedload(Booking.cast))
        .where(mine == account.id)
    )
