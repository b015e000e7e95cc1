"""The operator's rows of prices: what holds, what is to hold from a day on, and all that ever held.

A price holds from tomorrow at the earliest, so nobody pays another price than they were shown
today. The rows that have begun stay for ever: they prove what was asked when (C60).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, clock, policy
from app.casts import ranks
from app.casts.models import Rank, RankPrice
from app.casts.ranks import Price
from app.db import session
from app.errors import N_, Problem, Refused

SHARE = range(1, 101)  # percent


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table of prices, as casts and guests see it."""

    row: RankPrice
    price: Price
    before: Price | None  # what holds until then
    until: date | None  # the day from which the next one holds
    is_ahead: bool
    holds: bool


def lines(*, today: date) -> dict[Rank, list[Line]]:
    """Every row by rank, the newest first."""
    found: dict[Rank, list[RankPrice]] = {rank: [] for rank in Rank}
    for row in session.scalars(select(RankPrice).order_by(RankPrice.holds_from)):
        found[row.rank].append(row)
    return {rank: _lines(rows, today=today) for rank, rows in found.items()}


def planned(rank: Rank, *, today: date) -> Line | None:
    """The next price of a rank that has not begun, where there is one."""
    ahead = [line for line in lines(today=today)[rank] if line.is_ahead]
    return ahead[-1] if ahead else None


def why_not_add(
    *,
    rank: Rank,
    holds_from: date,
    price_points: int,
    reward_percent: int,
    slot_points: int,
    today: date,
) -> list[Problem]:
    """Why a row cannot be added; an empty list where it can."""
    problems = [
        Problem(code="out_of_range", about=name, text=_BETWEEN, values=_LIMITS)
        for name, points in (("price_points", price_points), ("slot_points", slot_points))
        if not 1 <= points <= policy.MOST_POINTS
    ]
    if reward_percent not in SHARE:
        text = N_("Please give a share from 1 to 100 percent.")
        problems.append(Problem(code="no_share", about="reward_percent", text=text))
    if not problems and slot_points < price_points:
        text = N_("A slot of %(minutes)s minutes cannot cost less than one minute.")
        values = {"minutes": policy.SLOT_MINUTES}
        problems.append(Problem(code="cheap_slot", about="slot_points", text=text, values=values))
    if holds_from < today + policy.RANK_CHANGE_NOTICE:
        text = N_("A price can hold from tomorrow on: today's stay as they were shown.")
        problems.append(Problem(code="too_soon", about="holds_from", text=text))
    elif session.get(RankPrice, (rank, holds_from)):
        text = N_("This rank has a price from that day on already. Please remove it first.")
        problems.append(Problem(code="taken", about="holds_from", text=text))
    return problems


def add(
    *,
    rank: Rank,
    holds_from: date,
    price_points: int,
    reward_percent: int,
    slot_points: int,
    by: int,
    now: datetime,
) -> RankPrice:
    """Raises Refused."""
    values = {
        "price_points": price_points,
        "reward_percent": reward_percent,
        "slot_points": slot_points,
    }
    today = _today(now)
    if problems := why_not_add(rank=rank, holds_from=holds_from, today=today, **values):
        raise Refused(*problems)
    row = RankPrice(rank=rank, holds_from=holds_from, **values)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another operator was faster
        problems = why_not_add(rank=rank, holds_from=holds_from, today=today, **values)
        raise Refused(*problems) from None
    _note("added", row, by=by, now=now, facts=values)
    return row


def why_not_remove(row: RankPrice, *, today: date) -> list[Problem]:
    if row.holds_from <= today:
        text = N_("This price has begun to hold, so it stays. Please add another one.")
        return [Problem(code="begun", text=text)]
    return []


def remove(row: RankPrice, *, by: int, now: datetime) -> None:
    """Take back a row that has not begun. Raises Refused."""
    if problems := why_not_remove(row, today=_today(now)):
        raise Refused(*problems)
    values = {
        "price_points": row.price_points,
        "reward_percent": row.reward_percent,
        "slot_points": row.slot_points,
    }
    _note("removed", row, by=by, now=now, facts=values)
    session.delete(row)
    session.flush()


def find(rank: Rank, holds_from: date) -> RankPrice | None:
    """The row, held until the end of the transaction: it is removed once."""
    return session.get(RankPrice, (rank, holds_from), with_for_update=True, populate_existing=True)


_BETWEEN = N_("Please give a whole number from 1 to %(max)s.")
_LIMITS: Mapping[str, object] = {"max": policy.MOST_POINTS}


def _lines(rows: list[RankPrice], *, today: date) -> list[Line]:
    """Of one rank, the oldest row given first."""
    made: list[Line] = []
    for number, row in enumerate(rows):
        after = rows[number + 1].holds_from if number + 1 < len(rows) else None
        is_ahead = row.holds_from > today
        line = Line(
            row=row,
            price=ranks.worth(row),
            before=ranks.worth(rows[number - 1]) if number else None,
            until=after,
            is_ahead=is_ahead,
            holds=not is_ahead and (after is None or after > today),
        )
        made.insert(0, line)
    return made


def _today(now: datetime) -> date:
    return now.astimezone(clock.JAPAN).date()


def _note(did: str, row: RankPrice, *, by: int, now: datetime, facts: Mapping[str, object]) -> None:
    about = f"rank_price:{row.rank}:{row.holds_from}"
    audit.note(f"rank_price.{did}", about=about, by=by, now=now, **facts)
