"""The number of a cast in the invoice system (適格請求書発行事業者の登録番号): "T" and thirteen digits.

Most casts have none, and need none. What is entered holds from its day on, until something is entered
that holds from an earlier or the same day; an empty number ends a registration. Nothing is changed.

The first digit of a company's number (法人番号) checks the other twelve. For the numbers of persons no
such rule is published, so one that breaks it is taken, and both sides are asked to compare it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app import audit
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import Base, session
from app.errors import N_, Problem, Refused

DIGITS = re.compile(r"T?([0-9]{13})")
FIRST_DAY = date(2023, 10, 1)  # of the invoice system


class TaxRegistration(Base):
    """What a cast entered: a number that holds from a day on, or that there is none from then on."""

    __tablename__ = "tax_registration"
    __table_args__ = (
        CheckConstraint("number ~ '^(T[0-9]{13})?$'", name="number_or_none"),
        Index("ix_tax_registration_cast", "cast_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    number: Mapped[str]  # empty: no registration from this day on
    holds_from: Mapped[date]
    entered_at: Mapped[datetime]


def history_of(cast_id: int) -> list[TaxRegistration]:
    """Everything that was entered, the latest first."""
    wanted = (
        select(TaxRegistration)
        .where(TaxRegistration.cast_id == cast_id)
        .order_by(TaxRegistration.id.desc())
    )
    return list(session.scalars(wanted))


def histories_of(cast_ids: Collection[int]) -> dict[int, list[TaxRegistration]]:
    """Everything that these casts entered, the latest first; of whoever entered nothing, nothing."""
    wanted = select(TaxRegistration).where(TaxRegistration.cast_id.in_(cast_ids))
    found: dict[int, list[TaxRegistration]] = {}
    for each in session.scalars(wanted.order_by(TaxRegistration.id.desc())):
        found.setdefault(each.cast_id, []).append(each)
    return found


def holding(history: Iterable[TaxRegistration], *, on: date) -> str:
    """The number that holds on this day, of a history with the latest first; empty without one."""
    return next((each.number for each in history if each.holds_from <= on), "")


def number_of(cast_id: int, *, on: date) -> str:
    return holding(history_of(cast_id), on=on)


def numbers_on(day: date) -> dict[int, str]:
    """The numbers that hold on this day, by cast; of casts without one nothing."""
    wanted = select(TaxRegistration.cast_id, TaxRegistration.number)
    held = wanted.where(TaxRegistration.holds_from <= day).order_by(TaxRegistration.id)
    last = dict(session.execute(held).all())  # of each cast the latest entered
    return {cast_id: number for cast_id, number in last.items() if number}


def read(given: str) -> str:
    """A number as people type it, as it is kept; what is none comes back empty."""
    plain = re.sub(r"[\s‐‑–—−ー-]", "", unicodedata.normalize("NFKC", given)).upper()
    found = DIGITS.fullmatch(plain)
    return f"T{found[1]}" if found else ""


def is_checked(number: str) -> bool:
    """Whether the first digit checks the other twelve, as in every company's number."""
    first, *rest = (int(digit) for digit in number[1:])
    weighed = sum(digit * (1 + place % 2) for place, digit in enumerate(reversed(rest)))
    return first == 9 - weighed % 9


def why_not_enter(given: str, *, holds_from: date) -> list[Problem]:
    """Only what certainly is wrong: the form of the number, and a day that cannot be."""
    problems = []
    if not read(given):
        text = N_("A registration number is a T and thirteen digits.")
        problems.append(Problem(code="no_number", about="number", text=text))
    if holds_from < FIRST_DAY:
        text = N_("There are registrations since 1 October 2023. Please look at the day once more.")
        problems.append(Problem(code="too_early", about="holds_from", text=text))
    return problems


def enter(cast_id: int, given: str, *, holds_from: date, by: int, now: datetime) -> TaxRegistration:
    """Take this number from its day on. What is entered already is not entered again."""
    if problems := why_not_enter(given, holds_from=holds_from):
        raise Refused(*problems)
    return _write(cast_id, read(given), holds_from=holds_from, by=by, now=now)


def end(cast_id: int, *, by: int, now: datetime) -> None:
    """The cast has no registration any more, from today on."""
    today = now.astimezone(JAPAN).date()
    if number_of(cast_id, on=today):
        _write(cast_id, "", holds_from=today, by=by, now=now)


def _write(
    cast_id: int, number: str, *, holds_from: date, by: int, now: datetime
) -> TaxRegistration:
    # Two at once come one after the other: which of them holds must be the same for all.
    held = {"key_share": True}
    session.get_one(Cast, cast_id, with_for_update=held, populate_existing=True)
    last = next(iter(history_of(cast_id)), None)
    if last and (last.number, last.holds_from) == (number, holds_from):
        return last
    entry = TaxRegistration(cast_id=cast_id, number=number, holds_from=holds_from, entered_at=now)
    session.add(entry)
    session.flush()
    audit.note(
        "tax_registration.entered" if number else "tax_registration.ended",
        about=f"account:{cast_id}",
        by=by,
        now=now,
        holds_from=f"{holds_from}",
    )
    return entry
