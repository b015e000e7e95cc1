"""Claims, their items, closings, payouts and who pays them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closing")),
    )
    op.create_table(
        "transfer_fee",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bank_code", sa.String(), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("from_yen", sa.Integer(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("fee_yen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "branch_code = '' OR bank_code <> ''", name=op.f("ck_transfer_fee_branch_has_bank")
        ),
        sa.CheckConstraint(
            "fee_yen >= 0 AND from_yen >= 0", name=op.f("ck_transfer_fee_amounts_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_fee")),
        sa.UniqueConstraint(
            "bank_code",
            "branch_code",
            "from_yen",
            "holds_from",
            name=op.f("uq_transfer_fee_bank_code_branch_code_from_yen_holds_from"),
        ),
    )
    op.create_table(
        "remitter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bank_code", sa.String(), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("account_kind", sa.String(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("line_ends", sa.Boolean(), nullable=False),
        sa.Column("cast_bears_fee", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_remitter_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remitter")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _one_of("asked", "closing", name="claimkind"), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.CheckConstraint("yen > 0 AND items > 0", name=op.f("ck_claim_claims_something")),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_claim_cast_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("form_key", name=op.f("uq_claim_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_public_id")),
    )
    op.create_index("ix_claim_cast", "claim", ["cast_id", "id"], unique=False)
    op.create_index("ix_claim_pay_on", "claim", ["pay_on", "cast_id"], unique=False)
    op.create_table(
        "payout_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            _one_of("made", "approved", "accepted", "paid", "withdrawn", name="batchstate"),
            nullable=False,
        ),
        sa.Column("remitter_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (file IS NULL)",
            name=op.f("ck_payout_batch_approved_with_file"),
        ),
        sa.CheckConstraint(
            "(file IS NULL) = (file_sha256 IS NULL)", name=op.f("ck_payout_batch_file_has_hash")
        ),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_payout_batch_two_people")),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["account.id"], name=op.f("fk_payout_batch_accepted_by")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_payout_batch_approved_by")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_payout_batch_made_by")),
        sa.ForeignKeyConstraint(["paid_by"], ["account.id"], name=op.f("fk_payout_batch_paid_by")),
        sa.ForeignKeyConstraint(
            ["remitter_id"], ["remitter.id"], name=op.f("fk_payout_batch_remitter_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_payout_batch_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payout_batch_public_id")),
    )
    op.create_index("ix_payout_batch_pay_on", "payout_batch", ["pay_on"], unique=False)
    op.create_table(
        "withholding",
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column(
            "tax_class",
            _one_of("none", "teaching", "non_resident", name="withholdingclass"),
            nullable=False,
        ),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_withholding_cast_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_withholding_written_by")
        ),
        sa.PrimaryKeyConstraint("cast_id", "holds_from", name=op.f("pk_withholding")),
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=True),
        sa.Column("bank_code", sa.String(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("branch_name", sa.String(), nullable=False),
        sa.Column(
            "account_kind",
            _one_of("ordinary", "current", "savings", name="accountkind"),
            nullable=False,
        ),
        sa.Column("account_number", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("new_code", sa.String(), nullable=False),
        sa.Column("claimed_yen", sa.Integer(), nullable=False),
        sa.Column(
            "tax_class",
            _one_of("none", "teaching", "non_resident", name="withholdingclass"),
            nullable=False,
        ),
        sa.Column("withheld_yen", sa.Integer(), nullable=False),
        sa.Column("bank_fee_yen", sa.Integer(), nullable=False),
        sa.Column("fee_yen", sa.Integer(), nullable=False),
        sa.Column("transfer_yen", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _one_of("waiting", "paid", "returned", "withdrawn", name="payoutstate"),
            nullable=False,
        ),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "return_reason",
            _one_of("no_account", "other_name", "closed", "other", name="returnreason"),
            nullable=True,
        ),
        sa.Column("statement", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(state = 'returned') = (returned_at IS NOT NULL)", name=op.f("ck_payout_returned_when")
        ),
        sa.CheckConstraint(
            "transfer_yen = claimed_yen - withheld_yen - fee_yen",
            name=op.f("ck_payout_amounts_add_up"),
        ),
        sa.CheckConstraint("transfer_yen > 0", name=op.f("ck_payout_transfer_positive")),
        sa.CheckConstraint(
            "withheld_yen >= 0 AND fee_yen >= 0 AND bank_fee_yen >= fee_yen",
            name=op.f("ck_payout_taken_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_account.id"],
            name=op.f("fk_payout_bank_account_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batch.id"], name=op.f("fk_payout_batch_id")),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_payout_cast_id")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"], ["account.id"], name=op.f("fk_payout_returned_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("batch_id", "cast_id", name=op.f("uq_payout_batch_id_cast_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payout_public_id")),
    )
    op.create_index(op.f("ix_payout_bank_account_id"), "payout", ["bank_account_id"], unique=False)
    op.create_index("ix_payout_cast", "payout", ["cast_id", "id"], unique=False)
    op.create_table(
        "claim_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("talk_id", sa.BigInteger(), nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(talk_id IS NULL) <> (booking_id IS NULL)", name=op.f("ck_claim_item_of_one_talk")
        ),
        sa.CheckConstraint(
            "case_id IS NULL OR booking_id IS NOT NULL", name=op.f("ck_claim_item_more_by_a_case")
        ),
        sa.CheckConstraint("yen > 0", name=op.f("ck_claim_item_yen_positive")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_claim_item_booking_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["desk_case.id"], name=op.f("fk_claim_item_case_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_item_claim_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_claim_item_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_item")),
    )
    op.create_index("ix_claim_item_claim", "claim_item", ["claim_id"], unique=False)
    op.create_index(
        "uq_claim_item_booking",
        "claim_item",
        ["booking_id"],
        unique=True,
        postgresql_where="booking_id IS NOT NULL AND case_id IS NULL",
    )
    op.create_index(
        "uq_claim_item_case",
        "claim_item",
        ["case_id"],
        unique=True,
        postgresql_where="case_id IS NOT NULL",
    )
    op.create_index(
        "uq_claim_item_talk",
        "claim_item",
        ["talk_id"],
        unique=True,
        postgresql_where="talk_id IS NOT NULL",
    )
    op.create_table(
        "payout_claim",
        sa.Column("payout_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_payout_claim_claim_id")),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_payout_claim_payout_id")
        ),
        sa.PrimaryKeyConstraint("payout_id", "claim_id", name=op.f("pk_payout_claim")),
    )
    op.create_index(
        "uq_payout_claim_live", "payout_claim", ["claim_id"], unique=True, postgresql_where="live"
    )


def downgrade() -> None:
    op.drop_table("payout_claim")
    op.drop_table("claim_item")
    op.drop_table("payout")
    op.drop_table("withholding")
    op.drop_table("payout_batch")
    op.drop_table("claim")
    op.drop_table("remitter")
    op.drop_table("transfer_fee")
    op.drop_table("closing")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
