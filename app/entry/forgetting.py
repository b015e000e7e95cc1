"""Forgetting drafts that were never sent, with all their pictures."""

from datetime import datetime

from sqlalchemy import delete, select

from app import audit, policy
from app.db import session
from app.entry.models import Application, ApplicationState, IdentityPicture
from app.pictures import keeping

BATCH = 50


def is_over(application: Application, *, now: datetime) -> bool:
    """A draft whose time is up."""
    is_draft = application.state is ApplicationState.DRAFT
    return is_draft and application.started_at + policy.APPLICATION_KEPT <= now


def forget(application: Application, *, now: datetime) -> None:
    """Delete a draft; only that there was one stays, in the audit."""
    assert application.state is ApplicationState.DRAFT
    about, picture_id = f"application:{application.id}", application.picture_id
    session.execute(delete(IdentityPicture).filter_by(application_id=application.id))
    session.delete(application)
    session.flush()
    if picture_id:
        keeping.drop(picture_id)
    audit.note("application.forgotten", about=about, by=None, now=now)


def forget_due(now: datetime) -> int:
    """Forget a batch of what is due; how many it were."""
    due = session.scalars(
        select(Application)
        .where(
            Application.state == ApplicationState.DRAFT,
            Application.started_at <= now - policy.APPLICATION_KEPT,
        )
        .order_by(Application.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for application in due:
        forget(application, now=now)
    return len(due)
