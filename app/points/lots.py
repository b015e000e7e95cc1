"""Issuing lots, and what a guest holds."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import policy
from app.clock import JAPAN
from app.db import session
from app.people.models import Account
from app.points.models import Kind, PointEntry, PointLot, Reason

# Free before paid among lots of one expiry (D33); "free" sorts before "paid".
SPENDING_ORDER = (PointLot.expires_at, PointLot.kind, PointLot.bought_at, PointLot.id)


@dataclass(frozen=True, kw_only=True)
class Purse:
    """What a guest can spend now, and the lot that goes first."""

    points: int
    next_expiry_at: datetime | None
    next_expiry_points: int
    by_expiry: tuple[tuple[datetime, int], ...]  # when how many are gone, the earliest first

    def payments(self, price_points: int, *, first_at: datetime, every: timedelta) -> int:
        """How many payments of this price the points cover, the first one at that moment.

        What has expired when its turn comes covers nothing.
        """
        covered, at, left = 0, first_at, 0
        for expires_at, points in self.by_expiry:
            left += points
            in_time = max(-((at - expires_at) // every), 0)  # payments before this expiry
            paid = min(left // price_points, in_time)
            covered, at = covered + paid, at + paid * every
            left = left - paid * price_points if paid < in_time else 0
        return covered


def lock_guest(guest_id: int) -> None:
    """Hold the guest's row until the end of the transaction: nobody else moves these points.

    With key_share, here and wherever a person or a booking is held: a row that only names this one
    may be written meanwhile. Its writer may hold what we wait for.
    """
    held = select(Account.id).where(Account.id == guest_id).with_for_update(key_share=True)
    session.execute(held)


def issue(
    guest_id: int,
    *,
    kind: Kind,
    points: int,
    price_yen: int,
    expires_at: datetime,
    reason: Reason,
    about: str,
    key: str,
    now: datetime,
) -> PointLot:
    """A new lot of points, once for each key; a repetition returns the first one."""
    assert points > 0
    lock_guest(guest_id)
    made = select(PointLot).join(PointEntry).where(PointEntry.key == key)
    if first := session.scalars(made).one_or_none():
        return first
    lot = PointLot(
        guest_id=guest_id,
        kind=kind,
        points=points,
        remaining=points,
        price_yen=price_yen,
        bought_at=now,
        expires_at=expires_at,
    )
    session.add(lot)
    session.flush()
    session.add(
        PointEntry(lot_id=lot.id, delta=points, reason=reason, about=about, key=key, at=now)
    )
    session.flush()
    return lot


def expiry_of(bought_at: datetime) -> datetime:
    """The moment from which points bought then are gone (G47, D32).

    They hold to the end of the same day of the month, three months later, in Japan; where that
    month is shorter, to the end of its last day.
    """
    day = bought_at.astimezone(JAPAN).date()
    months = day.year * 12 + day.month - 1 + policy.EXPIRY_MONTHS
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    last_day = datetime(year, month + 1, min(day.day, last), tzinfo=JAPAN)
    return last_day + timedelta(days=1)


def purse_of(guest_id: int, *, now: datetime) -> Purse:
    """The points that a guest can spend now (D8)."""
    usable = (PointLot.guest_id == guest_id, PointLot.remaining > 0, PointLot.expires_at > now)
    lots = session.execute(
        select(PointLot.expires_at, func.sum(PointLot.remaining))
        .where(*usable)
        .group_by(PointLot.expires_at)
        .order_by(PointLot.expires_at)
    ).all()
    expires_at, expiring = lots[0] if lots else (None, 0)
    return Purse(
        points=sum(points for _, points in lots),
        next_expiry_at=expires_at,
        next_expiry_points=expiring,
        by_expiry=tuple((expires_at, points) for expires_at, points in lots),
    )


def lots_of(guest_id: int, *, now: datetime) -> list[PointLot]:
    """The lots a guest can still spend from, in the order of spending."""
    usable = (PointLot.guest_id == guest_id, PointLot.remaining > 0, PointLot.expires_at > now)
    return list(session.scalars(select(PointLot).where(*usable).order_by(*SPENDING_ORDER)))
