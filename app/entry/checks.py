"""What a screener has to see on a document before somebody passes, and the record of it (D28, D44)."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from app import policy
from app.db import session
from app.entry.models import Application, DocumentCheck, DocumentKind
from app.errors import N_, Problem
from app.people.registration import age_on
from app.vault import vault

ISSUER_LENGTH = 60  # characters
NUMBER_LENGTH = (4, 40)  # characters of a document's number, without spaces and hyphens
PARTS = {
    "face_ok": N_("Please tick that the face is that of the profile picture."),
    "name_ok": N_("Please tick that the name is the one of the application."),
    "born_ok": N_("Please tick that the birthday is the one of the application."),
    "address_ok": N_("Please tick that an address is shown, or ask for another document."),
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the screener has found. The number is typed whole and never kept."""

    kind: DocumentKind
    issuer: str
    number: str
    face_ok: bool
    name_ok: bool
    born_ok: bool
    address_ok: bool

    @property
    def number_mark(self) -> str:
        return vault.mark(f"{self.kind}:{_bare(self.number)}")


def why_not_checked(checked: Checked, application: Application, *, today: date) -> list[Problem]:
    """Everything that still has to be seen."""
    problems = [
        Problem(code=f"not_{part}", about=part, text=text)
        for part, text in PARTS.items()
        if not getattr(checked, part)
    ]
    if not checked.issuer.strip():
        text = N_("Please write who issued it, as it stands there.")
        problems.append(Problem(code="no_issuer", about="issuer", text=text))
    shortest, longest = NUMBER_LENGTH
    if not shortest <= len(_bare(checked.number)) <= longest:
        text = N_("Please type the whole number of the document, %(least)s to %(most)s characters.")
        values = {"least": shortest, "most": longest}
        problems.append(Problem(code="no_number", about="number", text=text, values=values))
    if application.born_on is None or age_on(today, application.born_on) < policy.ADULT_YEARS:
        text = N_("By the birthday this person is under %(years)s, so they cannot pass.")
        values = {"years": policy.ADULT_YEARS}
        problems.append(Problem(code="not_adult", about="born_ok", text=text, values=values))
    return problems


def find(application: Application) -> DocumentCheck | None:
    wanted = select(DocumentCheck).filter_by(application_id=application.id)
    return session.scalars(wanted).one_or_none()


def find_same_number(application: Application, checked: Checked) -> Application | None:
    """An application that was checked with the same number before (D44)."""
    wanted = (
        select(Application)
        .join(DocumentCheck, DocumentCheck.application_id == Application.id)
        .where(
            DocumentCheck.number_mark == checked.number_mark,
            DocumentCheck.application_id != application.id,
        )
        .order_by(Application.id.desc())
        .limit(1)
    )
    return session.scalars(wanted).one_or_none()


def write(application: Application, checked: Checked, *, by: int, now: datetime) -> None:
    """Keep what was checked, in place of what a proposal before had kept."""
    session.execute(delete(DocumentCheck).filter_by(application_id=application.id))
    session.add(
        DocumentCheck(
            application_id=application.id,
            kind=checked.kind,
            issuer=checked.issuer.strip(),
            number_mark=checked.number_mark,
            face_ok=checked.face_ok,
            name_ok=checked.name_ok,
            born_ok=checked.born_ok,
            address_ok=checked.address_ok,
            by=by,
            at=now,
        )
    )
    session.flush()


def _bare(number: str) -> str:
    """A number as it is compared: whatever its width, case, spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(filter(str.isalnum, folded))
