"""Spending points: many guests in one statement, and a single guest by the same one.

A spending takes the earliest expiry first, free before paid, older first (D33), splits over lots
where it must, and happens whole or not at all. A key already written spends nothing again.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from app.db import array, rows
from app.points.models import Reason


class Wanted(NamedTuple):
    """Points to be taken from one guest for one thing."""

    guest_id: int
    points: int
    about: str
    key: str


# In id order, so that two batches never wait for each other in a circle.
_LOCK_GUESTS = text("""
    SELECT id FROM account WHERE id = ANY(CAST(:guest_ids AS bigint[])) ORDER BY id
    FOR NO KEY UPDATE
""")

# Run after the guests are locked, so that its snapshot sees their lots as they are now.
_SPEND = text("""
    WITH wanted AS (
        SELECT (w ->> 0)::bigint AS guest_id, (w ->> 1)::int AS points,
               w ->> 2 AS about, w ->> 3 AS key
        FROM jsonb_array_elements(CAST(:wanted AS jsonb)) AS w
    ), fresh AS (
        -- As a value for each, it is looked up by index however few or many are wanted.
        SELECT * FROM wanted
        WHERE (SELECT id FROM point_entry WHERE point_entry.key = wanted.key) IS NULL
    ), purse AS (
        SELECT lot.id, lot.guest_id, lot.remaining, fresh.points, fresh.about, fresh.key,
               sum(lot.remaining) OVER spending - lot.remaining AS before,
               sum(lot.remaining) OVER (PARTITION BY lot.guest_id) AS held,
               row_number() OVER spending AS part
        FROM fresh JOIN point_lot AS lot USING (guest_id)
        WHERE lot.remaining > 0 AND lot.expires_at > :now
        WINDOW spending AS (
            PARTITION BY lot.guest_id ORDER BY lot.expires_at, lot.kind, lot.bought_at, lot.id
        )
    ), part AS (
        SELECT id, guest_id, about, least(remaining, points - before) AS points,
               CASE part WHEN 1 THEN key ELSE key || ':part:' || part END AS key
        FROM purse WHERE held >= points AND before < points
    ), taken AS (
        UPDATE point_lot SET remaining = point_lot.remaining - part.points
        FROM part WHERE point_lot.id = part.id
    ), written AS (
        INSERT INTO point_entry (lot_id, delta, reason, about, key, at)
        SELECT id, -points, :reason, about, key, :now FROM part ORDER BY key
    )
    SELECT guest_id FROM fresh EXCEPT SELECT guest_id FROM part
""")


def spend_many(wanted: Sequence[Wanted], *, reason: Reason, now: datetime) -> set[int]:
    """Take points from many guests at once; returns those who cannot pay, mostly nobody.

    Each guest at most once a call. Who cannot pay the whole keeps everything.
    """
    guest_ids = [each.guest_id for each in wanted]
    assert len(set(guest_ids)) == len(guest_ids), "one spending a guest"
    rows(_LOCK_GUESTS, guest_ids=array(guest_ids))
    return spend_held(wanted, reason=reason, now=now)


def spend_held(wanted: Sequence[Wanted], *, reason: Reason, now: datetime) -> set[int]:
    """The same, by a caller who holds the guests since an earlier statement of this transaction."""
    short = rows(_SPEND, wanted=json.dumps(wanted), reason=reason, now=now)
    return {guest_id for (guest_id,) in short}
