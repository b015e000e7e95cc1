"""The editions of the texts that people agree to (C7, G36): the built-in words first, then the operator's.

An edition is called by the day in Japan from which it holds, "2026-12-10"; of two that hold from one
day the later written is "2026-12-10-2". What is published never changes, so no name ever does.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from app.clock import JAPAN
from app.db import session
from app.texts.models import AGREED_TO, SiteText, TextKind

# Since when the words in the templates hold.
FIRST = {
    TextKind.TERMS: date(2026, 11, 24),
    TextKind.PRIVACY: date(2026, 11, 24),
    TextKind.CAST_TERMS: date(2026, 11, 26),
}


@dataclass(frozen=True, kw_only=True)
class Edition:
    kind: TextKind
    number: int  # of the operator's version; 0: the built-in words
    name: str
    holds_from: datetime


def editions(kinds: Iterable[TextKind] = AGREED_TO) -> dict[TextKind, list[Edition]]:
    """Every edition of these texts, as they were written, in one question to the database."""
    found = {kind: [_built_in(kind)] for kind in kinds}
    wanted = (
        select(SiteText.kind, SiteText.version, SiteText.holds_from)
        .where(SiteText.kind.in_(found))
        .order_by(SiteText.version)
    )
    days = Counter((kind, FIRST[kind]) for kind in found)
    for kind, version, holds_from in session.execute(wanted):
        day = holds_from.astimezone(JAPAN).date()
        days[kind, day] += 1
        name = f"{day}-{days[kind, day]}" if days[kind, day] > 1 else f"{day}"
        edition = Edition(kind=kind, number=version, name=name, holds_from=holds_from)
        found[kind].append(edition)
    return found


def holding(all_of_kind: Iterable[Edition], *, now: datetime) -> Edition:
    """Of the editions of one text the one that holds: the latest written of those that may."""
    may = [each for each in all_of_kind if each.number == 0 or each.holds_from <= now]
    return max(may, key=lambda each: each.number)


def ahead(all_of_kind: Iterable[Edition], *, now: datetime) -> list[Edition]:
    """Those that will hold, the first to come first."""
    found: list[Edition] = []
    for each in sorted(all_of_kind, key=lambda each: -each.number):
        earlier = not found or each.holds_from < found[0].holds_from
        if each.number and each.holds_from > now and earlier:
            found.insert(0, each)
        elif each.holds_from <= now:
            break
    return found


def _built_in(kind: TextKind) -> Edition:
    since = datetime.combine(FIRST[kind], time(), JAPAN)
    return Edition(kind=kind, number=0, name=f"{FIRST[kind]}", holds_from=since)
