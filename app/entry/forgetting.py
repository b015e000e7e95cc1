"""Forgetting applications: drafts and refused ones whole, and what a cast's account holds as well.

Of a refused one nothing is kept longer than its objections take, no mark either: whoever applies
again after that begins anew (個人情報保護法22条).
"""

from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update

from app import audit, policy
from app.db import session
from app.entry.models import (
    Application,
    ApplicationState,
    DocumentCheck,
    IdentityPicture,
    ScreeningStep,
)
from app.people.models import Account
from app.pictures import keeping

BATCH = 50
PARTS = (IdentityPicture, DocumentCheck, ScreeningStep)
PASSED, FAILED = ApplicationState.PASSED, ApplicationState.FAILED


def is_over(application: Application, *, now: datetime) -> bool:
    """A draft whose time is up."""
    is_draft = application.state is ApplicationState.DRAFT
    return is_draft and application.started_at + policy.APPLICATION_KEPT <= now


def forget(application: Application, *, now: datetime) -> None:
    """Delete it with all its parts; only that there was one stays, in the audit."""
    about, picture_id = f"application:{application.id}", application.picture_id
    for part in PARTS:
        session.execute(delete(part).filter_by(application_id=application.id))
    session.delete(application)
    session.flush()
    if picture_id:
        keeping.drop(picture_id)
    audit.note("application.forgotten", about=about, by=None, now=now)


def forget_due(now: datetime) -> int:
    """Forget a batch of what is due; how many it were.

    Drafts, refused ones, and those of casts whose books are over.
    """
    is_draft = Application.state == ApplicationState.DRAFT
    drafts = and_(is_draft, Application.started_at <= now - policy.APPLICATION_KEPT)
    decided_before = now - policy.REFUSED_APPLICATION_KEPT
    refused = and_(Application.state == FAILED, Application.decided_at <= decided_before)
    left = select(Account.id).where(Account.closed_at < now - policy.BOOKS_KEPT)
    of_left = and_(Application.state == PASSED, Application.account_id.in_(left))
    due = session.scalars(
        select(Application)
        .where(or_(drafts, refused, of_left))
        .order_by(Application.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for application in due:
        forget(application, now=now)
    return len(due)


def hand_over_due(now: datetime) -> int:
    """Empty a batch of passed applications of what the cast's account holds; how many it were.

    The words go with the pictures that they were compared with.
    """
    due = session.scalars(
        select(Application)
        .where(
            Application.state == PASSED,
            Application.email != "",
            Application.decided_at <= now - policy.DOCUMENTS_KEPT,
        )
        .order_by(Application.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for application in due:
        _hand_over(application)
    return len(due)


def hand_over(account_id: int) -> None:
    """The same at once, where the cast leaves before its time."""
    wanted = select(Application).filter_by(account_id=account_id).with_for_update()
    if application := session.scalars(wanted).one_or_none():
        _hand_over(application)


def _hand_over(application: Application) -> None:
    application.email = application.cast_name = application.folded_name = ""
    application.family_name = application.given_name = ""
    application.family_kana = application.given_kana = ""
    application.introduction, application.born_on = "", None
    application.consents, application.picture_id = {}, None
    session.execute(update(ScreeningStep).filter_by(application_id=application.id).values(words=""))
    session.flush()
