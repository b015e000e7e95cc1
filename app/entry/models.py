"""The tables of entry."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.casts.models import Rank
from app.db import Base, unguessable
from app.people.models import Account
from app.vault import Sealed


class DocumentKind(StrEnum):
    """What somebody proves with who they are (C11, C12, D28)."""

    LICENCE = "licence"  # 運転免許証
    PASSPORT = "passport"  # パスポート; a new one has no address
    STUDENT_CARD = "student_card"  # 学生証; often neither address nor birthday
    RESIDENCE_CARD = "residence_card"  # 在留カード, for foreign nationals


class ApplicationState(StrEnum):
    DRAFT = "draft"  # begun; can be left and gone on with
    APPLIED = "applied"  # sent, waits to be screened
    MORE_DOCUMENTS = "more_documents"  # the office asked for another picture
    PASSED = "passed"  # has an account now
    FAILED = "failed"  # refused, with a reason


WAITING_STATES = (ApplicationState.APPLIED, ApplicationState.MORE_DOCUMENTS)
OPEN_STATES = (ApplicationState.DRAFT, *WAITING_STATES)
OPEN = "state IN ('draft', 'applied', 'more_documents')"


class Application(Base):
    """Somebody's wish to become a cast, from the first step to the decision."""

    __tablename__ = "application"
    __table_args__ = (
        Index("uq_application_open_email", "email", unique=True, postgresql_where=OPEN),
        # Names are unique among those that wait; with casts they are compared when sent (D44).
        Index(
            "uq_application_waiting_name",
            "folded_name",
            unique=True,
            postgresql_where="state IN ('applied', 'more_documents')",
        ),
        Index(
            "ix_application_queue",
            "submitted_at",
            postgresql_where="state IN ('applied', 'more_documents')",
        ),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="sent_or_draft"),
        CheckConstraint(
            "(state IN ('passed', 'failed')) = (decided_at IS NOT NULL)", name="decided_when"
        ),
        CheckConstraint("(state = 'passed') = (account_id IS NOT NULL)", name="passed_to_account"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    key: Mapped[str] = mapped_column(unique=True, default=unguessable)  # of the mailed link
    key_until: Mapped[datetime]  # that link opens it until then
    linked_at: Mapped[datetime | None]  # a link was last mailed because somebody asked for it
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.DRAFT)
    email: Mapped[str]  # folded; it answered, since the link was mailed there
    locale: Mapped[str]
    consents: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)  # terms: version (C7)
    started_at: Mapped[datetime]

    family_name: Mapped[str] = mapped_column(default="")  # the real name (C6), never shown (C10)
    given_name: Mapped[str] = mapped_column(default="")
    family_kana: Mapped[str] = mapped_column(default="")
    given_kana: Mapped[str] = mapped_column(default="")
    born_on: Mapped[date | None]
    cast_name: Mapped[str] = mapped_column(default="")
    folded_name: Mapped[str] = mapped_column(default="")
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # slugs (C8)
    wished_rank: Mapped[Rank | None]
    introduction: Mapped[str] = mapped_column(default="")
    # The picture goes on to the profile, where the cast may replace it.
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"))
    document_kind: Mapped[DocumentKind | None]

    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)

    account: Mapped[Account | None] = relationship(lazy="raise")

    @property
    def is_handed_over(self) -> bool:
        """Its words are the cast's account alone."""
        return self.state is ApplicationState.PASSED and not self.email


class IdentityPicture(Base):
    """One photograph of an identity document, sealed; its pixels go when their time is over."""

    __tablename__ = "identity_picture"
    __table_args__ = (
        Index("ix_identity_picture_application", "application_id", "id"),
        Index("ix_identity_picture_mark", "mark"),
        CheckConstraint("(jpeg IS NULL) = (deleted_at IS NOT NULL)", name="kept_or_deleted"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[DocumentKind]
    mark: Mapped[str]  # of the file's bytes, to see the same file again (D44)
    jpeg: Mapped[bytes | None] = mapped_column(Sealed, deferred=True)
    added_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class StepKind(StrEnum):
    """What an operator did with an application."""

    ASKED = "asked"  # for another picture
    PROPOSED_PASS = "proposed_pass"  # noqa: S105 - the first of two people
    PASSED = "passed"
    REFUSED = "refused"


class ScreeningStep(Base):
    """One act of the screening, by whom and with which words."""

    __tablename__ = "screening_step"
    __table_args__ = (Index("ix_screening_step_application", "application_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[StepKind]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    rank: Mapped[Rank | None]  # that is given
    words: Mapped[str] = mapped_column(default="")  # to the applicant, or the reason


class DocumentCheck(Base):
    """What was checked on the identity documents; it stays when their pictures are gone."""

    __tablename__ = "document_check"
    __table_args__ = (
        UniqueConstraint("application_id"),
        Index("ix_document_check_mark", "number_mark"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[DocumentKind]
    issuer: Mapped[str]
    number_mark: Mapped[str]  # of the document's number, which itself is not kept (D44)
    face_ok: Mapped[bool]
    name_ok: Mapped[bool]
    born_ok: Mapped[bool]
    address_ok: Mapped[bool]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
