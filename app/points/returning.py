"""Giving points back: named entries or parts of them, once, into the lots that they came from (D34)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app import policy
from app.db import session
from app.points.lots import issue, lock_guest
from app.points.models import Kind, PointEntry, PointLot, Reason


def give_back(
    spent_key: str, *, points: int | None = None, reason: Reason, key: str, now: datetime
) -> int:
    """Return a spending, or so many points of it, once for each key; returns the points given back.

    Of a part, what was taken last goes back first: it has the most time left. A lot that has
    expired, or has too few days left to be of use, takes nothing back: the guest gets a new free
    lot instead. What is returned already is not returned again, under whatever key.
    """
    parts = _parts_of(spent_key)
    lock_guest(parts[0][1].guest_id)
    if session.scalar(select(PointEntry.id).where(PointEntry.key == key)) is not None:
        return 0
    wanted = sum(-entry.delta for entry, _ in parts) if points is None else points
    left = _left_of([entry for entry, _ in parts])
    returned = 0
    for entry, lot in reversed(parts):
        part = min(left[entry.id], wanted - returned)
        if part:
            part_key = f"{key}:part:{entry.id}" if returned else key
            _give_back_part(entry, lot, part, reason=reason, key=part_key, now=now)
            returned += part
    return returned


def _parts_of(spent_key: str) -> list[tuple[PointEntry, PointLot]]:
    """The entries of a spending with their lots, in the order in which they were taken."""
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
    return [(entry, lot) for entry, lot in parts]


def _left_of(entries: list[PointEntry]) -> dict[int, int]:
    """By entry: the points it took that have not been returned yet."""
    reversing = (
        select(PointEntry.reverses, func.sum(PointEntry.delta))
        .where(PointEntry.reverses.in_([entry.id for entry in entries]))
        .group_by(PointEntry.reverses)
    )
    returned = dict(session.execute(reversing).all())
    return {entry.id: -entry.delta - returned.get(entry.id, 0) for entry in entries}


def _give_back_part(
    entry: PointEntry, lot: PointLot, points: int, *, reason: Reason, key: str, now: datetime
) -> None:
    """Some of one entry's points, back where they came from or into a lot of their own."""
    session.refresh(lot, with_for_update=True)
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
