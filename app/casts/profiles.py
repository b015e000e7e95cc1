"""A cast's own page, and becoming one."""

import unicodedata
from datetime import datetime

from sqlalchemy import select

from app.casts import ranks, standby
from app.casts.models import Cast, LegalName, Rank, State
from app.clock import JAPAN
from app.db import session
from app.people import blocks
from app.people.models import Account, Role


def find(public_id: str) -> Cast | None:
    return session.scalars(select(Cast).filter_by(public_id=public_id)).one_or_none()


def find_for(public_id: str, reader: Account | None) -> Cast | None:
    """A cast as this reader may see them: not one who is hidden, nor across a block.

    Operators see everybody, and casts themselves.
    """
    cast = find(public_id)
    if cast is None or (reader and (reader.role is Role.OPERATOR or reader.id == cast.account_id)):
        return cast
    if cast.hidden_at or (reader and blocks.stand_between(reader.id, cast.account_id)):
        return None
    return cast


def fold_name(name: str) -> str:
    """Names that look the same are the same (D44)."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def open_profile(
    account: Account,
    *,
    name: str,
    legal: LegalName,
    rank: Rank,
    portrait: str,
    age_band: str,
    categories: list[str],
    tagline: str,
    profile: str,
    career: str,
    now: datetime,
) -> Cast:
    """Put a cast on the list, offline, at the price of the rank.

    `legal` is the real name, new and without its account yet.
    """
    assert account.role is Role.CAST
    legal.account_id = account.id
    session.add(legal)
    price = ranks.price_of(rank, today=now.astimezone(JAPAN).date())
    cast = Cast(
        account_id=account.id,
        public_id=account.public_id,
        name=name,
        folded_name=fold_name(name),
        portrait=portrait,
        age_band=age_band,
        categories=categories,
        tagline=tagline,
        profile=profile,
        career=career,
        rank=rank,
        price_points=price.price_points,
        reward_yen=price.reward_yen,
        slot_points=price.slot_points,
        slot_reward_yen=price.slot_reward_yen,
        state=State.OFFLINE,
        active_at=now,
        joined_at=now,
        misses=0,
        rating_sum=0,
        rating_count=0,
    )
    session.add(cast)
    session.flush()
    return cast


def hide(cast_id: int, *, now: datetime) -> None:
    """Take a cast off list, page and stand-by."""
    cast = standby.stop(cast_id)
    cast.hidden_at = cast.hidden_at or now


def unhide(cast_id: int) -> None:
    """Put a cast on the list again, offline as they are."""
    standby.get_locked(cast_id).hidden_at = None


def add_rating(cast_id: int, *, stars: int) -> None:
    """Count a guest's rating; the average is shown from three on (C18)."""
    cast = standby.get_locked(cast_id)
    cast.rating_sum += stars
    cast.rating_count += 1
