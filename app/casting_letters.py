"""The mails about a cast's rank, account and conditions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import clock
from app.casts import ranks
from app.casts.bank_models import BankAccount
from app.casts.models import RankInvitation
from app.db import session
from app.jobs import periodic, transaction
from app.letters import link, write
from app.payouts import conditions
from app.payouts.condition_models import ConditionsNotice
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


@periodic
def give_conditions() -> None:
    """Write the conditions that are due and mail each, a batch in each transaction."""
    is_more = True
    while is_more:
        now = clock.now()
        with transaction():
            given = conditions.give_due(now)
            tell_conditions(given, now=now)
        is_more = bool(given)


def give_first_conditions(cast_id: int, *, now: datetime) -> None:
    """A cast is admitted: their conditions go with it, in the same transaction."""
    tell_conditions(conditions.give_to(cast_id, now=now), now=now)


def tell_conditions(given: Sequence[ConditionsNotice], *, now: datetime) -> None:
    """Each cast hears where their new conditions stand; the numbers of the reward are said at once."""
    wanted = select(Account).where(Account.id.in_({each.cast_id for each in given}))
    casts = {account.id: account for account in session.scalars(wanted)} if given else {}
    for notice in given:
        write(
            "conditions",
            to=casts[notice.cast_id],
            key=f"conditions:{notice.cast_id}:{notice.number}",
            now=now,
            notice=notice,
            terms=notice.content["terms"],
            begins_at=clock.start_of(notice.holds_from),
            link=link("cast_room.show_conditions", public_id=notice.public_id),
        )
