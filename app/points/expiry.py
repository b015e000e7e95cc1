"""The last day of a lot: taking what is left, and telling the guest 30, 7 and 1 days before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, literal, select, text

from app import policy
from app.db import rows, session
from app.mail import Mail
from app.people.models import Account
from app.points.models import PointLot

BATCH = 1_000
REMINDER_BATCH = 100

_LOCK_GUESTS = text("""
    SELECT id FROM account WHERE id IN (
        SELECT guest_id FROM point_lot WHERE remaining > 0 AND expires_at <= :now
        ORDER BY expires_at LIMIT :batch
    ) ORDER BY id FOR NO KEY UPDATE
""")

_EXPIRE = text("""
    WITH gone AS (
        SELECT id, remaining FROM point_lot
        WHERE remaining > 0 AND expires_at <= :now AND guest_id = ANY(CAST(:guest_ids AS bigint[]))
        FOR UPDATE
    ), taken AS (
        UPDATE point_lot SET remaining = 0 FROM gone WHERE point_lot.id = gone.id
    )
    INSERT INTO point_entry (lot_id, delta, reason, about, key, at)
    SELECT id, -remaining, 'expiry', 'lot:' || id, concat('lot:', id, '\\:expiry'), :now FROM gone
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Reminder:
    guest: Account
    points: int
    expires_at: datetime
    days: int
    key: str


def expire_due(now: datetime) -> int:
    """Take what is left in lots whose last day is over (G47); returns how many lots ended."""
    guests = rows(_LOCK_GUESTS, now=now, batch=BATCH)
    if not guests:
        return 0
    return len(rows(_EXPIRE, now=now, guest_ids=[guest_id for (guest_id,) in guests]))


_GIVE_UP = text("""
    WITH gone AS (
        SELECT id, remaining FROM point_lot WHERE remaining > 0 AND guest_id = :guest_id
        ORDER BY id FOR UPDATE
    ), taken AS (
        UPDATE point_lot SET remaining = 0 FROM gone WHERE point_lot.id = gone.id
    )
    INSERT INTO point_entry (lot_id, delta, reason, about, key, at)
    SELECT id, -remaining, 'expiry', 'lot:' || id, concat('lot:', id, '\\:given_up'), :now FROM gone
    RETURNING -delta
""")


def give_up(guest_id: int, *, now: datetime) -> int:
    """End all that is left of a guest who leaves (D35); returns how many points. The guest is held.

    Under keys of their own: points that come back to a lot later still expire with its last day.
    """
    return sum(points for (points,) in rows(_GIVE_UP, guest_id=guest_id, now=now))


def reminders_due(now: datetime) -> Iterator[Reminder]:
    """Who should hear now that points will expire, a batch of those who have not.

    Each lot and distance has one key; points bought inside a distance are not reminded of it.
    """
    for days in policy.EXPIRY_REMINDER_DAYS:
        until = now + timedelta(days=days)
        suffix = f":expires_in:{days}"
        key = literal("lot:") + cast(PointLot.id, Text) + literal(suffix)
        due = (
            select(PointLot, Account)
            .join(Account, Account.id == PointLot.guest_id)
            .where(
                PointLot.remaining > 0,
                PointLot.expires_at <= until,
                PointLot.expires_at > until - timedelta(days=1),
                PointLot.bought_at < PointLot.expires_at - timedelta(days=days),
                ~select(Mail.id).where(Mail.key == key).exists(),
            )
            .order_by(PointLot.expires_at, PointLot.id)
            .limit(REMINDER_BATCH)
        )
        for lot, guest in session.execute(due):
            yield Reminder(
                guest=guest,
                points=lot.remaining,
                expires_at=lot.expires_at,
                days=days,
                key=f"lot:{lot.id}{suffix}",
            )
