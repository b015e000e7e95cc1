"""The tables of casts."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, unguessable
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


class Favourite(Base):
    """A guest keeps a cast at hand. Casts neither see who does nor how many."""

    __tablename__ = "favourite"
    __table_args__ = (
        Index("ix_favourite_to_tell", "cast_id", postgresql_where="tells_since IS NOT NULL"),
    )

    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"), primary_key=True)
    created_at: Mapped[datetime]
    tells_since: Mapped[datetime | None]  # since then the guest wants to hear of stand-bys
    told_at: Mapped[datetime | None]  # of the last one


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
    site_url: Mapped[str] = mapped_column(default="")  # of the cast's own, or none (C26)
    links: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # public channels (C26)
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


class CastMemo(Base):
    """The free memo of a cast's dashboard (C51): nobody else reads it."""

    __tablename__ = "cast_memo"

    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"), primary_key=True)
    words: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)  # one more with each change
    saved_at: Mapped[datetime]


class GuestNote(Base):
    """What a cast wants to remember of a guest; only this cast reads it (C51)."""

    __tablename__ = "guest_note"
    __table_args__ = (
        UniqueConstraint("cast_id", "guest_id"),
        Index("ix_guest_note_guest", "guest_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)  # one more with each change
    saved_at: Mapped[datetime]

    guest: Mapped[Account] = relationship(lazy="raise")


class InvitationState(StrEnum):
    OPEN = "open"  # waits for the cast's answer
    ACCEPTED = "accepted"  # holds from its day on
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by the office, before an answer
    EXPIRED = "expired"  # its day came without an answer


# As every other of the house, under a name of its own: one table has one of each name.
_RANK_BEFORE = Enum(
    Rank,
    name="rank_before",
    native_enum=False,
    create_constraint=True,
    length=24,
    values_callable=lambda ranks: [rank.value for rank in ranks],
)


class RankInvitation(Base):
    """The office offers a cast another rank from a day on (C16); only the cast can accept it."""

    __tablename__ = "rank_invitation"
    __table_args__ = (
        # One that waits for an answer, or for its day, is the only one of its cast.
        Index(
            "uq_rank_invitation_ahead",
            "cast_id",
            unique=True,
            postgresql_where="state = 'open' OR (state = 'accepted' AND applied_at IS NULL)",
        ),
        Index("ix_rank_invitation_cast", "cast_id", "id"),
        CheckConstraint("rank <> rank_before", name="another_rank"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when"),
        CheckConstraint("applied_at IS NULL OR state = 'accepted'", name="applied_if_accepted"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    rank_before: Mapped[Rank] = mapped_column(_RANK_BEFORE)
    rank: Mapped[Rank]
    holds_from: Mapped[date]  # a day in Japan
    words: Mapped[str]  # of the office to the cast
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.OPEN)
    invited_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # answered, withdrawn or expired
    applied_at: Mapped[datetime | None]  # the rank stands on the cast

    cast: Mapped[Cast] = relationship(lazy="raise")

    @property
    def last_day(self) -> date:
        """The last day on which the cast can answer."""
        return self.holds_from - timedelta(days=1)
