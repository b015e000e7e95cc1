"""A cast's own page: becoming one, and what the cast writes there (C26, C29)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app import audit, policy
from app.casts import links, ranks, standby
from app.casts.links import Channel, channels_of
from app.casts.models import Cast, Category, LegalName, Rank, State
from app.clock import JAPAN
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import blocks, closing
from app.people.models import Account, Role


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a cast writes on their page; guests see it at once."""

    tagline: str
    profile: str
    career: str
    categories: Sequence[str]  # slugs
    site_url: str
    links: Sequence[str]

    @property
    def channels(self) -> list[Channel]:
        return channels_of(self.site_url, self.links)


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


def words_of(cast: Cast) -> Words:
    return Words(
        tagline=cast.tagline,
        profile=cast.profile,
        career=cast.career,
        categories=cast.categories,
        site_url=cast.site_url,
        links=cast.links,
    )


def edit(cast_id: int, words: Words, *, by: int, now: datetime) -> Cast:
    """Put what the cast has written on their page. Raises Refused for what cannot stand there."""
    if problems := why_not_edit(words):
        raise Refused(*problems)
    tidied = tidy(words)
    cast = standby.get_locked(cast_id)
    cast.tagline, cast.profile, cast.career = tidied.tagline, tidied.profile, tidied.career
    cast.categories = list(tidied.categories)
    cast.site_url, cast.links = tidied.site_url, list(tidied.links)
    audit.note("profile.edited", about=f"account:{cast_id}", by=by, now=now)
    return cast


def tidy(words: Words) -> Words:
    """As it is kept: categories in the operator's order, each link whole and once."""
    known = session.scalars(select(Category.slug).order_by(Category.position))
    return Words(
        tagline=words.tagline.strip(),
        profile=words.profile.strip(),
        career=words.career.strip(),
        categories=[slug for slug in known if slug in words.categories],
        site_url=links.tidy(words.site_url) if words.site_url else "",
        links=list(dict.fromkeys(links.tidy(each) for each in words.links)),
    )


def why_not_edit(words: Words) -> list[Problem]:
    """Why these words cannot stand on a page; an empty list where they can."""
    problems = [
        problem
        for about, most in _LENGTHS.items()
        for problem in _why_too_long(about, getattr(words, about), most)
    ]
    problems += _why_not_categories(words.categories)
    if words.site_url:
        problems += links.why_not_site(words.site_url, about="site_url")
    for each in words.links:
        problems += links.why_not_channel(each, about="links")
    if len(words.links) > policy.PROFILE_LINKS:
        text = N_("Please give at most %(most)s links.")
        values = {"most": policy.PROFILE_LINKS}
        problems.append(Problem(code="many_links", about="links", text=text, values=values))
    return problems


_LENGTHS = {
    "tagline": policy.TAGLINE_LENGTH,
    "profile": policy.INTRODUCTION_LENGTH,
    "career": policy.CAREER_LENGTH,
}


def _why_too_long(about: str, text: str, most: int) -> list[Problem]:
    if len(text) <= most:
        return []
    said = N_("Please use at most %(most)s characters; these are %(count)s.")
    values = {"most": most, "count": len(text)}
    return [Problem(code="too_long", about=about, text=said, values=values)]


def _why_not_categories(slugs: Sequence[str]) -> list[Problem]:
    known = set(session.scalars(select(Category.slug)))
    if not slugs or not set(slugs) <= known:
        text = N_("Please choose at least one category.")
        return [Problem(code="no_category", about="categories", text=text)]
    if len(set(slugs)) > policy.PROFILE_CATEGORIES:
        text = N_("Please choose at most %(most)s categories.")
        values = {"most": policy.PROFILE_CATEGORIES}
        return [Problem(code="many_categories", about="categories", text=text, values=values)]
    return []


def hide(cast_id: int, *, now: datetime) -> None:
    """Take a cast off list, page and stand-by."""
    cast = standby.stop(cast_id)
    cast.hidden_at = cast.hidden_at or now


def empty(cast_id: int, *, name: str) -> None:
    """Nothing of a cast who has left stays but rank, prices and ratings; the name is free again."""
    cast = standby.get_locked(cast_id)
    cast.name, cast.folded_name = name, f"{cast.public_id}@{closing.NOBODY}"
    cast.tagline = cast.profile = cast.career = cast.site_url = cast.age_band = ""
    cast.links, cast.categories = [], []
    session.flush()


def unhide(cast_id: int) -> None:
    """Put a cast on the list again, offline as they are."""
    standby.get_locked(cast_id).hidden_at = None


def add_rating(cast_id: int, *, stars: int) -> None:
    """Count a guest's rating; the average is shown from three on (C18)."""
    cast = standby.get_locked(cast_id)
    cast.rating_sum += stars
    cast.rating_count += 1
