"""Finding a cast: filters, order, and pages that go on where the last one ended.

Built on Core and on columns only, since this is the page that most strangers ask for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from app.casts import favourites
from app.casts.models import Cast, Category, State
from app.db import session
from app.people import blocks

PAGE = 24
WORDS = 5  # more are ignored
LARGEST = 2**31 - 1  # number that a place in the list may hold
SORTS = ("ready", "price", "rating", "new")

_CARD = (
    Cast.account_id,
    Cast.public_id,
    Cast.name,
    Cast.portrait,
    Cast.age_band,
    Cast.categories,
    Cast.tagline,
    Cast.rank,
    Cast.price_points,
    Cast.state,
    Cast.rating_tenths,
    Cast.rating_count,
    Cast.readiness,
    Cast.active_at,
    Cast.joined_at,
)
_ORDER: dict[str, tuple[Any, ...]] = {
    "ready": (Cast.readiness, Cast.active_at, Cast.account_id),
    "price": (Cast.price_points, Cast.account_id),
    "rating": (Cast.rating_tenths, Cast.account_id),
    "new": (Cast.joined_at, Cast.account_id),
}


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a visitor asked for; all of it stands in the URL."""

    words: str = ""
    category: str = ""
    most_points: int | None = None  # a minute
    ready: bool = False  # can talk now
    favourites_of: int | None = None  # this guest's favourites only
    sort: str = "ready"


@dataclass(frozen=True, slots=True)
class Page:
    casts: list[Row[Any]]
    next_after: str | None  # hand it back to go on


def find(search: Search, *, after: str | None = None, reader_id: int | None = None) -> Page:
    """A page of casts. An `after` that makes no sense begins anew.

    Blocks cost a reader who is signed in one anti-join, and strangers nothing.
    """
    statement = _ordered(search)
    if reader_id is not None:
        statement = statement.where(~blocks.is_between(reader_id, Cast.account_id))
    if place := _place(search.sort, after):
        statement = statement.where(_behind(search.sort, place))
    found = list(session.execute(statement.limit(PAGE + 1)))
    shown = found[:PAGE]
    more = len(found) > PAGE
    return Page(shown, _mark(search.sort, shown[-1]) if more else None)


def count_online() -> int:
    return session.scalar(select(func.count()).where(Cast.state == State.ONLINE)) or 0


def listed() -> list[tuple[str, datetime]]:
    """Every cast that the list would show to a stranger, with when they were last about."""
    found = select(Cast.public_id, Cast.active_at).where(*_filters(Search()))
    return [(each.public_id, each.active_at) for each in session.execute(found)]


def categories() -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.position)))


def _filters(search: Search) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Cast.hidden_at.is_(None)]
    if search.ready:
        wanted.append(Cast.readiness == 3)
    if search.favourites_of is not None:
        wanted.append(favourites.is_one_of(search.favourites_of))
    if search.category:
        wanted.append(Cast.categories.contains([search.category]))
    if search.most_points is not None:
        wanted.append(Cast.price_points <= search.most_points)
    wanted.extend(
        Cast.words.contains(word.lower(), autoescape=True) for word in search.words.split()[:WORDS]
    )
    return wanted


def _ordered(search: Search) -> Select[*tuple[Any, ...]]:
    columns = _ORDER[search.sort]
    falling = search.sort != "price"
    order = (column.desc() if falling else column for column in columns)
    return select(*_CARD).where(*_filters(search)).order_by(*order)


def _behind(sort: str, place: tuple[Any, ...]) -> ColumnElement[bool]:
    columns = tuple_(*_ORDER[sort])
    return columns > place if sort == "price" else columns < place


def _mark(sort: str, last: Row[Any]) -> str:
    values = (getattr(last, column.key) for column in _ORDER[sort])
    return "~".join(
        value.isoformat() if isinstance(value, datetime) else str(value) for value in values
    )


def _place(sort: str, after: str | None) -> tuple[Any, ...] | None:
    parts = (after or "").split("~")
    columns = _ORDER[sort]
    if len(parts) != len(columns):
        return None
    try:
        return tuple(
            datetime.fromisoformat(part) if column.key.endswith("_at") else _number(part)
            for part, column in zip(parts, columns, strict=True)
        )
    except ValueError:
        return None


def _number(part: str) -> int:
    number = int(part)
    if abs(number) > LARGEST:
        raise ValueError(part)
    return number
