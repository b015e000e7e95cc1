"""A cast leaves: the page goes with all that is personal, and what was talked still has a name.

The real name and the accounts that were paid to are a part of the books, and go with them.
"""

from datetime import datetime

from sqlalchemy import and_, delete, or_, select

from app import policy
from app.casts import favourites, gallery, invitations, memos, profiles
from app.casts.bank_models import BankAccount
from app.casts.models import InvitationState, LegalName
from app.db import session
from app.people import closing
from app.people.models import Account


def forget(cast_id: int, *, by: int, now: datetime) -> None:
    """Empty the page of a cast whose account is held, and take it off the list for good."""
    profiles.hide(cast_id, now=now)
    invitation = invitations.ahead_of(cast_id)
    if invitation and invitation.state is InvitationState.OPEN:
        invitations.withdraw(invitation.id, by=by, now=now)
    favourites.forget(cast_id)
    memos.forget(cast_id)
    gallery.forget(cast_id)
    profiles.empty(cast_id, name=closing.GONE_CAST)


def forget_books(now: datetime) -> None:
    """Delete real names and bank accounts when the books that they belong to are over."""
    before = now - policy.BOOKS_KEPT
    left = select(Account.id).where(Account.closed_at < before)
    of_left = and_(BankAccount.account_id.in_(left), BankAccount.replaced_at.is_(None))
    session.execute(delete(BankAccount).where(or_(BankAccount.replaced_at < before, of_left)))
    paid = select(BankAccount.account_id)
    gone = and_(LegalName.account_id.in_(left), LegalName.account_id.not_in(paid))
    session.execute(delete(LegalName).where(gone))
