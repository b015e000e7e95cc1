"""Identity documents as a screener sees them: by an explicit look, each written down (C20)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import audit
from app.audit import AuditEntry
from app.clock import JAPAN
from app.db import session
from app.entry import watermark
from app.entry.looks import Look, addresses
from app.entry.models import Application, IdentityPicture
from app.errors import N_, Problem, Refused
from app.people.models import Account

LOOKED = "identity.looked"


def pictures_of(application: Application) -> Sequence[IdentityPicture]:
    """In the order in which they came; their pixels stay sealed."""
    wanted = select(IdentityPicture).filter_by(application_id=application.id)
    return session.scalars(wanted.order_by(IdentityPicture.id)).all()


def find(application: Application, public_id: str) -> IdentityPicture | None:
    """The picture of this name, if it belongs to this application."""
    wanted = select(IdentityPicture).filter_by(application_id=application.id, public_id=public_id)
    return session.scalars(wanted).one_or_none()


def why_not_look(picture: IdentityPicture) -> list[Problem]:
    if picture.deleted_at is None:
        return []
    text = N_("This picture was deleted on %(day)s.")
    values = {"day": f"{picture.deleted_at.astimezone(JAPAN):%Y-%m-%d %H:%M}"}
    return [Problem(code="deleted", text=text, values=values)]


def look(picture: IdentityPicture, *, by: Account, now: datetime) -> str:
    """Write down that somebody opens a picture; the address where it is fetched once."""
    if problems := why_not_look(picture):
        raise Refused(*problems)
    facts = {"picture": picture.id}
    audit.note(LOOKED, about=about(picture.application_id), by=by.id, now=now, **facts)
    return addresses.give(Look(picture_id=picture.id, by=by.id, at=now))


def fetch(token: str, *, by: Account) -> bytes | None:
    """The JPEG of this look, marked with who and when; None for a used, old or another's address."""
    look = addresses.take(token)
    if look is None or look.by != by.id:
        return None
    picture = session.scalars(
        select(IdentityPicture).filter_by(id=look.picture_id).options(undefer(IdentityPicture.jpeg))
    ).one_or_none()
    if picture is None or picture.jpeg is None:
        return None
    application = session.get_one(Application, picture.application_id)
    return watermark.stamped(picture.jpeg, lines=_lines(application, by=by, at=look.at))


def find_unseen(pictures: Sequence[IdentityPicture], *, by: int) -> list[IdentityPicture]:
    """Those that this operator has not opened yet."""
    if not pictures:
        return []
    wanted = select(AuditEntry.facts["picture"].as_integer()).where(
        AuditEntry.about == about(pictures[0].application_id),
        AuditEntry.did == LOOKED,
        AuditEntry.by == by,
    )
    seen = set(session.scalars(wanted))
    return [picture for picture in pictures if picture.id not in seen]


def about(application_id: int) -> str:
    """How the audit names an application."""
    return f"application:{application_id}"


def number_of(application: Application) -> str:
    """What operators call an application among each other, and what stands in a watermark."""
    return f"A-{application.id:05}"


def _lines(application: Application, *, by: Account, at: datetime) -> list[str]:
    name = by.nickname if watermark.can_write(by.nickname) else by.email
    when = f"{at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}"
    return [name, when, number_of(application)]
