"""What a cast earned in a month is found by its end"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_talk_cast_ended", "talk", ["cast_id", "ended_at"], unique=False)
    op.create_index("ix_booking_cast_ends", "booking", ["cast_id", "ends_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_booking_cast_ends", table_name="booking")
    op.drop_index("ix_talk_cast_ended", table_name="talk")
