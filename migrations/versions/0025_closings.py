"""Closings go on where they were, and look up what is claimed of a booking"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closing", sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("closing", sa.Column("swept_to", sa.BigInteger(), nullable=True))
    op.execute("UPDATE closing SET swept_at = begun_at")
    op.alter_column("closing", "swept_at", nullable=False)
    op.create_index(
        "ix_claim_item_booking",
        "claim_item",
        ["booking_id"],
        unique=False,
        postgresql_where="booking_id IS NOT NULL",
    )
    op.create_index(
        "ix_claim_closing",
        "claim",
        ["claimed_at"],
        unique=False,
        postgresql_where="kind = 'closing'",
    )


def downgrade() -> None:
    op.drop_index("ix_claim_closing", "claim")
    op.drop_index("ix_claim_item_booking", "claim_item")
    op.drop_column("closing", "swept_to")
    op.drop_column("closing", "swept_at")
