"""Who is left out of a batch and why, one batch for one press, and accounts that money came back from"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

REASONS = (
    *("no_account", "came_back", "correction", "other_holder", "shared", "no_branch"),
    "unwritable",
)


def upgrade() -> None:
    op.create_table(
        "payout_left_out",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False),
        sa.Column("reason", _one_of(*REASONS, name="leftoutreason"), nullable=False),
        sa.CheckConstraint("yen > 0", name=op.f("ck_payout_left_out_yen_positive")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payout_batch.id"], name=op.f("fk_payout_left_out_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_payout_left_out_cast_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "cast_id", name=op.f("pk_payout_left_out")),
    )
    op.add_column("payout_batch", sa.Column("form_key", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_payout_batch_form_key"), "payout_batch", ["form_key"])
    op.add_column(
        "bank_account", sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("bank_account", "came_back_at")
    op.drop_constraint(op.f("uq_payout_batch_form_key"), "payout_batch")
    op.drop_column("payout_batch", "form_key")
    op.drop_table("payout_left_out")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
