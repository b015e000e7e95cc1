"""Reservations that the office cancelled"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OUTCOMES = (
    "guest_cancelled",
    "guest_cancelled_late",
    "cast_cancelled",
    "cast_emergency",
    "office_cancelled",
    "completed",
    "guest_absent",
    "cast_absent",
    "both_absent",
    "cast_late",
    "trouble",
    "unclear",
)


def upgrade() -> None:
    op.drop_constraint("ck_settlement_outcome", "settlement")
    listed = ", ".join(f"'{outcome}'" for outcome in OUTCOMES)
    op.create_check_constraint(
        op.f("ck_settlement_outcome"), "settlement", f"outcome IN ({listed})"
    )


def downgrade() -> None:
    raise NotImplementedError("Settlements are money; a backup from before is the way back.")
