"""Who did what: append-only, kept by a trigger of the database."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, session


class AuditEntry(Base):
    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[int | None] = mapped_column(
        BigInteger, index=True
    )  # account; None: the house itself
    did: Mapped[str] = mapped_column(index=True)  # "talk.ended", "account.signed_in"
    about: Mapped[str] = mapped_column(index=True)  # "talk:9"
    facts: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict)


def note(did: str, *, about: str, by: int | None, now: datetime, **facts: object) -> None:
    """Write down what somebody did, in the transaction that does it."""
    session.add(AuditEntry(at=now, by=by, did=did, about=about, facts=facts))
