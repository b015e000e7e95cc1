"""The tables of the desk."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Checkup(Base):
    """One check of all books: asked for by an operator, or by the night."""

    __tablename__ = "checkup"
    __table_args__ = (
        # One at a time: whoever asks while one waits gets that one.
        Index("uq_checkup_waiting", "waiting", unique=True, postgresql_where="waiting"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the night
    waiting: Mapped[bool] = mapped_column(default=True)
    finished_at: Mapped[datetime | None]
    differences: Mapped[int] = mapped_column(default=0)
    found: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # the first of them
