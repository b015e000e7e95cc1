"""The table of texts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class TextKind(StrEnum):
    COMMERCE = "commerce"  # 特定商取引法に基づく表記, with who the seller is (facts: Japan 3.1)
    PREPAID = "prepaid"  # 資金決済法に基づく情報提供 (3.3)
    EXTERNAL = "external"  # 外部送信 (3.5)
    TERMS = "terms"  # 利用規約
    PRIVACY = "privacy"  # プライバシーポリシー (G36)
    CAST_TERMS = "cast_terms"  # キャスト利用規約 (C7)


AGREED_TO = (TextKind.TERMS, TextKind.PRIVACY, TextKind.CAST_TERMS)  # people consent to a version
OF_SELLER = tuple(kind for kind in TextKind if kind not in AGREED_TO)


class SiteText(Base):
    """One version of one text. It is never changed: a newer one takes its place at a moment."""

    __tablename__ = "site_text"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[TextKind]
    version: Mapped[int]  # counts from 1 within its kind
    holds_from: Mapped[datetime]
    body_ja: Mapped[str]  # what is said beside the fields; of terms the whole, in markup.py's marks
    body_en: Mapped[str]
    fields: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB)  # name: language: words
    written_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
