"""The figures of months that are closed, and entries of points found by their time"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("until_then", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_closed_month_named_by_first_day")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
    )
    op.create_index("ix_point_entry_at", "point_entry", ["at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix_point_entry_at", table_name="point_entry", postgresql_using="brin")
    op.drop_table("closed_month")
