"""The books of the whole house, checked: every room's own checks, and the balances of them together."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select, text

from app import clock
from app.bookings import settlements
from app.books import balance, months, movements, rewards
from app.books.figures import ByMonth
from app.db import rows, session
from app.payouts import checks as payouts
from app.points import checks as points
from app.points.models import PointEntry
from app.talks import replay, settling

# Sales are counted in whole yen, so what a point was bought for has to be that.
_UNEVEN = text("""
    SELECT id, points, price_yen FROM point_lot WHERE kind = 'paid' AND price_yen % points <> 0
""")


def problems() -> list[str]:
    """Every difference there is, in words; an empty list is a good day."""
    return [
        *points.problems(),
        *settlements.problems(),
        *replay.problems(),
        *settling.problems(),
        *payouts.problems(),
        *_of_balances(),
        *_of_closed_months(),
    ]


def _of_balances() -> list[str]:
    found = [
        f"{kind} points: {side.issued.points} pt for {side.issued.yen} yen are issued,"
        f" but {side.difference.points} pt and {side.difference.yen} yen of it are nowhere"
        for kind, side in balance.of_points().items()
        if side.difference != balance.Amount()
    ]
    reward = rewards.balance(now=clock.now())
    if reward.difference:
        found.append(
            f"rewards: {reward.earned} yen are earned and {reward.borne} borne,"
            f" but {reward.stands} are open, claimed or paid"
        )
    unknown = select(PointEntry.id).where(movements.LINE == movements.Line.UNKNOWN)
    found += [f"entry {each}: no line of the books has it" for each in session.scalars(unknown)]
    found += [f"lot {lot}: {many} points for {yen} yen" for lot, many, yen in rows(_UNEVEN)]
    return found


def _of_closed_months() -> list[str]:
    """Closed months say what their entries still say, and each seals the one before."""
    closed = months.closed_months()
    if not closed:
        return []
    moved, before, found = movements.by_month(), "", []
    for each in closed:
        sealed = months.digest(each.month, each.figures, each.until_then, before=before)
        if sealed != each.sha256:
            found.append(f"month {each.month:%Y-%m}: its hash is not that of its figures")
        found += _differences(each.month, each.figures, moved)
        before = each.sha256
    return found


def _differences(month: date, figures: Mapping[str, int], moved: ByMonth) -> list[str]:
    now = moved.get(month, {})
    frozen = {name: value for name, value in figures.items() if name not in rewards.NAMES}
    return [
        f"month {month:%Y-%m}: {name} is frozen as {frozen.get(name, 0)},"
        f" but its entries add up to {now.get(name, 0)}"
        for name in sorted({*frozen, *now})
        if frozen.get(name, 0) != now.get(name, 0)
    ]
