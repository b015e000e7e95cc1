"""The tables of pictures. They live in PostgreSQL: kept or undone with what they belong to."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, unguessable


class Picture(Base):
    """A square picture that anybody may see who knows its name."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    made_at: Mapped[datetime]


class PictureSize(Base):
    """One size of it, as it is sent."""

    __tablename__ = "picture_size"

    picture_id: Mapped[int] = mapped_column(
        ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True
    )
    pixels: Mapped[int] = mapped_column(primary_key=True)  # of each side
    webp: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
