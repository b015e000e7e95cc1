"""The tables of casts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.people.models import Account


class Rank(StrEnum):
    BLUE = "blue"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"  # by the operator's invitation only (C16)
    BLACK = "black"  # by the operator's invitation only (C16)


class State(StrEnum):
    """What guests see of a cast (D10); only ONLINE can be entered (G9)."""

    ONLINE = "online"  # stands by (G8)
    IN_TALK = "in_talk"  # is being rung, or talks
    WRAP_UP = "wrap_up"  # a minute's breath after a talk
    SOON_RESERVED = "soon_reserved"  # a reservation is about to start
    OFFLINE = "offline"  # off (G6)


class RankPrice(Base):
    """What a rank costs and pays from a day on; the operator's rows."""

    __tablename__ = "rank_price"

    rank: Mapped[Rank] = mapped_column(primary_key=True)
    holds_from: Mapped[date] = mapped_column(primary_key=True)
    price_points: Mapped[int]  # for each started minute
    reward_percent: Mapped[int]  # of that minute's or slot's price in yen
    slot_points: Mapped[int]  # for each reserved slot (D14)


class Category(Base):
    __tablename__ = "category"

    slug: Mapped[str] = mapped_column(primary_key=True)
    name_ja: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]


class LegalName(Base):
    """Who a cast is by their papers (C6): for contracts and payouts, never for guests (C10)."""

    __tablename__ = "legal_name"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    family_name: Mapped[str]
    given_name: Mapped[str]
    family_kana: Mapped[str]  # katakana
    given_kana: Mapped[str]


class Cast(Base):
    """A cast as guests see it. Names people need to choose by; the real name is not here (C10)."""

    __tablename__ = "talk_cast"
    __table_args__ = (
        CheckConstraint("price_points > 0 AND slot_points > 0", name="price_positive"),
        Index("ix_talk_cast_readiness", "readiness", "active_at", "account_id"),
        Index("ix_talk_cast_price", "price_points", "account_id"),
        Index("ix_talk_cast_joined", "joined_at", "account_id"),
        Index("ix_talk_cast_rating", "rating_tenths", "account_id"),
        Index("ix_talk_cast_categories", "categories", postgresql_using="gin"),
        Index(
            "ix_talk_cast_words",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
        Index("ix_talk_cast_busy", "state", postgresql_where="state <> 'offline'"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # the account's
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)  # NFKC and case folded (D44)
    portrait: Mapped[str]  # pictures/… that was uploaded, or portraits/… below static/, drawn
    age_band: Mapped[str]  # "20s" … "60s"
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))  # slugs
    tagline: Mapped[str]
    profile: Mapped[str]
    career: Mapped[str]
    rank: Mapped[Rank]
    price_points: Mapped[int]  # a minute, today
    reward_yen: Mapped[int]  # a charged minute, today
    slot_points: Mapped[int]  # a reserved slot, today
    slot_reward_yen: Mapped[int]  # a reserved slot, today
    joined_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]  # suspended: in no list, and no guest finds the page

    state: Mapped[State] = mapped_column(default=State.OFFLINE)
    active_at: Mapped[datetime]  # when the state last rose to online
    beat_at: Mapped[datetime | None]  # the dashboard was last heard
    misses: Mapped[int] = mapped_column(default=0)  # unanswered rings in a row
    wrap_up_until: Mapped[datetime | None]

    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_count: Mapped[int] = mapped_column(default=0)

    readiness: Mapped[int] = mapped_column(
        Computed(
            "CASE state WHEN 'online' THEN 3 WHEN 'soon_reserved' THEN 2"
            " WHEN 'in_talk' THEN 1 WHEN 'wrap_up' THEN 1 ELSE 0 END",
            persisted=True,
        )
    )
    rating_tenths: Mapped[int] = mapped_column(
        Computed(
            "CASE WHEN rating_count >= 3 THEN rating_sum * 10 / rating_count ELSE 0 END",
            persisted=True,
        )
    )
    words: Mapped[str] = mapped_column(
        Computed(text("lower(name || ' ' || tagline || ' ' || profile)"), persisted=True)
    )

    account: Mapped[Account] = relationship(lazy="raise")
