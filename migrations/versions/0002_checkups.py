"""Checkups: what the nightly check of the books found"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkup",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("found", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_checkup_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkup")),
    )
    op.create_index(
        "uq_checkup_waiting", "checkup", ["waiting"], unique=True, postgresql_where="waiting"
    )


def downgrade() -> None:
    op.drop_table("checkup")
