"""Casts' registration numbers of the invoice system"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tax_registration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number ~ '^(T[0-9]{13})?$'", name=op.f("ck_tax_registration_number_or_none")
        ),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_tax_registration_cast_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_registration")),
    )
    op.create_index("ix_tax_registration_cast", "tax_registration", ["cast_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("tax_registration")
