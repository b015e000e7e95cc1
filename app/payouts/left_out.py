"""Who is not paid by a batch though claims wait, and why: their claims wait for the next one."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.casts.models import Cast
from app.db import Base


class LeftOutReason(StrEnum):
    NO_ACCOUNT = "no_account"
    CAME_BACK = "came_back"  # a payout to this account came back, and nobody has confirmed it
    CORRECTION = "correction"  # the office has asked for another account
    OTHER_HOLDER = "other_holder"  # another name than the cast's, not looked at yet
    SHARED = "shared"  # another cast has the account too, not looked at yet
    NO_BRANCH = "no_branch"  # the bank or the branch exists no more
    UNWRITABLE = "unwritable"  # banks cannot write the holder's name


class LeftOut(Base):
    """A cast whom a batch did not pay, as it stood when the batch was made."""

    __tablename__ = "payout_left_out"
    __table_args__ = (CheckConstraint("yen > 0", name="yen_positive"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"), primary_key=True)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"), primary_key=True)
    yen: Mapped[int]  # of the claims that wait on
    reason: Mapped[LeftOutReason]

    cast: Mapped[Cast] = relationship(lazy="raise")
