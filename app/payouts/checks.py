"""The books of claims and payouts, checked against talks and settlements. Nothing here mends anything."""

from sqlalchemy import text

from app.db import rows
from app.payouts import batch_checks

_CHECKS = {
    "claim {0}: claims {1} yen, but its items add up to {2}": text("""
        SELECT claim.id, claim.yen, coalesce(sum(item.yen), 0)
        FROM claim LEFT JOIN claim_item AS item ON item.claim_id = claim.id
        GROUP BY claim.id
        HAVING claim.yen <> coalesce(sum(item.yen), 0) OR claim.items <> count(item.id)
    """),
}


def problems() -> list[str]:
    """Every difference between claims, payouts and what was earned, in words."""
    of_claims = [words.format(*row) for words, wanted in _CHECKS.items() for row in rows(wanted)]
    return of_claims + batch_checks.problems()
