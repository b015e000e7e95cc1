"""The office's notices, memos and notes of casts, invitations to a rank"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("audience", _one_of("casts", "guests", "both", name="audience"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_read", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_office_notice_start_before_end")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_office_notice_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_office_notice_public_id")),
    )
    op.create_index(
        "ix_office_notice_starts",
        "office_notice",
        ["starts_at"],
        unique=False,
        postgresql_where="withdrawn_at IS NULL",
    )
    op.create_table(
        "cast_memo",
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_cast_memo_cast_id")
        ),
        sa.PrimaryKeyConstraint("cast_id", name=op.f("pk_cast_memo")),
    )
    op.create_table(
        "guest_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_guest_note_cast_id")
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["account.id"], name=op.f("fk_guest_note_guest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_note")),
        sa.UniqueConstraint("cast_id", "guest_id", name=op.f("uq_guest_note_cast_id_guest_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guest_note_public_id")),
    )
    op.create_index("ix_guest_note_guest", "guest_note", ["guest_id"], unique=False)
    op.create_table(
        "notice_reading",
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_reading_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["office_notice.id"], name=op.f("fk_notice_reading_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_reading")),
    )
    op.create_index("ix_notice_reading_account", "notice_reading", ["account_id"], unique=False)
    op.create_table(
        "rank_invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "rank_before",
            _one_of("blue", "silver", "gold", "platinum", "black", name="rank_before"),
            nullable=False,
        ),
        sa.Column(
            "rank",
            _one_of("blue", "silver", "gold", "platinum", "black", name="rank"),
            nullable=False,
        ),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "state",
            _one_of("open", "accepted", "declined", "withdrawn", "expired", name="invitationstate"),
            nullable=False,
        ),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_rank_invitation_closed_when")
        ),
        sa.CheckConstraint(
            "applied_at IS NULL OR state = 'accepted'",
            name=op.f("ck_rank_invitation_applied_if_accepted"),
        ),
        sa.CheckConstraint("rank <> rank_before", name=op.f("ck_rank_invitation_another_rank")),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_rank_invitation_cast_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_rank_invitation_invited_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rank_invitation_public_id")),
    )
    op.create_index("ix_rank_invitation_cast", "rank_invitation", ["cast_id", "id"], unique=False)
    op.create_index(
        "uq_rank_invitation_ahead",
        "rank_invitation",
        ["cast_id"],
        unique=True,
        postgresql_where="state = 'open' OR (state = 'accepted' AND applied_at IS NULL)",
    )


def downgrade() -> None:
    op.drop_table("rank_invitation")
    op.drop_table("notice_reading")
    op.drop_table("guest_note")
    op.drop_table("cast_memo")
    op.drop_table("office_notice")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
