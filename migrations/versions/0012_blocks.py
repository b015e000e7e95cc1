"""Blocks, reports of people, suspensions; messages get names that cannot be counted"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("blocker_id", sa.BigInteger(), nullable=False),
        sa.Column("blocked_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blocked_id"], ["account.id"], name=op.f("fk_block_blocked_id")),
        sa.ForeignKeyConstraint(["blocker_id"], ["account.id"], name=op.f("fk_block_blocker_id")),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name=op.f("pk_block")),
        sa.UniqueConstraint("public_id", name=op.f("uq_block_public_id")),
    )
    op.create_index("ix_block_blocked", "block", ["blocked_id"], unique=False)
    op.create_table(
        "moderation_look",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "verdict", _one_of("fine", "warned", "suspended", name="verdict"), nullable=False
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_moderation_look_by")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["account.id"], name=op.f("fk_moderation_look_subject_id")
        ),
        sa.PrimaryKeyConstraint("about", name=op.f("pk_moderation_look")),
    )
    op.create_index(
        op.f("ix_moderation_look_subject_id"), "moderation_look", ["subject_id"], unique=False
    )
    op.create_table(
        "person_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            _one_of("note", "warning", "suspended", "lifted", name="notekind"),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_person_note_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["account.id"], name=op.f("fk_person_note_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_note")),
    )
    op.create_index("ix_person_note_account", "person_note", ["account_id", "id"], unique=False)
    op.create_table(
        "person_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("thing", _one_of("message", "profile", name="thing"), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "reason",
            _one_of("harassment", "contact", "minor", "money", "other", name="reportreason"),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["account.id"], name=op.f("fk_person_report_reporter_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["account.id"], name=op.f("fk_person_report_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_report_public_id")),
        sa.UniqueConstraint(
            "reporter_id",
            "subject_id",
            "about",
            name=op.f("uq_person_report_reporter_id_subject_id_about"),
        ),
    )
    op.create_index("ix_person_report_subject", "person_report", ["subject_id"], unique=False)
    op.add_column("account", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("suspended_because", sa.String(), nullable=True))
    op.execute("UPDATE account SET suspended_because = ''")
    op.alter_column("account", "suspended_because", nullable=False)
    op.add_column("talk_cast", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("public_id", sa.String(), nullable=True))
    op.execute("UPDATE message SET public_id = replace(gen_random_uuid()::text, '-', '')")
    op.alter_column("message", "public_id", nullable=False)
    op.create_unique_constraint(op.f("uq_message_public_id"), "message", ["public_id"])


def downgrade() -> None:
    op.drop_constraint("uq_message_public_id", "message")
    op.drop_column("message", "public_id")
    op.drop_column("talk_cast", "hidden_at")
    op.drop_column("account", "suspended_because")
    op.drop_column("account", "suspended_at")
    op.drop_table("person_report")
    op.drop_table("person_note")
    op.drop_table("moderation_look")
    op.drop_table("block")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
