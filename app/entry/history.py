"""Everything that was done with one application, in its order: who looked, asked, decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.audit import AuditEntry
from app.casts.models import Rank
from app.db import session
from app.entry import deletion, sending, viewing
from app.entry.models import Application
from app.entry.screening import steps_of
from app.people.models import Account

# What the audit tells; the first sending and each one after a request are separate lines.
NOTED = (sending.SENT, sending.SENT_AGAIN, viewing.LOOKED, deletion.DELETED)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the history; `number` counts the pictures of the application from 1."""

    at: datetime
    by: str  # a name; empty for the house itself and for the applicant
    did: str  # "added", a StepKind, or one of NOTED
    number: int = 0
    words: str = ""
    rank: Rank | None = None


def of(application: Application) -> list[Event]:
    """From the first line to the newest."""
    pictures = viewing.pictures_of(application)
    numbers = {picture.id: number for number, picture in enumerate(pictures, 1)}
    entries = _entries(application)
    steps = steps_of(application)
    people = {each.by for each in entries if each.by} | {each.by for each in steps}
    names = _names(people)
    events = [
        *(
            Event(at=picture.added_at, by="", did="added", number=numbers[picture.id])
            for picture in pictures
        ),
        *(
            Event(
                at=each.at,
                by=names.get(each.by or 0, ""),
                did=each.did,
                number=numbers.get(int(str(each.facts.get("picture", 0))), 0),
            )
            for each in entries
        ),
        *(
            Event(
                at=each.at,
                by=names.get(each.by, ""),
                did=each.kind,
                words=each.words,
                rank=each.rank,
            )
            for each in steps
        ),
    ]
    return sorted(events, key=lambda event: event.at)


def _entries(application: Application) -> list[AuditEntry]:
    wanted = select(AuditEntry).where(
        AuditEntry.about == viewing.about(application.id),
        AuditEntry.did.in_(NOTED),
    )
    return list(session.scalars(wanted.order_by(AuditEntry.id)))


def _names(ids: set[int]) -> dict[int, str]:
    wanted = select(Account.id, Account.nickname).where(Account.id.in_(ids))
    return {row.id: row.nickname for row in session.execute(wanted)}
