"""The books of payouts: sums, files, states, and that no claim is paid twice. Nothing here mends anything."""

from sqlalchemy import select, text

from app.db import rows, session
from app.payouts import approving, banks_file
from app.payouts.models import Payout, PayoutBatch

_CHECKS = {
    "payout {0}: claims {1} yen, but the claims in it add up to {2}": text("""
        SELECT payout.id, payout.claimed_yen, coalesce(sum(claim.yen), 0)
        FROM payout
        LEFT JOIN payout_claim AS link ON link.payout_id = payout.id
        LEFT JOIN claim ON claim.id = link.claim_id
        GROUP BY payout.id
        HAVING payout.claimed_yen <> coalesce(sum(claim.yen), 0)
    """),
    "payout {0}: pays a claim of another cast": text("""
        SELECT DISTINCT payout.id
        FROM payout
        JOIN payout_claim AS link ON link.payout_id = payout.id
        JOIN claim ON claim.id = link.claim_id
        WHERE claim.cast_id <> payout.cast_id
    """),
    "payout {0}: is {1}, but its claims are held otherwise": text("""
        SELECT DISTINCT payout.id, payout.state
        FROM payout JOIN payout_claim AS link ON link.payout_id = payout.id
        WHERE link.live <> (payout.state IN ('waiting', 'paid'))
    """),
    "claim {0}: is paid by {1} payouts": text("""
        SELECT link.claim_id, count(*)
        FROM payout_claim AS link JOIN payout ON payout.id = link.payout_id
        WHERE payout.state = 'paid'
        GROUP BY link.claim_id HAVING count(*) > 1
    """),
    "payout {0}: is {1} in a batch that is {2}": text("""
        SELECT payout.id, payout.state, batch.state
        FROM payout JOIN payout_batch AS batch ON batch.id = payout.batch_id
        WHERE NOT CASE batch.state
            WHEN 'withdrawn' THEN payout.state = 'withdrawn'
            WHEN 'paid' THEN payout.state IN ('paid', 'returned', 'withdrawn')
            WHEN 'accepted' THEN payout.state IN ('waiting', 'returned', 'withdrawn')
            ELSE payout.state IN ('waiting', 'withdrawn')
        END
    """),
    "batch {0}: is {1}, but its stamps say otherwise": text("""
        SELECT id, state FROM payout_batch AS batch
        WHERE (withdrawn_at IS NOT NULL) <> (state = 'withdrawn')
           OR (paid_at IS NOT NULL) <> (state = 'paid')
           OR (paid_at IS NULL) <> (paid_on IS NULL)
           OR (accepted_at IS NOT NULL) <> (state IN ('accepted', 'paid'))
           OR (state <> 'withdrawn'
               AND (approved_at IS NOT NULL) <> (state IN ('approved', 'accepted', 'paid')))
           OR (approved_at IS NULL) <> (approved_by IS NULL)
           OR (accepted_at IS NULL) <> (accepted_by IS NULL)
           OR (paid_at IS NULL) <> (paid_by IS NULL)
           OR (withdrawn_at IS NULL) <> (withdrawn_by IS NULL)
    """),
    "payout {0}: came back, and it is not said when, why, or by whom it was written down": text("""
        SELECT id FROM payout
        WHERE (state = 'returned') <> (returned_on IS NOT NULL)
           OR (state = 'returned') <> (return_reason IS NOT NULL)
           OR (state = 'returned') <> (returned_by IS NOT NULL)
    """),
    "payout {0}: was approved without the facts of its statement": text("""
        SELECT payout.id
        FROM payout JOIN payout_batch AS batch ON batch.id = payout.batch_id
        WHERE batch.state IN ('approved', 'accepted', 'paid') AND batch.forgotten_at IS NULL
          AND (payout.state <> 'withdrawn') <> (payout.statement IS NOT NULL)
    """),
}


def problems() -> list[str]:
    """Every difference in batches and payouts, in words."""
    of_rows = [words.format(*row) for words, wanted in _CHECKS.items() for row in rows(wanted)]
    return of_rows + _of_files()


def _of_files() -> list[str]:
    """Files that are not the ones that were approved, or that pay something else."""
    is_kept = PayoutBatch.forgotten_at.is_(None)
    wanted = select(PayoutBatch).where(PayoutBatch.file_sha256.is_not(None), is_kept)
    batches = session.scalars(wanted.order_by(PayoutBatch.id)).all()
    return [said for batch in batches for said in _of_file(batch)]


def _of_file(batch: PayoutBatch) -> list[str]:
    assert batch.file is not None, "the database keeps both or neither"
    if approving.hash_of(batch.file) != batch.file_sha256:
        return [f"batch {batch.id}: its file does not fit its SHA-256"]
    try:
        sent = banks_file.read(batch.file)
    except ValueError as error:
        return [f"batch {batch.id}: its file cannot be read: {error}"]
    in_file = (Payout.batch_id == batch.id) & Payout.statement.is_not(None)
    payouts = session.execute(select(Payout.id, Payout.transfer_yen).where(in_file)).all()
    paid = {transfer.customer_number: transfer.yen for transfer in sent.transfers}
    if len(paid) != len(sent.transfers) or paid != {row.id: row.transfer_yen for row in payouts}:
        return [f"batch {batch.id}: its file pays something else than its payouts"]
    return []
