"""The mails about a cast's rank and account."""

from datetime import datetime

from app import clock
from app.casts import ranks
from app.casts.bank_models import BankAccount
from app.casts.models import RankInvitation
from app.db import session
from app.letters import link, write
from app.people.models import Account


def rank_invitation(invitation: RankInvitation, *, now: datetime) -> None:
    """The office offers another rank; what it costs and pays is as of its day (C16)."""
    cast = invitation.cast
    write(
        "rank_invitation",
        to=session.get_one(Account, cast.account_id),
        key=f"rank_invitation:{invitation.id}:invited",
        now=now,
        invitation=invitation,
        cast=cast,
        price=ranks.price_of(invitation.rank, today=invitation.holds_from),
        begins_at=clock.start_of(invitation.holds_from),
        link=link("cast_room.show_invitation", public_id=invitation.public_id),
    )


def rank_invitation_withdrawn(invitation: RankInvitation, *, now: datetime) -> None:
    write(
        "rank_invitation_withdrawn",
        to=session.get_one(Account, invitation.cast_id),
        key=f"rank_invitation:{invitation.id}:withdrawn",
        now=now,
        invitation=invitation,
        link=link("cast_room.show"),
    )


def bank_account_changed(cast: Account, account: BankAccount, *, now: datetime) -> None:
    """Where rewards go was changed: the cast hears of it, whoever did it."""
    write(
        "bank_account_changed",
        to=cast,
        key=f"bank_account:{account.id}:changed",
        now=now,
        bank_account=account,
        link=link("cast_room.account"),
    )


def bank_account_correction(cast: Account, account: BankAccount, *, now: datetime) -> None:
    """The office asks for another account, or for the right name of its holder."""
    write(
        "bank_account_correction",
        to=cast,
        key=f"bank_account:{account.id}:correction",
        now=now,
        bank_account=account,
        link=link("cast_room.account"),
    )
