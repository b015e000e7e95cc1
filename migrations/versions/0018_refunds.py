"""Walk-ins that the office decides about: cases, returned and borne minutes, what casts say of them"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk_impression",
        sa.Column("talk_id", sa.BigInteger(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_talk_impression_one_to_five")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_impression_talk_id")),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_talk_impression")),
    )
    for name in ("minutes_refunded", "minutes_borne"):
        op.add_column("talk", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        op.alter_column("talk", name, server_default=None)
    op.create_check_constraint(
        op.f("ck_talk_refunds_in_range"),
        "talk",
        "minutes_refunded >= 0 AND minutes_refunded <= minutes_returned",
    )
    op.create_check_constraint(
        op.f("ck_talk_borne_in_range"),
        "talk",
        "minutes_borne >= 0 AND minutes_borne <= minutes_refunded",
    )
    op.alter_column("desk_case", "booking_id", nullable=True)
    op.add_column("desk_case", sa.Column("talk_id", sa.BigInteger(), nullable=True))
    op.add_column("desk_case", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_desk_case_talk_id"), "desk_case", "talk", ["talk_id"], ["id"])
    op.create_unique_constraint(op.f("uq_desk_case_talk_id"), "desk_case", ["talk_id"])
    op.create_check_constraint(
        op.f("ck_desk_case_about_one"), "desk_case", "(booking_id IS NULL) <> (talk_id IS NULL)"
    )
    op.create_index(
        "ix_desk_case_untold",
        "desk_case",
        ["id"],
        unique=False,
        postgresql_where="talk_id IS NOT NULL AND told_at IS NULL",
    )


def downgrade() -> None:
    raise NotImplementedError("Returned minutes are money; a backup from before is the way back.")
