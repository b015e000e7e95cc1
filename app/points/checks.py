"""The books of points, checked against each other. Nothing here mends anything."""

from sqlalchemy import text

from app.db import rows

_CHECKS = {
    "lot {0}: remaining {1}, but its entries add up to {2}": text("""
        SELECT lot.id, lot.remaining, coalesce(sum(entry.delta), 0)
        FROM point_lot AS lot LEFT JOIN point_entry AS entry ON entry.lot_id = lot.id
        GROUP BY lot.id HAVING lot.remaining <> coalesce(sum(entry.delta), 0)
    """),
    "lot {0}: issued {1}, but its first entry is {2}": text("""
        SELECT lot.id, lot.points, entry.delta FROM point_lot AS lot
        LEFT JOIN LATERAL (
            SELECT delta FROM point_entry WHERE lot_id = lot.id ORDER BY id LIMIT 1
        ) AS entry ON true WHERE entry.delta IS DISTINCT FROM lot.points
    """),
    "entry {0}: took {1}, but its returns add up to {2}": text("""
        SELECT spent.id, -spent.delta, sum(back.delta) FROM point_entry AS back
        JOIN point_entry AS spent ON spent.id = back.reverses
        GROUP BY spent.id HAVING sum(back.delta) > -spent.delta
    """),
    "entry {0}: returns into lot {1}, but entry {2} took from another": text("""
        SELECT back.id, back.lot_id, spent.id FROM point_entry AS back
        JOIN point_entry AS spent ON spent.id = back.reverses WHERE back.lot_id <> spent.lot_id
    """),
}


def problems() -> list[str]:
    """Every difference between lots and their entries, in words; an empty list is a good day."""
    return [words.format(*row) for words, statement in _CHECKS.items() for row in rows(statement)]
