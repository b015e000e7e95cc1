"""The table of closed months."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class ClosedMonth(Base):
    """A month whose figures stand for good. Each seals the one before it by its hash (L17)."""

    __tablename__ = "closed_month"
    __table_args__ = (CheckConstraint("extract(day from month) = 1", name="named_by_first_day"),)

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day, in Japan
    closed_at: Mapped[datetime]
    figures: Mapped[dict[str, int]] = mapped_column(JSONB)  # of this month
    until_then: Mapped[dict[str, int]] = mapped_column(JSONB)  # of all time, to its end
    sha256: Mapped[str]  # of the two, with the hash of the month before
