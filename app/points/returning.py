"""Giving points back: named entries, once, into the lots that they came from (D34)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app import policy
from app.db import session
from app.points.lots import issue, lock_guest
from app.points.models import Kind, PointEntry, PointLot, Reason


def give_back(spent_key: str, *, reason: Reason, key: str, now: datetime) -> int:
    """Return the whole of one spending, once for each key; returns the points given back.

    A lot that has expired, or has too few days left to be of use, takes nothing back: the guest
    gets a new free lot instead. Asking again for a spending already returned gives back 0.
    """
    first = aliased(PointEntry)
    about = select(first.about).where(first.key == spent_key).scalar_subquery()
    parts = session.execute(
        select(PointEntry, PointLot)
        .join(PointLot, PointLot.id == PointEntry.lot_id)
        .where(
            PointEntry.about == about,  # few, and found by index, as a key's beginning is not
            (PointEntry.key == spent_key) | PointEntry.key.startswith(f"{spent_key}:part:"),
        )
        .order_by(PointEntry.id)
    ).all()
    assert parts, f"nothing was spent as {spent_key}"
    lock_guest(parts[0].PointLot.guest_id)
    returned = 0
    for number, (entry, lot) in enumerate(parts, start=1):
        part_key = key if number == 1 else f"{key}:part:{number}"
        returned += _give_back_part(entry, lot, reason=reason, key=part_key, now=now)
    return returned


def _give_back_part(
    entry: PointEntry, lot: PointLot, *, reason: Reason, key: str, now: datetime
) -> int:
    """One entry's points, back where they came from or into a lot of their own."""
    given = select(PointEntry.id).where(PointEntry.reverses == entry.id)
    if session.scalar(given) is not None:
        return 0
    session.refresh(lot, with_for_update=True)
    points = -entry.delta
    lot.remaining += points
    session.add(
        PointEntry(
            lot_id=lot.id,
            delta=points,
            reason=reason,
            about=entry.about,
            reverses=entry.id,
            key=key,
            at=now,
        )
    )
    session.flush()
    if lot.expires_at - now < policy.RETURN_NEEDS:
        _compensate(lot, points, about=entry.about, key=key, now=now)
    return points


def _compensate(lot: PointLot, points: int, *, about: str, key: str, now: datetime) -> None:
    """Turn points that came back too late into a free lot with time to be used."""
    lot.remaining -= points
    session.add(
        PointEntry(
            lot_id=lot.id,
            delta=-points,
            reason=Reason.COMPENSATION,
            about=about,
            key=f"{key}:moved",
            at=now,
        )
    )
    issue(
        lot.guest_id,
        kind=Kind.FREE,
        points=points,
        price_yen=0,
        expires_at=now + policy.COMPENSATION,
        reason=Reason.COMPENSATION,
        about=about,
        key=f"{key}:compensation",
        now=now,
    )
