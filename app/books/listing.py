"""What stands behind a figure: its entries, lots, talks or payouts, a page at a time, the newest first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Subquery,
    case,
    func,
    select,
    true,
    tuple_,
)

from app.books import unused
from app.books.movements import LINE, YEN, Line
from app.books.rewards import BORNE, ITEM_STATE, OPEN_YEN, items, open_state
from app.casts.models import Cast
from app.clock import Span
from app.db import session
from app.payouts.earnings import EARNED
from app.payouts.models import Claim, ClaimItem, Payout, PayoutBatch, PayoutState
from app.people.models import Account
from app.points.models import Kind, PointEntry, PointLot
from app.talks.models import Talk

PAGE = 100
WHOLE = 5_000  # lines that a file reads at once
STATES = ("earned", "borne", "pending", "on_hold", "payable", "claimed", "in_payout", "paid")
HOLDS_UNTIL = PointLot.expires_at - timedelta(seconds=1)
Mark = TypeVar("Mark")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One movement of points, with whose it was."""

    id: int
    at: datetime
    line: Line
    kind: Kind
    lot_id: int
    holds_until: datetime  # its last second
    nickname: str
    guest: str  # public id
    about: str
    points: int
    yen: int
    talk: str | None = None  # public id, where it is about one


@dataclass(frozen=True, slots=True)
class RewardLine:
    """One talk or reservation with the yen that the figure counts of it."""

    served_at: datetime
    number: int  # tells apart what was served at one moment
    cast: str  # name
    cast_id: str  # public id
    talk_id: int | None
    booking_id: int | None
    talk: str | None  # public id of a walk-in
    yen: int


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot with what was unused of it."""

    id: int
    nickname: str
    guest: str
    bought_at: datetime
    holds_until: datetime  # its last second
    issued: int
    points: int
    yen: int


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout that the bank carried out, all in yen."""

    id: int
    on: date  # the bank's day
    cast: str
    cast_id: str
    came_back: bool
    claimed: int
    withheld: int
    fee: int  # taken from the cast
    bank_fee: int
    sent: int


def entries(
    span: Span,
    *,
    kind: Kind | None = None,
    lines: Sequence[Line] = (),
    limit: int,
    before: int | None = None,
) -> list[EntryLine]:
    """Entries of a time, of one kind and some lines of the books if wanted; newest first."""
    wanted = (
        select(
            PointEntry.id,
            PointEntry.at,
            LINE,
            PointLot.kind,
            PointLot.id,
            HOLDS_UNTIL,
            Account.nickname,
            Account.public_id,
            PointEntry.about,
            PointEntry.delta,
            YEN,
        )
        .join(PointLot, PointLot.id == PointEntry.lot_id)
        .join(Account, Account.id == PointLot.guest_id)
        .where(PointEntry.at >= span.start, PointEntry.at < span.end)
        .order_by(PointEntry.id.desc())
        .limit(limit)
    )
    if kind:
        wanted = wanted.where(PointLot.kind == kind)
    if lines:
        wanted = wanted.where(LINE.in_(lines))
    if before:
        wanted = wanted.where(PointEntry.id < before)
    found = session.execute(wanted).all()
    talks = _talks_of([row.about for row in found])
    return [
        EntryLine(row[0], row[1], Line(row[2]), Kind(row[3]), *row[4:], talks.get(row.about))
        for row in found
    ]


def rewards(
    state: str,
    span: Span,
    *,
    now: datetime,
    limit: int,
    before: tuple[datetime, int] | None = None,
) -> list[RewardLine]:
    """Talks served in a time with the yen that stand so now; newest first."""
    source = _of_state(state, now=now)
    wanted = (
        select(
            source.c.served_at,
            source.c.number,
            Cast.name,
            Cast.public_id,
            source.c.talk_id,
            source.c.booking_id,
            Talk.public_id,
            source.c.yen,
        )
        .join(Cast, Cast.account_id == source.c.cast_id)
        .outerjoin(Talk, Talk.id == source.c.talk_id)
        .where(source.c.served_at >= span.start, source.c.served_at < span.end)
        .order_by(source.c.served_at.desc(), source.c.number.desc())
        .limit(limit)
    )
    if before:
        wanted = wanted.where(tuple_(source.c.served_at, source.c.number) < tuple_(*before))
    return [RewardLine(*row) for row in session.execute(wanted)]


