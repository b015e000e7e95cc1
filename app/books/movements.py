"""What moves points, in the lines of the books: each entry stands in exactly one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, select

from app.books.figures import ByMonth, Figures, month_in_sql
from app.db import session
from app.points.models import Kind, PointEntry, PointLot, Reason


class Line(StrEnum):
    BOUGHT = "bought"
    GIVEN = "given"
    COMPENSATED = "compensated"  # issued as free points where paid or free ones came back too late
    USED = "used"
    RETURNED = "returned"
    EXPIRED = "expired"
    GIVEN_UP = "given_up"  # by a guest who left (D35)
    MOVED = "moved"  # out of a lot that could not take them back, into a compensating one (D34)
    UNKNOWN = "unknown"  # an entry that no line describes; the check of the books names it


ISSUES = (Line.BOUGHT, Line.GIVEN, Line.COMPENSATED)
TAKES = (Line.USED, Line.RETURNED, Line.EXPIRED, Line.GIVEN_UP, Line.MOVED)

_REASON, _ADDS = PointEntry.reason, PointEntry.delta > 0
_ISSUES = and_(_ADDS, PointEntry.reverses.is_(None))
_SPENDING = (Reason.TALK_MINUTE, Reason.BOOKING)
_RETURNING = (Reason.MINUTE_RETURNED, Reason.BOOKING_RETURNED)

LINE: ColumnElement[str] = case(
    (and_(_REASON.in_(_SPENDING), ~_ADDS), Line.USED),
    (and_(_REASON == Reason.PURCHASE, _ISSUES), Line.BOUGHT),
    (and_(_REASON.in_(_RETURNING), PointEntry.reverses.is_not(None)), Line.RETURNED),
    (
        and_(_REASON == Reason.EXPIRY, ~_ADDS),
        case((PointEntry.key.endswith(":given_up"), Line.GIVEN_UP), else_=Line.EXPIRED),
    ),
    (and_(_REASON == Reason.GIFT, _ISSUES), Line.GIVEN),
    (and_(_REASON == Reason.COMPENSATION, _ISSUES), Line.COMPENSATED),
    (and_(_REASON == Reason.COMPENSATION, ~_ADDS), Line.MOVED),
    else_=Line.UNKNOWN,
)

# Whole yen: a paid lot costs a whole number of yen a point, or a check says which does not.
YEN: ColumnElement[int] = cast(PointEntry.delta, BigInteger) * PointLot.price_yen // PointLot.points


def name_of(kind: Kind, line: Line, unit: str) -> str:
    """The name of a figure: paid_used_points, paid_used_yen."""
    return f"{kind}_{line}_{unit}"


def summed(*, since: datetime | None, until: datetime | None) -> Select[Kind, str, int, int]:
    """Points and yen by kind and line, of entries from a moment on and before another."""
    wanted = (
        select(
            PointLot.kind.label("kind"),
            LINE.label("line"),
            cast(func.sum(PointEntry.delta), BigInteger).label("points"),
            cast(func.sum(YEN), BigInteger).label("yen"),
        )
        .join(PointLot, PointLot.id == PointEntry.lot_id)
        .group_by("kind", "line")
    )
    if since is not None:
        wanted = wanted.where(PointEntry.at >= since)
    return wanted if until is None else wanted.where(PointEntry.at < until)


def by_month(*, since: datetime | None = None) -> ByMonth:
    """The movements of each month in Japan, from a moment on."""
    month = month_in_sql(PointEntry.at).label("month")  # type: ignore[arg-type]
    wanted = summed(since=since, until=None).add_columns(month).group_by("month")
    found: ByMonth = {}
    for kind, line, points, yen, of_month in session.execute(wanted):
        found.setdefault(of_month, {}).update(named(Kind(kind), Line(line), points, yen))
    return found


def named(kind: Kind, line: Line, points: int, yen: int) -> Figures:
    """The figures of a line; free points were bought for nothing, so they have no yen."""
    figures = {name_of(kind, line, "points"): points}
    return figures | {name_of(kind, line, "yen"): yen} if kind is Kind.PAID else figures
