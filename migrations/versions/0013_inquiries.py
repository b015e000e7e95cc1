"""Inquiries and their threads"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("pressed", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "subject",
            _one_of(
                "talk",
                "points",
                "account",
                "becoming_cast",
                "identity",
                "accessibility",
                "personal_data",
                "other",
                name="subject",
            ),
            nullable=False,
        ),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("led_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "closed_at IS NULL OR waits_since IS NULL", name=op.f("ck_inquiry_closed_waits_no_more")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_inquiry_account_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_inquiry_booking_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_inquiry_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("key", name=op.f("uq_inquiry_key")),
        sa.UniqueConstraint("number", name=op.f("uq_inquiry_number")),
        sa.UniqueConstraint("pressed", name=op.f("uq_inquiry_pressed")),
    )
    op.create_index("ix_inquiry_account", "inquiry", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_inquiry_waiting",
        "inquiry",
        ["waits_since"],
        unique=False,
        postgresql_where="waits_since IS NOT NULL",
    )
    op.create_table(
        "inquiry_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _one_of("asked", "answer", "note", name="linekind"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'asked') = (operator_id IS NULL)", name=op.f("ck_inquiry_line_office_signs")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_inquiry_line_says_something")),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_inquiry_line_inquiry_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["account.id"], name=op.f("fk_inquiry_line_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_line")),
    )
    op.create_index("ix_inquiry_line_inquiry", "inquiry_line", ["inquiry_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("inquiry_line")
    op.drop_table("inquiry")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
