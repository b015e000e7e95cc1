"""The tables of the embedded backend: who is in, what they tell each other, what is to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, unguessable
from app.video.models import Kind


class EmbeddedOccupant(Base):
    """One stay of one person in a room, from the first pulse of a page to the last."""

    __tablename__ = "embedded_occupant"
    __table_args__ = (
        Index(
            "uq_embedded_occupant_inside",
            "room",
            "person",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    room: Mapped[str] = mapped_column(ForeignKey("video_room.name"), index=True)
    person: Mapped[str]  # the account's public id
    page: Mapped[str]  # the open page, by a name of its own; it may stay more than once
    session: Mapped[str] = mapped_column(unique=True, default=unguessable)  # this stay, in events
    joined_at: Mapped[datetime]
    pulsed_at: Mapped[datetime]
    media_at: Mapped[datetime | None]  # when the other's picture or voice last came in
    left_at: Mapped[datetime | None]
    on_purpose: Mapped[bool] = mapped_column(default=False)  # the page closed or hung up


class EmbeddedSignal(Base):
    """One word from one stay to another while their pages agree on a call."""

    __tablename__ = "embedded_signal"
    __table_args__ = (
        UniqueConstraint("sender", "number"),
        Index("ix_embedded_signal_recipient", "recipient", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sender: Mapped[str]  # a session
    recipient: Mapped[str]  # a session
    number: Mapped[int] = mapped_column(BigInteger)  # the sender's own, so that a repeat is known
    body: Mapped[str]  # JSON of the pages, which nobody here reads
    at: Mapped[datetime]


class EmbeddedEvent(Base):
    """The sender's spool: an event waits here until the webhook has answered for it."""

    __tablename__ = "embedded_event"
    __table_args__ = (
        Index("ix_embedded_event_unsent", "seq", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    boot: Mapped[str | None]  # stamped, with seq, by the bridge that sends it
    seq: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[Kind]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_at: Mapped[datetime | None]


class EmbeddedBoot(Base):
    """The one bridge that sends now. A newer one takes the place, and the older one stops."""

    __tablename__ = "embedded_boot"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # one row: 1
    boot: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)  # the last one given; it never falls
    started_at: Mapped[datetime]
