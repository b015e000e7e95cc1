"""The table of a cast's further pictures."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import policy
from app.db import Base
from app.pictures.models import Picture


class CastPicture(Base):
    """One of the pictures below a cast's profile, in the cast's order."""

    __tablename__ = "cast_picture"
    __table_args__ = (
        # Looked at when all have moved; with the check it also keeps them to five.
        UniqueConstraint("account_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint(f"position BETWEEN 0 AND {policy.MORE_PICTURES - 1}", name="few"),
    )

    picture_id: Mapped[int] = mapped_column(
        ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    position: Mapped[int]  # from 0

    picture: Mapped[Picture] = relationship(lazy="raise")

    @property
    def address(self) -> str:
        """As portraits are named, for templates."""
        return f"pictures/{self.picture.public_id}"
