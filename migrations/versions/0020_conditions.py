"""The written conditions of casts' work"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conditions_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_conditions_notice_number_positive")),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_conditions_notice_cast_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conditions_notice")),
        sa.UniqueConstraint("cast_id", "number", name=op.f("uq_conditions_notice_cast_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_conditions_notice_public_id")),
    )
    op.create_index(
        "ix_conditions_notice_holding",
        "conditions_notice",
        ["cast_id", "holds_from", "number"],
        unique=False,
    )
    op.create_index(
        "ix_conditions_notice_holds_from", "conditions_notice", ["holds_from"], unique=False
    )
    op.create_table(
        "conditions_seen",
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["conditions_notice.id"],
            name=op.f("fk_conditions_seen_notice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_conditions_seen")),
    )
    # What a cast was told stays as it was; a row goes only with the books of its time.
    op.execute(
        "CREATE TRIGGER conditions_notice_stays BEFORE UPDATE ON conditions_notice "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER conditions_seen_stays BEFORE UPDATE ON conditions_seen "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("conditions_seen")
    op.drop_table("conditions_notice")
