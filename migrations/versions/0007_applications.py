"""Applications of casts: their documents and the screening"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("key_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            _one_of(
                "draft", "applied", "more_documents", "passed", "failed", name="applicationstate"
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("consents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_kana", sa.String(), nullable=False),
        sa.Column("given_kana", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("cast_name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "wished_rank",
            _one_of("blue", "silver", "gold", "platinum", "black", name="rank"),
            nullable=True,
        ),
        sa.Column("introduction", sa.String(), nullable=False),
        sa.Column("picture_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "document_kind",
            _one_of("licence", "passport", "student_card", "residence_card", name="documentkind"),
            nullable=True,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_application_sent_or_draft")
        ),
        sa.CheckConstraint(
            "(state = 'passed') = (account_id IS NOT NULL)",
            name=op.f("ck_application_passed_to_account"),
        ),
        sa.CheckConstraint(
            "(state IN ('passed', 'failed')) = (decided_at IS NOT NULL)",
            name=op.f("ck_application_decided_when"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_application_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_application_picture_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("account_id", name=op.f("uq_application_account_id")),
        sa.UniqueConstraint("key", name=op.f("uq_application_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_application_public_id")),
    )
    op.create_index(
        "ix_application_queue",
        "application",
        ["submitted_at"],
        unique=False,
        postgresql_where="state IN ('applied', 'more_documents')",
    )
    op.create_index(
        "uq_application_open_email",
        "application",
        ["email"],
        unique=True,
        postgresql_where="state IN ('draft', 'applied', 'more_documents')",
    )
    op.create_index(
        "uq_application_waiting_name",
        "application",
        ["folded_name"],
        unique=True,
        postgresql_where="state IN ('applied', 'more_documents')",
    )
    op.create_table(
        "document_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            _one_of("licence", "passport", "student_card", "residence_card", name="documentkind"),
            nullable=False,
        ),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("number_mark", sa.String(), nullable=False),
        sa.Column("face_ok", sa.Boolean(), nullable=False),
        sa.Column("name_ok", sa.Boolean(), nullable=False),
        sa.Column("born_ok", sa.Boolean(), nullable=False),
        sa.Column("address_ok", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_check_application_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_document_check_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_check")),
        sa.UniqueConstraint("application_id", name=op.f("uq_document_check_application_id")),
    )
    op.create_index("ix_document_check_mark", "document_check", ["number_mark"], unique=False)
    op.create_table(
        "identity_picture",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            _one_of("licence", "passport", "student_card", "residence_card", name="documentkind"),
            nullable=False,
        ),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(jpeg IS NULL) = (deleted_at IS NOT NULL)",
            name=op.f("ck_identity_picture_kept_or_deleted"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_identity_picture_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_picture")),
        sa.UniqueConstraint("public_id", name=op.f("uq_identity_picture_public_id")),
    )
    op.create_index(
        "ix_identity_picture_application",
        "identity_picture",
        ["application_id", "id"],
        unique=False,
    )
    op.create_index("ix_identity_picture_mark", "identity_picture", ["mark"], unique=False)
    op.create_table(
        "screening_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            _one_of("asked", "proposed_pass", "passed", "refused", name="stepkind"),
            nullable=False,
        ),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "rank",
            _one_of("blue", "silver", "gold", "platinum", "black", name="rank"),
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_screening_step_application_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_screening_step_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_step")),
    )
    op.create_index(
        "ix_screening_step_application", "screening_step", ["application_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("screening_step")
    op.drop_table("identity_picture")
    op.drop_table("document_check")
    op.drop_table("application")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
