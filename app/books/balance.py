"""The trial balance of points at any moment: what was issued is still there, or the books say where it went.

Issued is read from the lots. Where it went is read from the entries, line by line; of closed months
from their frozen totals. What is unused now is what the lots say is left; of an earlier moment it is
what all entries until then leave, whatever their line. So an entry that no line describes shows.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.books import movements
from app.books.figures import end_of
from app.books.models import ClosedMonth
from app.books.movements import TAKES, Line, name_of
from app.db import session
from app.points.models import Kind, PointLot


@dataclass(frozen=True, slots=True)
class Amount:
    """Points, and the yen that they were bought for."""

    points: int = 0
    yen: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.points + other.points, self.yen + other.yen)

    def __neg__(self) -> "Amount":
        return Amount(-self.points, -self.yen)


@dataclass(kw_only=True)
class PointBalance:
    """All points of one kind. Each line counts what it adds to lots, so takings are negative."""

    kind: Kind
    lines: dict[Line, Amount] = field(default_factory=dict)
    issued: Amount = Amount()
    unused: Amount = Amount()

    def __getitem__(self, line: Line) -> Amount:
        return self.lines.get(line, Amount())

    @property
    def used(self) -> Amount:
        """Net of what was returned."""
        return -(self[Line.USED] + self[Line.RETURNED])

    @property
    def difference(self) -> Amount:
        """Issued, less unused, used, expired, given up and moved; anything but nothing is wrong."""
        taken = sum((self[line] for line in TAKES), Amount())
        return self.issued + taken + -self.unused


def of_points(until: datetime | None = None) -> dict[Kind, PointBalance]:
    """The balance of paid and free points before a moment, or of all that is stored.

    One statement, so one snapshot.
    """
    closed = _last_closed(until)
    found = _frozen(closed)
    since = end_of(closed.month) if closed else None
    entries = movements.summed(since=since, until=until).subquery()
    both = union_all(select(entries), _of_lots("issued", PointLot.points, until))
    if until is None:
        both = union_all(both, _of_lots("unused", PointLot.remaining, None))
    for kind, line, points, yen in session.execute(both):
        side, amount = found[Kind(kind)], Amount(points, yen)
        if line in ("issued", "unused"):
            setattr(side, line, amount)
        else:
            side.lines[Line(line)] = side[Line(line)] + amount
    if until is not None:
        for side in found.values():
            side.unused = sum(side.lines.values(), Amount())
    return found


def _last_closed(until: datetime | None) -> ClosedMonth | None:
    newest = select(ClosedMonth).order_by(ClosedMonth.month.desc())
    for closed in session.scalars(newest):
        if until is None or end_of(closed.month) <= until:
            return closed
    return None


def _frozen(closed: ClosedMonth | None) -> dict[Kind, PointBalance]:
    totals = closed.until_then if closed else {}
    return {
        kind: PointBalance(
            kind=kind,
            lines={
                line: Amount(
                    totals.get(name_of(kind, line, "points"), 0),
                    totals.get(name_of(kind, line, "yen"), 0),
                )
                for line in Line
            },
        )
        for kind in Kind
    }


def _of_lots(
    name: str, points: InstrumentedAttribute[int], until: datetime | None
) -> Select[Kind, str, int, int]:
    """What the lots say of themselves: so many points, and the yen of so many."""
    many = cast(func.sum(points), BigInteger)
    yen = cast(
        func.sum(cast(points, BigInteger) * PointLot.price_yen // PointLot.points), BigInteger
    )
    wanted = select(PointLot.kind, literal(name), many, yen).group_by(PointLot.kind)
    if until is not None:
        wanted = wanted.where(PointLot.bought_at < until)
    return wanted.where(points > 0)
