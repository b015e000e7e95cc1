"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# What was written once is never edited and never deleted, whoever is at the database's door.
APPEND_ONLY = ("point_entry", "presence_event", "audit_entry")
REFUSE_CHANGE = """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME;
    END $$
"""


def upgrade() -> None:  # noqa: PLR0915 - a first table after the other
    op.execute(REFUSE_CHANGE)
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # finding words within Japanese text
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "guest",
                "cast",
                "operator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("nickname", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_key", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
    )
    op.create_index(
        "uq_account_role_email", "account", ["role", sa.literal_column("lower(email)")], unique=True
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_about"), "audit_entry", ["about"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_by"), "audit_entry", ["by"], unique=False)
    op.create_index(op.f("ix_audit_entry_did"), "audit_entry", ["did"], unique=False)
    op.create_table(
        "category",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name_ja", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_category")),
    )
    op.create_table(
        "embedded_boot",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedded_boot")),
    )
    op.create_table(
        "embedded_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("boot", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "joined",
                "left",
                "heartbeat",
                "boot",
                "closed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedded_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_embedded_event_event_id")),
    )
    op.create_index(
        "ix_embedded_event_unsent",
        "embedded_event",
        ["seq"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "embedded_signal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedded_signal")),
        sa.UniqueConstraint("sender", "number", name=op.f("uq_embedded_signal_sender_number")),
    )
    op.create_index(
        "ix_embedded_signal_recipient", "embedded_signal", ["recipient", "id"], unique=False
    )
    op.create_table(
        "job_beat",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_beat")),
    )
    op.create_table(
        "rank_price",
        sa.Column(
            "rank",
            sa.Enum(
                "blue",
                "silver",
                "gold",
                "platinum",
                "black",
                name="rank",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("price_points", sa.Integer(), nullable=False),
        sa.Column("reward_percent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rank", "holds_from", name=op.f("pk_rank_price")),
    )
    op.create_table(
        "video_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "joined",
                "left",
                "heartbeat",
                "boot",
                "closed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_video_event_event_id")),
    )
    op.create_index("ix_video_event_received_at", "video_event", ["received_at"], unique=False)
    op.create_index(
        "ix_video_event_undrained",
        "video_event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("drained_at IS NULL"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint(
            "account_id", "terms", "version", name=op.f("uq_consent_account_id_terms_version")
        ),
    )
    op.create_table(
        "point_lot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paid", "free", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("price_yen", sa.Integer(), nullable=False),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'paid') = (price_yen > 0)", name=op.f("ck_point_lot_paid_has_price")
        ),
        sa.CheckConstraint(
            "kind <> 'paid' OR expires_at <= bought_at + interval '6 months'",
            name=op.f("ck_point_lot_within_6_months"),
        ),
        sa.CheckConstraint("points > 0", name=op.f("ck_point_lot_points_positive")),
        sa.CheckConstraint(
            "remaining >= 0 AND remaining <= points", name=op.f("ck_point_lot_remaining_in_range")
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["account.id"], name=op.f("fk_point_lot_guest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_lot")),
    )
    op.create_index(
        "ix_point_lot_expiring",
        "point_lot",
        ["expires_at"],
        unique=False,
        postgresql_where="remaining > 0",
    )
    op.create_index(
        "ix_point_lot_spending",
        "point_lot",
        ["guest_id", "expires_at", "kind", "bought_at", "id"],
        unique=False,
        postgresql_where="remaining > 0",
    )
    op.create_table(
        "talk_cast",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("portrait", sa.String(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("tagline", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("career", sa.String(), nullable=False),
        sa.Column(
            "rank",
            sa.Enum(
                "blue",
                "silver",
                "gold",
                "platinum",
                "black",
                name="rank",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("price_points", sa.Integer(), nullable=False),
        sa.Column("reward_yen", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "online",
                "in_talk",
                "wrap_up",
                "soon_reserved",
                "offline",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("wrap_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column(
            "readiness",
            sa.Integer(),
            sa.Computed(
                "CASE state WHEN 'online' THEN 3 WHEN 'soon_reserved' THEN 2 WHEN 'in_talk' THEN 1 WHEN 'wrap_up' THEN 1 ELSE 0 END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "rating_tenths",
            sa.Integer(),
            sa.Computed(
                "CASE WHEN rating_count >= 3 THEN rating_sum * 10 / rating_count ELSE 0 END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "words",
            sa.String(),
            sa.Computed("lower(name || ' ' || tagline || ' ' || profile)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("price_points > 0", name=op.f("ck_talk_cast_price_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_talk_cast_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_talk_cast")),
        sa.UniqueConstraint("folded_name", name=op.f("uq_talk_cast_folded_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_talk_cast_public_id")),
    )
    op.create_index(
        "ix_talk_cast_busy",
        "talk_cast",
        ["state"],
        unique=False,
        postgresql_where="state <> 'offline'",
    )
    op.create_index(
        "ix_talk_cast_categories", "talk_cast", ["categories"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_talk_cast_joined", "talk_cast", ["joined_at", "account_id"], unique=False)
    op.create_index("ix_talk_cast_price", "talk_cast", ["price_points", "account_id"], unique=False)
    op.create_index(
        "ix_talk_cast_rating", "talk_cast", ["rating_tenths", "account_id"], unique=False
    )
    op.create_index(
        "ix_talk_cast_readiness",
        "talk_cast",
        ["readiness", "active_at", "account_id"],
        unique=False,
    )
    op.create_index(
        "ix_talk_cast_words",
        "talk_cast",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_table(
        "video_room",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["cast_id"], ["account.id"], name=op.f("fk_video_room_cast_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["account.id"], name=op.f("fk_video_room_guest_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_video_room")),
    )
    op.create_table(
        "embedded_occupant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pulsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_purpose", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room"], ["video_room.name"], name=op.f("fk_embedded_occupant_room")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedded_occupant")),
        sa.UniqueConstraint("session", name=op.f("uq_embedded_occupant_session")),
    )
    op.create_index(op.f("ix_embedded_occupant_room"), "embedded_occupant", ["room"], unique=False)
    op.create_index(
        "uq_embedded_occupant_inside",
        "embedded_occupant",
        ["room", "person"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "point_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "purchase",
                "gift",
                "talk_minute",
                "minute_returned",
                "compensation",
                "expiry",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("reverses", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_point_entry_moves_something")),
        sa.CheckConstraint(
            "reverses IS NULL OR delta > 0", name=op.f("ck_point_entry_a_return_adds")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["point_lot.id"], name=op.f("fk_point_entry_lot_id")),
        sa.ForeignKeyConstraint(
            ["reverses"], ["point_entry.id"], name=op.f("fk_point_entry_reverses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_point_entry_key")),
    )
    op.create_index("ix_point_entry_about", "point_entry", ["about", "id"], unique=False)
    op.create_index("ix_point_entry_lot", "point_entry", ["lot_id", "id"], unique=False)
    op.create_index(
        "uq_point_entry_reverses",
        "point_entry",
        ["reverses"],
        unique=True,
        postgresql_where="reverses IS NOT NULL",
    )
    op.create_table(
        "talk",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ringing",
                "declined",
                "missed",
                "withdrawn",
                "running",
                "ended",
                name="talkstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("price_points", sa.Integer(), nullable=False),
        sa.Column("reward_yen", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "guest",
                "cast",
                "balance",
                "lost",
                "report",
                "operator",
                name="endedby",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("carried", sa.Interval(), nullable=False),
        sa.Column("carried_minutes", sa.Integer(), nullable=False),
        sa.Column("resumed", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Interval(), nullable=False),
        sa.Column("shared_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sessions", sa.String(), nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column(
            "left_by",
            sa.Enum(
                "guest", "cast", name="party", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_charged", sa.Integer(), nullable=False),
        sa.Column("minutes_returned", sa.Integer(), nullable=False),
        sa.Column("minutes_waived", sa.Integer(), nullable=False),
        sa.Column("next_charge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_talk_ended_has_moment")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_talk_ended_has_cause")
        ),
        sa.CheckConstraint(
            "minutes_returned >= 0 AND minutes_returned <= minutes_charged",
            name=op.f("ck_talk_returns_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["cast_id"], ["talk_cast.account_id"], name=op.f("fk_talk_cast_id")
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["account.id"], name=op.f("fk_talk_guest_id")),
        sa.ForeignKeyConstraint(["room"], ["video_room.name"], name=op.f("fk_talk_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("public_id", name=op.f("uq_talk_public_id")),
        sa.UniqueConstraint("room", name=op.f("uq_talk_room")),
    )
    op.create_index("ix_talk_cast", "talk", ["cast_id", "id"], unique=False)
    op.create_index(
        "ix_talk_chargeable",
        "talk",
        ["id"],
        unique=False,
        postgresql_where="next_charge_at <= evidence_at AND state = 'running' AND fault IS NULL",
    )
    op.create_index("ix_talk_guest", "talk", ["guest_id", "id"], unique=False)
    op.create_index(
        "ix_talk_ringing", "talk", ["answer_by"], unique=False, postgresql_where="state = 'ringing'"
    )
    op.create_index(
        "ix_talk_running", "talk", ["id"], unique=False, postgresql_where="state = 'running'"
    )
    op.create_index(
        "ix_talk_set_aside", "talk", ["id"], unique=False, postgresql_where="fault IS NOT NULL"
    )
    op.create_index(
        "uq_talk_one_of_cast",
        "talk",
        ["cast_id"],
        unique=True,
        postgresql_where="state IN ('ringing', 'running')",
    )
    op.create_index(
        "uq_talk_one_of_guest",
        "talk",
        ["guest_id"],
        unique=True,
        postgresql_where="state IN ('ringing', 'running')",
    )
    op.create_table(
        "presence_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("talk_id", sa.BigInteger(), nullable=False),
        sa.Column("video_event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("people", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_presence_event_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_event")),
        sa.UniqueConstraint(
            "talk_id", "video_event_id", name=op.f("uq_presence_event_talk_id_video_event_id")
        ),
    )
    op.create_index(
        "ix_presence_event_talk_at", "presence_event", ["talk_id", "at", "seq"], unique=False
    )
    op.create_table(
        "talk_rating",
        sa.Column("talk_id", sa.BigInteger(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_talk_rating_one_to_five")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_rating_talk_id")),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_talk_rating")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "failed",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_index(op.f("ix_mail_created_at"), "mail", ["created_at"], unique=False)
    op.create_index(
        "ix_mail_waiting",
        "mail",
        ["next_try_at"],
        unique=False,
        postgresql_where="state = 'waiting'",
    )
    op.create_table(
        "payment_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "settled",
                "repeated",
                "kept",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_notice_key")),
    )
    op.create_table(
        "sandbox_payment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_public_id", sa.String(), nullable=False),
        sa.Column("amount_yen", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notify_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_payment")),
        sa.UniqueConstraint("order_public_id", name=op.f("uq_sandbox_payment_order_public_id")),
    )
    op.create_index(
        "ix_sandbox_payment_due",
        "sandbox_payment",
        ["notify_at"],
        unique=False,
        postgresql_where="notified_at IS NULL",
    )
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("price_yen", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("shown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("gateway", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "confirmed",
                "pending",
                "paid",
                "failed",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("back_to", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_at IS NOT NULL)",
            name=op.f("ck_purchase_order_paid_has_moment"),
        ),
        sa.CheckConstraint(
            "points > 0 AND price_yen > 0", name=op.f("ck_purchase_order_sells_something")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["account.id"], name=op.f("fk_purchase_order_guest_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("form_key", name=op.f("uq_purchase_order_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_purchase_order_public_id")),
    )
    op.create_index("ix_purchase_order_guest", "purchase_order", ["guest_id", "id"], unique=False)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the first tables; drop the database.")
