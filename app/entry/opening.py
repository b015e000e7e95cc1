"""Beginning an application, and the mailed link that goes on with it.

Whoever asks is always answered the same; only the mail tells whether something waits at that
address, so that nobody can find out who applied. The link proves the address.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, policy
from app.db import session, unguessable
from app.entry import forgetting
from app.entry.models import OPEN_STATES, Application, ApplicationState
from app.people.models import Account, Role
from app.people.registration import find_account, fold


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is at an address: an application, or a cast already. Neither: a link has just left."""

    application: Application | None = None
    cast: Account | None = None


def ask(email: str, *, consents: dict[str, str], locale: str, now: datetime) -> Asked:
    """Begin an application at this address, or find what is there, with a link to mail."""
    account = find_account(email, Role.CAST)
    if account and not account.closed_at:
        return Asked(cast=account)
    application = _find_open(email, now=now) or _begin(email, locale=locale, now=now)
    if not _link_anew(application, now=now):
        return Asked()
    if application.state is ApplicationState.DRAFT:
        application.consents, application.locale = consents, locale
    return Asked(application=application)


def find(key: str, *, now: datetime) -> Application | None:
    """The application that a mailed link opens; None for a wrong or old link."""
    return session.scalars(
        select(Application).where(Application.key == key, Application.key_until >= now)
    ).one_or_none()


def get_locked(key: str, *, now: datetime) -> Application | None:
    """The same, held until the end of the transaction, and as it is now."""
    return session.scalars(
        select(Application)
        .where(Application.key == key, Application.key_until >= now)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def agree(application: Application, *, consents: dict[str, str]) -> None:
    """Consent anew, after a new version of the terms (C7)."""
    if application.state is ApplicationState.DRAFT:
        application.consents = consents


def _find_open(email: str, *, now: datetime) -> Application | None:
    """The one at this address that is not decided; a draft that is too old is forgotten."""
    application = session.scalars(
        select(Application)
        .where(Application.email == fold(email), Application.state.in_(OPEN_STATES))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application and forgetting.is_over(application, now=now):
        forgetting.forget(application, now=now)
        return None
    return application


def _begin(email: str, *, locale: str, now: datetime) -> Application:
    application = Application(
        email=fold(email), locale=locale, started_at=now, key_until=now, consents={}
    )
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError:  # somebody sent the same form at the same moment
        known = _find_open(email, now=now)
        assert known, "the address is taken by nobody"
        return known
    audit.note("application.begun", about=f"application:{application.id}", by=None, now=now)
    return application


def _link_anew(application: Application, *, now: datetime) -> bool:
    """Give a new link, and end the old one; says whether it did.

    One that has only just been mailed stays, so that a second press does not kill it.
    """
    linked_at = application.linked_at
    if linked_at and now < linked_at + policy.CONFIRMATION_AGAIN:
        return False
    application.key, application.linked_at = unguessable(), now
    application.key_until = link_end(application, now=now)
    session.flush()
    return True


def link_end(application: Application, *, now: datetime) -> datetime:
    """How long a link made now holds: never longer than its draft is kept."""
    match application.state:
        case ApplicationState.DRAFT:
            kept_until = application.started_at + policy.APPLICATION_KEPT
            return min(now + policy.APPLICATION_OPEN, kept_until)
        case ApplicationState.MORE_DOCUMENTS:
            return now + policy.MORE_DOCUMENTS_WITHIN
        case _:
            return now + policy.APPLICATION_OPEN
