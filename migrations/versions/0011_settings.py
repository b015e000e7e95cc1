"""Favourites and choices of guests, and whose a mail is"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_choices",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("expiry", sa.Boolean(), nullable=False),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.Column("messages", sa.Boolean(), nullable=False),
        sa.Column("openings", sa.Boolean(), nullable=False),
        sa.Column("favourites", sa.Boolean(), nullable=False),
        sa.Column("tell_from", sa.Integer(), nullable=False),
        sa.Column("tell_until", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tell_from BETWEEN 0 AND 23 AND tell_until BETWEEN 0 AND 23",
            name=op.f("ck_mail_choices_hours_of_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_choices_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_choices")),
    )
    op.create_table(
        "favourite",
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tells_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_favourite_cast_id")
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["account.id"], name=op.f("fk_favourite_guest_id")),
        sa.PrimaryKeyConstraint("guest_id", "cast_id", name=op.f("pk_favourite")),
    )
    op.create_index(
        "ix_favourite_to_tell",
        "favourite",
        ["cast_id"],
        unique=False,
        postgresql_where="tells_since IS NOT NULL",
    )
    op.add_column("mail", sa.Column("account_id", sa.BigInteger(), nullable=True))
    # An address may belong to a guest and to a cast; then the mail is known to be neither's.
    op.execute(
        """UPDATE mail SET account_id = (SELECT min(id) FROM account WHERE email = mail."to")
        WHERE (SELECT count(*) FROM account WHERE email = mail."to") = 1"""
    )
    op.create_index(op.f("ix_mail_account_id"), "mail", ["account_id"], unique=False)
    op.add_column("mail", sa.Column("stop_url", sa.String(), nullable=True))
    op.execute("UPDATE mail SET stop_url = ''")
    op.alter_column("mail", "stop_url", nullable=False)
    op.add_column("mail", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_table("favourite")
    op.drop_table("mail_choices")
    op.drop_index(op.f("ix_mail_account_id"), table_name="mail")
    op.drop_column("mail", "erased_at")
    op.drop_column("mail", "stop_url")
    op.drop_column("mail", "account_id")