def lots(day: date, *, month: date, limit: int, after: int = 0) -> list[LotLine]:
    """Paid lots that had unused points at the end of a day and end in this month; oldest first."""
    left = unused.by_lot(unused.end_of_day(day))
    wanted = (
        select(
            PointLot.id,
            Account.nickname,
            Account.public_id,
            PointLot.bought_at,
            HOLDS_UNTIL,
            PointLot.points,
            left.c.points,
            left.c.yen,
        )
        .join(left, left.c.lot_id == PointLot.id)
        .join(Account, Account.id == PointLot.guest_id)
        .where(left.c.month == month, PointLot.id > after)
        .order_by(PointLot.id)
        .limit(limit)
    )
    return [LotLine(*row) for row in session.execute(wanted)]


def payouts(first: date, last: date, *, limit: int, before: int | None = None) -> list[PayoutLine]:
    """Payouts by the bank's day, paid or come back, newest first."""
    on = func.coalesce(PayoutBatch.paid_on, Payout.returned_on)
    wanted = (
        select(
            Payout.id,
            on.label("on"),
            Cast.name.label("cast"),
            Cast.public_id.label("cast_id"),
            (Payout.state == PayoutState.RETURNED).label("came_back"),
            Payout.claimed_yen.label("claimed"),
            Payout.withheld_yen.label("withheld"),
            Payout.fee_yen.label("fee"),
            Payout.bank_fee_yen.label("bank_fee"),
            Payout.transfer_yen.label("sent"),
        )
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .join(Cast, Cast.account_id == Payout.cast_id)
        .where(Payout.state.in_((PayoutState.PAID, PayoutState.RETURNED)), on.between(first, last))
        .order_by(Payout.id.desc())
        .limit(limit)
    )
    if before:
        wanted = wanted.where(Payout.id < before)
    return [PayoutLine(**row._asdict()) for row in session.execute(wanted)]


def whole(
    page: Callable[[Mark | None], Sequence[Any]], mark_of: Callable[[Any], Mark]
) -> Iterator[Any]:
    """All lines of a listing, read a page at a time."""
    last = None
    while lines := page(mark_of(last) if last is not None else None):
        yield from lines
        last = lines[-1]


def _of_state(state: str, *, now: datetime) -> Subquery:
    """The talks behind one figure of the balance of rewards."""
    if state in ("claimed", "in_payout", "paid"):
        of_items = items().join(Claim, Claim.id == ClaimItem.claim_id)
        shown = of_items.with_only_columns(
            ClaimItem.served_at,
            ClaimItem.id.label("number"),
            Claim.cast_id,
            ClaimItem.talk_id,
            ClaimItem.booking_id,
            ClaimItem.yen,
        )
        item_state = ITEM_STATE
        return shown.where(item_state == state).subquery()
    if state == "borne":
        return _talks(BORNE, BORNE.c.yen, true())
    if state == "earned":
        return _talks(EARNED, EARNED.c.yen, EARNED.c.yen > 0)
    return _talks(EARNED, OPEN_YEN, (OPEN_YEN > 0) & (open_state(now) == state))


def _talks(source: Subquery, yen: ColumnElement[int], only: ColumnElement[bool]) -> Subquery:
    number = case(
        (source.c.talk_id.is_not(None), source.c.talk_id * 2), else_=source.c.booking_id * 2 + 1
    )
    shown = select(
        source.c.served_at,
        number.cast(BigInteger).label("number"),
        source.c.cast_id,
        source.c.talk_id,
        source.c.booking_id,
        yen.label("yen"),
    )
    return shown.where(only).subquery()


def _talks_of(abouts: Sequence[str]) -> dict[str, str]:
    """Public ids of the talks among what entries are about."""
    pairs = (about.partition(":") for about in abouts)
    ids = {int(number) for word, _, number in pairs if word == "talk" and number.isdigit()}
    found: Sequence[Row[int, str]] = session.execute(
        select(Talk.id, Talk.public_id).where(Talk.id.in_(ids))
    ).all()
    return {f"talk:{number}": public_id for number, public_id in found}
