"""A video server of its own: what it was told, how it answered, and its merged heartbeats"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rooms of before were never told to anybody, and nobody is in them.
    for name in ("version", "told"):
        op.add_column("video_room", sa.Column(name, sa.Integer(), server_default="1"))
        op.alter_column("video_room", name, nullable=False, server_default=None)
    op.create_index(
        "ix_video_room_untold",
        "video_room",
        ["opened_at"],
        postgresql_where=sa.text("told < version"),
    )
    op.create_table(
        "video_server",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_server")),
    )
    op.add_column("presence_event", sa.Column("since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("presence_event", "since")
    op.drop_table("video_server")
    op.drop_index("ix_video_room_untold", "video_room")
    for name in ("told", "version"):
        op.drop_column("video_room", name)
