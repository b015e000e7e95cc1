"""The table of messages."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, unguessable
from app.talks.models import Party


class Message(Base):
    """What one of the two wrote to the other about a booking (C36, D41)."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("words <> ''", name="says_something"),
        Index("ix_message_booking", "booking_id", "id"),
        Index("ix_message_flagged", "id", postgresql_where="flagged"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    party: Mapped[Party]  # who wrote
    words: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # by the other
    flagged: Mapped[bool] = mapped_column(default=False)  # sent in spite of the warning (G48)
