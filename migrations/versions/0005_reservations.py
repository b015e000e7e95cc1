"""Reservations: slots, bookings, how they end, notices, messages, cases; tests of devices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


REASONS = (
    *("purchase", "gift", "talk_minute", "minute_returned", "booking", "booking_returned"),
    *("compensation", "expiry"),
)
ENDED_BY = (
    *("guest", "cast", "balance", "lost", "report", "operator", "next_reservation", "time"),
)
RETURNS_AT_MOST = """
    CREATE FUNCTION refuse_returning_too_much() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        taken int;
    BEGIN
        -- Held, so that two returns of one entry come one after the other.
        SELECT -delta INTO taken FROM point_entry WHERE id = NEW.reverses FOR UPDATE;
        IF NEW.delta + (SELECT coalesce(sum(delta), 0) FROM point_entry
                        WHERE reverses = NEW.reverses) > taken THEN
            RAISE EXCEPTION 'entry % took %, and more would be returned', NEW.reverses, taken
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # who and when, in one constraint
    op.create_table(
        "device_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("camera", sa.Boolean(), nullable=False),
        sa.Column("microphone", sa.Boolean(), nullable=False),
        sa.Column("speaker", sa.Boolean(), nullable=False),
        sa.Column("echo", sa.Boolean(), nullable=False),
        sa.Column("connection", sa.Boolean(), nullable=False),
        sa.Column(
            "passed",
            sa.Boolean(),
            sa.Computed("camera AND microphone AND speaker AND connection", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_device_check_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_check")),
    )
    op.create_index("ix_device_check_account", "device_check", ["account_id", "at"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            _one_of("confirmed", "cancelled", "settled", name="bookingstate"),
            nullable=False,
        ),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("price_points", sa.Integer(), nullable=False),
        sa.Column("reward_yen", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talk_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talk_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cast_cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("shown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("guest_wants_more_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cast_wants_more_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("cast_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("state <> 'cancelled'"),
            using="gist",
            name="ex_booking_one_of_cast",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("guest_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("state <> 'cancelled'"),
            using="gist",
            name="ex_booking_one_of_guest",
        ),
        sa.CheckConstraint(
            "price_points > 0 AND reward_yen >= 0", name=op.f("ck_booking_price_positive")
        ),
        sa.CheckConstraint("slots > 0", name=op.f("ck_booking_slots_positive")),
        sa.CheckConstraint(
            "starts_at < talk_starts_at AND talk_starts_at < talk_ends_at AND talk_ends_at < ends_at AND ends_at < report_until",
            name=op.f("ck_booking_moments_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_booking_cast_id")
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["account.id"], name=op.f("fk_booking_guest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("form_key", name=op.f("uq_booking_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_booking_public_id")),
    )
    op.create_index(
        "ix_booking_ahead",
        "booking",
        ["starts_at"],
        unique=False,
        postgresql_where="state = 'confirmed'",
    )
    op.create_index("ix_booking_cast", "booking", ["cast_id", "starts_at"], unique=False)
    op.create_index("ix_booking_guest", "booking", ["guest_id", "starts_at"], unique=False)
    op.create_table(
        "opening_call",
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_opening_call_cast_id")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["account.id"], name=op.f("fk_opening_call_guest_id")
        ),
        sa.PrimaryKeyConstraint("guest_id", "cast_id", "starts_at", name=op.f("pk_opening_call")),
    )
    op.create_index(
        "ix_opening_call_waiting",
        "opening_call",
        ["starts_at"],
        unique=False,
        postgresql_where="told_at IS NULL",
    )
    op.create_table(
        "booking_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            _one_of(
                "booked",
                "cancelled",
                "reminder",
                "test_missing",
                "message",
                "report_due",
                "settled",
                "decided",
                name="noticekind",
            ),
            nullable=False,
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_booking_notice_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_notice_booking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_notice")),
        sa.UniqueConstraint(
            "booking_id",
            "account_id",
            "kind",
            "number",
            name=op.f("uq_booking_notice_booking_id_account_id_kind_number"),
        ),
    )
    op.create_index(
        "ix_booking_notice_account", "booking_notice", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_booking_notice_unmailed",
        "booking_notice",
        ["id"],
        unique=False,
        postgresql_where="mailed_at IS NULL AND withdrawn_at IS NULL",
    )
    op.create_table(
        "completion",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", _one_of("done", "not_held", "trouble", name="completionkind"), nullable=False
        ),
        sa.Column("impression", sa.String(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_completion_one_to_five")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_completion_booking_id")
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_completion")),
    )
    op.create_table(
        "desk_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", _one_of("unclear", "emergency", "objection", name="casekind"), nullable=False
        ),
        sa.Column("party", _one_of("guest", "cast", name="party"), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("returned_points", sa.Integer(), nullable=True),
        sa.Column("earned_yen", sa.Integer(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'objection') = (party IS NOT NULL)",
            name=op.f("ck_desk_case_objected_by_somebody"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_desk_case_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_desk_case_booking_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_desk_case_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_desk_case_public_id")),
    )
    op.create_index("ix_desk_case_booking", "desk_case", ["booking_id"], unique=False)
    op.create_index(
        "ix_desk_case_queue",
        "desk_case",
        ["opened_at"],
        unique=False,
        postgresql_where="decided_at IS NULL",
    )
    op.create_index(
        "uq_desk_case_open",
        "desk_case",
        ["booking_id"],
        unique=True,
        postgresql_where="decided_at IS NULL",
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("party", _one_of("guest", "cast", name="party"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_message_says_something")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_message_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_booking", "message", ["booking_id", "id"], unique=False)
    op.create_index(
        "ix_message_flagged", "message", ["id"], unique=False, postgresql_where="flagged"
    )
    op.create_table(
        "settlement",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            _one_of(
                "guest_cancelled",
                "guest_cancelled_late",
                "cast_cancelled",
                "cast_emergency",
                "completed",
                "guest_absent",
                "cast_absent",
                "both_absent",
                "cast_late",
                "trouble",
                "unclear",
                name="outcome",
            ),
            nullable=False,
        ),
        sa.Column("returned_points", sa.Integer(), nullable=False),
        sa.Column("earned_yen", sa.Integer(), nullable=False),
        sa.Column("missed_seconds", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "returned_points >= 0 AND earned_yen >= 0",
            name=op.f("ck_settlement_amounts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_settlement_booking_id")
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_settlement")),
    )
    op.create_index(
        "ix_settlement_for_office",
        "settlement",
        ["booking_id"],
        unique=False,
        postgresql_where="outcome IN ('unclear', 'cast_emergency')",
    )
    op.create_table(
        "slot",
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("cast_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            using="gist",
            name="ex_slot_no_overlap",
        ),
        sa.CheckConstraint(
            "ends_at = starts_at + interval '3 minutes'", name=op.f("ck_slot_three_minutes")
        ),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at)::bigint, 180) = 0", name=op.f("ck_slot_on_the_grid")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_slot_booking_id")),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_slot_cast_id")
        ),
        sa.PrimaryKeyConstraint("cast_id", "starts_at", name=op.f("pk_slot")),
        postgresql_with={"fillfactor": 70},
    )
    op.add_column("account", sa.Column("calendar_key", sa.String(), nullable=True))
    op.execute("UPDATE account SET calendar_key = replace(gen_random_uuid()::text, '-', '')")
    op.alter_column("account", "calendar_key", nullable=False)
    op.create_unique_constraint(op.f("uq_account_calendar_key"), "account", ["calendar_key"])
    op.drop_index(
        op.f("uq_point_entry_reverses"),
        table_name="point_entry",
        postgresql_where="(reverses IS NOT NULL)",
    )
    op.create_index(
        "ix_point_entry_reverses",
        "point_entry",
        ["reverses"],
        unique=False,
        postgresql_where="reverses IS NOT NULL",
    )
    op.execute(RETURNS_AT_MOST)
    op.execute(
        "CREATE TRIGGER point_entry_returns_at_most BEFORE INSERT ON point_entry FOR EACH ROW "
        "WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION refuse_returning_too_much()"
    )
    op.execute(
        "CREATE TRIGGER slot_booked_stays BEFORE DELETE ON slot FOR EACH ROW "
        "WHEN (OLD.booking_id IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )
    _add_filled("rank_price", slot_points="3 * price_points")
    op.add_column("talk", sa.Column("booking_id", sa.BigInteger(), nullable=True))
    op.add_column("talk", sa.Column("ends_by", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_talk_bounded", "talk", ["ends_by"], unique=False, postgresql_where="state = 'running'"
    )
    op.create_unique_constraint(op.f("uq_talk_booking_id"), "talk", ["booking_id"])
    op.create_foreign_key(op.f("fk_talk_booking_id"), "talk", "booking", ["booking_id"], ["id"])
    _add_filled("talk_cast", slot_points="3 * price_points", slot_reward_yen="3 * reward_yen")
    op.drop_constraint("ck_talk_cast_price_positive", "talk_cast")
    op.create_check_constraint(
        op.f("ck_talk_cast_price_positive"), "talk_cast", "price_points > 0 AND slot_points > 0"
    )
    _widen("point_entry", "reason", "reason", REASONS)
    _widen("talk", "ended_by", "endedby", ENDED_BY)
    op.add_column("mail", sa.Column("not_after", sa.DateTime(timezone=True), nullable=True))
    _widen("mail", "state", "mailstate", ("waiting", "sent", "withdrawn", "failed"))


def downgrade() -> None:
    raise NotImplementedError("Bookings are money; a backup from before is the way back.")


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _add_filled(table: str, **columns: str) -> None:
    """New columns that the rows of before fill by a rule."""
    for name, rule in columns.items():
        op.add_column(table, sa.Column(name, sa.Integer(), nullable=True))
        op.execute(f"UPDATE {table} SET {name} = {rule}")  # noqa: S608 - names of ours
        op.alter_column(table, name, nullable=False)


def _widen(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """Let a column take more words than before."""
    op.drop_constraint(f"ck_{table}_{name}", table)
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")
