"""The operator's list of casts: found by name, mail address, rank and state."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, or_, select

from app.casts.invitations import is_ahead
from app.casts.models import Cast, Rank, RankInvitation, State
from app.casts.profiles import fold_name
from app.db import session
from app.desk.figures import Figures, figures_of
from app.payouts.condition_models import ConditionsNotice
from app.payouts.condition_reading import is_overdue
from app.people.models import Account

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Search:
    words: str = ""
    rank: Rank | None = None
    state: State | None = None
    invited: bool = False  # an invitation waits for its answer or its day
    unconfirmed: bool = False  # conditions in writing wait for long to be confirmed
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Found:
    casts: list[tuple[Cast, Figures]]
    next: Search | None


def find(search: Search, *, now: datetime) -> Found:
    """A page of casts by name."""
    wanted = select(Cast).join(Cast.account).order_by(Cast.folded_name)
    for word in search.words.split():
        in_name = Cast.folded_name.contains(fold_name(word), autoescape=True)
        wanted = wanted.where(or_(in_name, Account.email.icontains(word, autoescape=True)))
    if search.rank:
        wanted = wanted.where(Cast.rank == search.rank)
    if search.state:
        wanted = wanted.where(Cast.state == search.state)
    if search.invited:
        mine = RankInvitation.cast_id == Cast.account_id
        wanted = wanted.where(exists().where(mine, is_ahead()))
    if search.unconfirmed:
        mine = ConditionsNotice.cast_id == Cast.account_id
        wanted = wanted.where(Account.closed_at.is_(None), exists().where(mine, is_overdue(now)))
    skipped = (search.page - 1) * PAGE
    casts = session.scalars(wanted.offset(skipped).limit(PAGE + 1)).all()
    shown = casts[:PAGE]
    figures = figures_of([cast.account_id for cast in shown], now=now)
    return Found(
        casts=[(cast, figures[cast.account_id]) for cast in shown],
        next=replace(search, page=search.page + 1) if len(casts) > PAGE else None,
    )
