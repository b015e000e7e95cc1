"""A reservation is served when its talk ends, rounds of closings, and books whose time is over"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CHECKS = {
    "approved_with_file": (
        "(approved_at IS NULL) = (file IS NULL)",
        "(approved_at IS NULL) = (file_sha256 IS NULL)",
    ),
    "file_has_hash": (
        "(file IS NULL) = (file_sha256 IS NULL)",
        "(file IS NOT NULL) = (file_sha256 IS NOT NULL AND forgotten_at IS NULL)",
    ),
}


def upgrade() -> None:
    op.drop_index("ix_booking_cast_ends", table_name="booking")
    op.create_index("ix_booking_cast_served", "booking", ["cast_id", "talk_ends_at"], unique=False)
    op.create_index(
        "ix_booking_cast_ahead",
        "booking",
        ["cast_id"],
        unique=False,
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_index("ix_desk_case_decided", "desk_case", ["decided_at"], unique=False)
    op.execute(
        "UPDATE claim_item SET served_at = talk_ends_at FROM booking WHERE booking.id = booking_id"
    )
    op.add_column(
        "closing", sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.alter_column("closing", "whole", server_default=None)
    op.add_column(
        "payout_batch", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True)
    )
    _check(number=1)


def downgrade() -> None:
    _check(number=0)
    op.drop_column("payout_batch", "forgotten_at")
    op.drop_column("closing", "whole")
    op.execute(
        "UPDATE claim_item SET served_at = ends_at FROM booking WHERE booking.id = booking_id"
    )
    op.drop_index("ix_desk_case_decided", table_name="desk_case")
    op.drop_index("ix_booking_cast_ahead", table_name="booking")
    op.drop_index("ix_booking_cast_served", table_name="booking")
    op.create_index("ix_booking_cast_ends", "booking", ["cast_id", "ends_at"], unique=False)


def _check(*, number: int) -> None:
    for name, conditions in CHECKS.items():
        whole = op.f(f"ck_payout_batch_{name}")
        op.drop_constraint(whole, "payout_batch")
        op.create_check_constraint(whole, "payout_batch", conditions[number])
