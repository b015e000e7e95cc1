"""Pictures of identity documents: sealed as they arrive, shown to nobody but who sent them (C9, C11, D28).

The screening looks at them by its own door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from app import policy
from app.db import session
from app.entry.models import (
    Application,
    ApplicationState,
    DocumentKind,
    IdentityPicture,
    ScreeningStep,
    StepKind,
)
from app.entry.steps import sent_already
from app.errors import N_, Problem, Refused
from app.pictures import photographs
from app.vault import vault

NAME_SHOWN = 60  # characters of a file's name


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A file that was read: its pixels, and a mark of its bytes (D44)."""

    image: Image.Image
    mark: str


@dataclass(frozen=True, kw_only=True)
class Received:
    """What is told of a picture that we have."""

    public_id: str
    kilobytes: int
    added_at: datetime
    may_go: bool  # nobody has looked at it yet


def read(files: Sequence[tuple[str, bytes]]) -> list[Photograph]:
    """Read named files. Raises Refused, about the field `photos`, naming each that is none."""
    if len(files) > policy.PHOTOS_AT_ONCE:
        raise Refused(_too_many())
    photos, problems = [], []
    for name, data in files:
        try:
            image = photographs.read(data, about="photos")
        except Refused as refusal:
            text = N_("“%(file)s” was not taken.")
            problems += [_problem("not_taken", text, file=name[:NAME_SHOWN]), *refusal.problems]
        else:
            photos.append(Photograph(image=image, mark=vault.mark(sha256(data).hexdigest())))
    if problems:
        raise Refused(*problems)
    return photos


def choose_kind(application: Application, kind: DocumentKind) -> None:
    _must_be_open(application)
    application.document_kind = kind


def why_not_add(application: Application, number: int) -> list[Problem]:
    """Every reason not to take so many pictures."""
    if application.document_kind is None:
        return [_problem("no_kind", N_("Please choose first which document it is."))]
    if number == 0:
        return [_problem("no_photos", N_("Please choose a photograph."))]
    if number > room_left(application):
        return [_too_many()]
    return []


def add(application: Application, photos: Sequence[Photograph], *, now: datetime) -> int:
    """Keep all of them, or none. A file that is here already is not kept twice (a second press).

    Gives how many are new.
    """
    _must_be_open(application)
    known = set(
        session.scalars(select(IdentityPicture.mark).filter_by(application_id=application.id))
    )
    new = {each.mark: each for each in photos if each.mark not in known}
    if photos and not new:
        return 0
    if problems := why_not_add(application, len(new)):
        raise Refused(*problems)
    for photo in new.values():
        session.add(
            IdentityPicture(
                application_id=application.id,
                kind=application.document_kind,
                mark=photo.mark,
                jpeg=photographs.shrunk(photo.image),
                added_at=now,
            )
        )
    session.flush()
    return len(new)


def received(application: Application) -> list[Received]:
    """The pictures that are here, in the order in which they came."""
    sealed_bytes = func.octet_length(IdentityPicture.jpeg)
    since = asked_at(application)
    found = session.execute(
        select(IdentityPicture, sealed_bytes)
        .where(
            IdentityPicture.application_id == application.id,
            IdentityPicture.deleted_at.is_(None),
        )
        .order_by(IdentityPicture.id)
    )
    return [
        Received(
            public_id=picture.public_id,
            kilobytes=max(sealed * 3 // 4 // 1000, 1),  # a seal is written in 4 letters for 3 bytes
            added_at=picture.added_at,
            may_go=_is_open(application) and (since is None or picture.added_at > since),
        )
        for picture, sealed in found
    ]


def room_left(application: Application) -> int:
    """How many more pictures can be added; what the office has looked at does not count."""
    return policy.PHOTOS_AT_ONCE - sum(each.may_go for each in received(application))


def is_complete(application: Application) -> bool:
    """Is there a picture of the document that was chosen?"""
    wanted = select(IdentityPicture.id).filter_by(
        application_id=application.id, kind=application.document_kind, deleted_at=None
    )
    return session.scalar(wanted.limit(1)) is not None


def remove(application: Application, public_id: str) -> bool:
    """Take one away that nobody has looked at; says whether it was there."""
    _must_be_open(application)
    removable = {each.public_id for each in received(application) if each.may_go}
    picture = _find(application, public_id)
    if picture is None or public_id not in removable:
        return False
    session.delete(picture)
    session.flush()
    return True


def preview(application: Application, public_id: str) -> bytes | None:
    """A small JPEG for who sent it; None where this application has no such picture."""
    picture = _find(application, public_id)
    if picture is None or picture.jpeg is None:
        return None
    image = photographs.read(picture.jpeg)
    image.thumbnail((policy.PREVIEW_SIDE, policy.PREVIEW_SIDE))
    return photographs.shrunk(image)


def last_request(application: Application) -> ScreeningStep | None:
    """What the office asked for last (D28)."""
    return session.scalars(
        select(ScreeningStep)
        .filter_by(application_id=application.id, kind=StepKind.ASKED)
        .order_by(ScreeningStep.id.desc())
        .limit(1)
    ).one_or_none()


def asked_at(application: Application) -> datetime | None:
    request = last_request(application)
    return request.at if request else None


def _find(application: Application, public_id: str) -> IdentityPicture | None:
    return session.scalars(
        select(IdentityPicture)
        .filter_by(application_id=application.id, public_id=public_id, deleted_at=None)
        .options(undefer(IdentityPicture.jpeg))
    ).one_or_none()


def _is_open(application: Application) -> bool:
    return application.state in {ApplicationState.DRAFT, ApplicationState.MORE_DOCUMENTS}


def _must_be_open(application: Application) -> None:
    if not _is_open(application):
        raise Refused(sent_already())


def _too_many() -> Problem:
    text = N_("We can take %(most)s pictures at most. Please choose the ones that show everything.")
    return _problem("too_many", text, most=policy.PHOTOS_AT_ONCE)


def _problem(code: str, text: str, **values: object) -> Problem:
    return Problem(code=code, about="photos", text=text, values=values)
