"""A guest's favourites: kept, listed with their state, and told of when they begin to stand by.

Casts do not see who keeps them. Telling is found by a query of what is due; nothing signals it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app import policy
from app.casts.models import Cast, Favourite, State
from app.clock import JAPAN
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import blocks, closing
from app.people.models import Account, MailChoices

BATCH = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A guest is to hear that a favourite stands by."""

    guest: Account
    cast: Cast
    since: datetime  # the stand-by began


def add(guest_id: int, cast_id: int, *, now: datetime) -> None:
    """Keep a cast; twice is once. Raises Refused where there are too many, or the two cannot meet."""
    closing.hold_open(guest_id)
    there = select(Cast.account_id).where(Cast.account_id == cast_id, _is_there(guest_id))
    if session.scalar(there) is None:
        raise Refused(blocks.CANNOT_MEET)
    kept = select(func.count()).select_from(Favourite).filter_by(guest_id=guest_id)
    if (session.scalar(kept) or 0) >= policy.MOST_FAVOURITES:
        text = N_("You can keep at most %(most)s favourites.")
        raise Refused(Problem(code="too_many", text=text, values={"most": policy.MOST_FAVOURITES}))
    new = insert(Favourite).values(guest_id=guest_id, cast_id=cast_id, created_at=now)
    session.execute(new.on_conflict_do_nothing())


def remove(guest_id: int, cast_id: int) -> None:
    gone = delete(Favourite).where(Favourite.guest_id == guest_id, Favourite.cast_id == cast_id)
    session.execute(gone)


def find(guest_id: int, cast_id: int) -> Favourite | None:
    return session.get(Favourite, (guest_id, cast_id), populate_existing=True)


def tell(guest_id: int, cast_id: int, *, wanted: bool, now: datetime) -> None:
    """Say whether the guest wants to hear when this favourite stands by, from now on."""
    if favourite := find(guest_id, cast_id):
        favourite.tells_since = (favourite.tells_since or now) if wanted else None
        session.flush()


def stop_token(guest: Account, cast: Cast, *, secret: str) -> str:
    """The last part of a mailed link that ends the mails about one favourite. It holds for ever."""
    return str(_signer(secret).dumps([guest.public_id, cast.public_id]))


def find_by_token(token: str, *, secret: str) -> tuple[Account, Cast] | None:
    """Who wants to hear no more of whom; None for a link that is not ours, or of one who left."""
    try:
        guest_id, cast_id = _signer(secret).loads(token)
    except BadSignature:
        return None
    guest = select(Account).filter_by(public_id=guest_id, closed_at=None)
    found = session.scalars(guest).one_or_none()
    cast = session.scalars(select(Cast).filter_by(public_id=cast_id)).one_or_none()
    return (found, cast) if found and cast else None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="stop-favourite")


def among(guest_id: int, cast_ids: Collection[int]) -> set[int]:
    """Which of these casts are favourites: one question for a whole page."""
    wanted = select(Favourite.cast_id).where(
        Favourite.guest_id == guest_id, Favourite.cast_id.in_(cast_ids)
    )
    return set(session.scalars(wanted))


def is_one_of(guest_id: int) -> ColumnElement[bool]:
    """A condition on casts: this guest's favourites only."""
    return Cast.account_id.in_(select(Favourite.cast_id).filter_by(guest_id=guest_id))


def of(guest_id: int, *, limit: int = policy.MOST_FAVOURITES) -> list[Row[Any]]:
    """(cast, favourite) of this guest, those who can talk now first; none whom they cannot see."""
    wanted = (
        select(Cast, Favourite)
        .join(Favourite, Favourite.cast_id == Cast.account_id)
        .where(Favourite.guest_id == guest_id, _is_there(Favourite.guest_id))
        .order_by(Cast.readiness.desc(), Favourite.created_at.desc(), Cast.account_id)
        .limit(limit)
    )
    return list(session.execute(wanted.execution_options(populate_existing=True)))


def take_due(now: datetime) -> list[Due]:
    """A batch of guests to be told now, marked as told.

    A stand-by that began since the guest asked, at most once in a while, in the guest's hours.
    """
    due = session.execute(
        select(Favourite, Account, Cast)
        .join(Account, Account.id == Favourite.guest_id)
        .join(Cast, Cast.account_id == Favourite.cast_id)
        .outerjoin(MailChoices, MailChoices.account_id == Favourite.guest_id)
        .where(
            Cast.state == State.ONLINE,
            _is_there(Favourite.guest_id),
            Cast.active_at >= Favourite.tells_since,
            Account.suspended_at.is_(None),
            or_(
                Favourite.told_at.is_(None),
                and_(
                    Favourite.told_at < Cast.active_at,
                    Favourite.told_at <= now - policy.FAVOURITE_AGAIN,
                ),
            ),
            _in_hours(now.astimezone(JAPAN).hour),
        )
        .order_by(Cast.active_at, Favourite.guest_id)
        .limit(BATCH)
        .with_for_update(of=Favourite, skip_locked=True)
    ).all()
    for favourite, _, _ in due:
        favourite.told_at = now
    return [Due(guest, cast, cast.active_at) for _, guest, cast in due]


def forget(account_id: int) -> None:
    """Those of a guest who leaves, and everybody's of a cast who does."""
    either = or_(Favourite.guest_id == account_id, Favourite.cast_id == account_id)
    session.execute(delete(Favourite).where(either))


def _is_there(guest_id: blocks.Person) -> ColumnElement[bool]:
    """A condition on casts: no block stands between the two, and the office has not shut them out."""
    return and_(Cast.hidden_at.is_(None), ~blocks.is_between(guest_id, Cast.account_id))


def _in_hours(hour: int) -> ColumnElement[bool]:
    """Is this an hour in which the guest wants to hear? The span may go past midnight."""
    first = func.coalesce(MailChoices.tell_from, policy.FAVOURITE_HOURS[0])
    until = func.coalesce(MailChoices.tell_until, policy.FAVOURITE_HOURS[1])
    by_day = and_(first < until, first <= hour, until > hour)
    by_night = and_(first > until, or_(first <= hour, until > hour))
    return or_(by_day, by_night)
