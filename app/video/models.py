"""The tables of video: the rooms, and the inbox of signed presence events."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class VideoRoom(Base):
    """One talk's room, under a name nobody can guess and nobody uses again.

    What stands here is the truth; a backend reads it and obeys.
    """

    __tablename__ = "video_room"
    __table_args__ = (
        Index("ix_video_room_untold", "opened_at", postgresql_where=text("told < version")),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cast_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]  # nobody stays longer, even if nobody closes the room
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)  # rises with every change of this row
    told: Mapped[int] = mapped_column(default=0)  # the version that the video server confirmed


class VideoServer(Base):
    """The video server as it answered last: one row, and none where it lives in this house."""

    __tablename__ = "video_server"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # one row: 1
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")  # why it did not answer
    waiting: Mapped[int] = mapped_column(default=0)  # events that it has not delivered yet
    gone: Mapped[int] = mapped_column(default=0)  # open rooms of ours in which nobody is


class Kind(StrEnum):
    JOINED = "joined"  # a person came in, with a new session
    LEFT = "left"  # a session ended; hibernating when its connection was lost
    HEARTBEAT = "heartbeat"  # who is in which room now, for all rooms of the sender
    BOOT = "boot"  # the sender started anew; what its last life left open is over
    CLOSED = "closed"  # the room is closed and everyone was put out


class VideoEvent(Base):
    """One event as it arrived, once however often it was sent."""

    __tablename__ = "video_event"
    __table_args__ = (
        Index(
            "ix_video_event_undrained",
            "id",
            postgresql_where=text("drained_at IS NULL"),
        ),
        Index("ix_video_event_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True)  # the sender's
    boot: Mapped[str]  # one life of the sender
    seq: Mapped[int] = mapped_column(BigInteger)  # rises within a boot
    kind: Mapped[Kind]
    at: Mapped[datetime]  # by the sender's clock
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime]
    drained_at: Mapped[datetime | None]
    trouble: Mapped[
        str | None
    ]  # why it could not be used; such an event is kept and charges nobody
