"""The pixels of identity documents go when their time is over; what was checked stays.

Their certificate is an audit entry for each picture, which nobody can change.
"""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from app import audit, clock, policy
from app.db import session
from app.entry import viewing
from app.entry.models import Application, ApplicationState, IdentityPicture
from app.jobs import periodic, transaction

DELETED = "identity.deleted"
BATCH = 50
KEPT = {
    ApplicationState.PASSED: policy.DOCUMENTS_KEPT,
    ApplicationState.FAILED: policy.REFUSED_DOCUMENTS_KEPT,
}


@periodic
def delete_documents() -> None:
    """Delete what is due, a batch in each transaction."""
    deleted = 1
    while deleted:
        with transaction():
            deleted = delete_due(clock.now())


def delete_due(now: datetime) -> int:
    """Delete the next pictures whose time is over; how many there were."""
    is_over = [
        and_(Application.state == state, Application.decided_at <= now - kept)
        for state, kept in KEPT.items()
    ]
    due = session.scalars(
        select(IdentityPicture)
        .join(Application, Application.id == IdentityPicture.application_id)
        .where(IdentityPicture.deleted_at.is_(None), or_(*is_over))
        .order_by(IdentityPicture.id)
        .limit(BATCH)
        .with_for_update(of=IdentityPicture, skip_locked=True)
    ).all()
    for picture in due:
        _delete(picture, now=now)
    return len(due)


def _delete(picture: IdentityPicture, *, now: datetime) -> None:
    this = update(IdentityPicture).filter_by(id=picture.id)
    session.execute(this.values(jpeg=None, deleted_at=now))
    facts = {
        "picture": picture.id,
        "kind": picture.kind.value,
        "added_at": picture.added_at.isoformat(),
    }
    about = viewing.about(picture.application_id)
    audit.note(DELETED, about=about, by=None, now=now, **facts)
