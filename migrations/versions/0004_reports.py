"""Reports of talks, for the operator"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("talk_id", sa.BigInteger(), nullable=False),
        sa.Column("party", _one_of("guest", "cast", name="party"), nullable=False),
        sa.Column(
            "reason",
            _one_of("harassment", "contact", "minor", "money", "other", name="reportreason"),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_report_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_report")),
        sa.UniqueConstraint("talk_id", "party", name=op.f("uq_talk_report_talk_id_party")),
    )


def downgrade() -> None:
    op.drop_table("talk_report")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
