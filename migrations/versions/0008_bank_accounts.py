"""Bank accounts and profiles of casts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_code", sa.String(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("branch_name", sa.String(), nullable=False),
        sa.Column(
            "kind", _one_of("ordinary", "current", "savings", name="accountkind"), nullable=False
        ),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_mark", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("holder_ok", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", _one_of("accepted", "correction", name="verdict"), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verdict IS NULL) = (reviewed_at IS NULL) AND (verdict IS NULL) = (reviewed_by IS NULL)",
            name=op.f("ck_bank_account_reviewed_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bank_account_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["account.id"], name=op.f("fk_bank_account_reviewed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bank_account_public_id")),
    )
    op.create_index("ix_bank_account_number", "bank_account", ["number_mark"], unique=False)
    op.create_index(
        "uq_bank_account_current",
        "bank_account",
        ["account_id"],
        unique=True,
        postgresql_where="replaced_at IS NULL",
    )
    op.create_table(
        "cast_picture",
        sa.Column("picture_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position BETWEEN 0 AND 4", name=op.f("ck_cast_picture_few")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_cast_picture_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["picture.id"],
            name=op.f("fk_cast_picture_picture_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_cast_picture")),
        sa.UniqueConstraint(
            "account_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_cast_picture_account_id_position"),
        ),
    )
    # A cast may replace the picture of the application by another one, and it is forgotten.
    op.drop_constraint("fk_application_picture_id", "application", type_="foreignkey")
    op.create_foreign_key(
        "fk_application_picture_id",
        "application",
        "picture",
        ["picture_id"],
        ["id"],
        ondelete="SET NULL",
    )
    # Casts that are there already have no links.
    op.add_column(
        "talk_cast", sa.Column("site_url", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("talk_cast", "site_url", server_default=None)
    links = sa.Column("links", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}")
    op.add_column("talk_cast", links)
    op.alter_column("talk_cast", "links", server_default=None)


def downgrade() -> None:
    op.drop_column("talk_cast", "links")
    op.drop_column("talk_cast", "site_url")
    op.drop_constraint("fk_application_picture_id", "application", type_="foreignkey")
    op.create_foreign_key(
        "fk_application_picture_id", "application", "picture", ["picture_id"], ["id"]
    )
    op.drop_table("cast_picture")
    op.drop_table("bank_account")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
