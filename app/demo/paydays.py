"""Rewards of the demo: two months that were closed, batches that were paid, one that waits for a second person.

Every step is one that the house takes by itself or that somebody presses, told at its own moment, so
it holds on whatever day the demo is opened.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock, payout_letters, workdays
from app.books import months
from app.casts.models import Cast
from app.db import session
from app.demo import evenings, purses
from app.payouts import batches, claims, closing, ledger, payday, returning
from app.payouts.models import Payout, PayoutState, ReturnReason
from app.people.models import Account
from app.policy import BOOKS_CLOSE_AFTER

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FREE = timedelta(seconds=50)  # a talk this much longer than whole minutes costs just those
# Day of a month, hour, guest, cast, minutes that are charged.
BEFORE_LAST = (
    (22, 20, 3, 0, 24),
    (23, 21, 4, 1, 12),
    (24, 20, 5, 0, 16),
    (24, 22, 3, 3, 18),
    (25, 20, 4, 4, 15),
    (26, 21, 5, 2, 10),
)
LAST = ((26, 21, 4, 0, 18), (27, 20, 5, 3, 14))
COMES_BACK = 4  # the cast, by number, whose bank knows the account by another name
LONG = 104  # minutes, so that one talk of the least reward reaches a claim


@dataclass(frozen=True)
class Office:
    """Who makes a batch, and who looks at it."""

    maker: int
    other: int


Step = tuple[datetime, Callable[[datetime], object]]


def earn(guests: Sequence[Account], casts: Sequence[Cast], *, now: datetime) -> None:
    """Talks in the last two months; those before last are paid on any day of this one."""
    for month, talks in zip(_months(now), (BEFORE_LAST, LAST), strict=False):
        for day, hour, guest, cast, minutes in talks:
            at = clock.start_of(month.replace(day=day)) + hour * HOUR
            _talk(guests[guest], casts[cast], minutes=minutes, at=at)


def pay(
    guests: Sequence[Account],
    casts: Sequence[Cast],
    *,
    operator: Account,
    second: Account,
    now: datetime,
) -> None:
    """Close, claim and pay as it would have been done, each at its time."""
    office = Office(maker=second.id, other=operator.id)
    _talk(guests[3], casts[1], minutes=LONG // 2, at=now - 4 * DAY)
    _talk(guests[4], casts[0], minutes=LONG, at=now - 6 * HOUR - 5 * MINUTE)
    steps = [
        *_of_months(now),
        *_of_pay_days(casts, office=office, now=now),
        (now - 3 * DAY, lambda at: _claim(casts[1], now=at)),
        (now - 5 * HOUR, lambda at: _make(now - 3 * DAY, by=office.maker, now=at)),
        (now - 4 * HOUR, lambda at: _claim(casts[0], now=at)),
    ]
    for at, step in sorted(steps, key=lambda each: each[0]):
        step(at)
    _talk(guests[5], casts[0], minutes=LONG, at=now - (LONG + 20) * MINUTE)


def _talk(guest: Account, cast: Cast, *, minutes: int, at: datetime) -> None:
    """Bought for and spent: later talks of the guest are none the richer."""
    purses.give(guest, minutes * cast.price_points, now=at - HOUR)
    evenings.talk(guest, cast, at=at, length=minutes * MINUTE + FREE)
    session.flush()


def _months(now: datetime) -> tuple[date, date, date]:
    """The month before last, the last, and this one."""
    this = now.astimezone(clock.JAPAN).date().replace(day=1)
    last = (this - DAY).replace(day=1)
    return (last - DAY).replace(day=1), last, this


def _of_months(now: datetime) -> Iterator[Step]:
    """The two months before this one are closed, and a day later frozen in the books."""
    for month in _months(now)[:2]:
        for at, step in (
            (closing.closes_at(month) + HOUR, _close),
            (closing.closes_at(month) + BOOKS_CLOSE_AFTER + HOUR, months.close_due),
        ):
            if at <= now:
                yield at, step


def _of_pay_days(casts: Sequence[Cast], *, office: Office, now: datetime) -> Iterator[Step]:
    """A batch for the last pay day, with a payout that came back, and for this month's where it is over."""
    last, this = (workdays.last_bank_day(month) for month in _months(now)[1:])
    yield (
        _office_hour(workdays.bank_days_before(last, 4)),
        lambda at: _transfer(last, comes_back=casts[COMES_BACK], office=office, at=at, now=now),
    )
    if _office_hour(this) <= now:
        yield (
            _office_hour(workdays.bank_days_before(this, 4)),
            lambda at: _transfer(this, comes_back=None, office=office, at=at, now=now),
        )


def _office_hour(day: date) -> datetime:
    return clock.start_of(day) + 10 * HOUR


def _close(now: datetime) -> None:
    if closing.begin_due(now):
        while closing.close_batch(now) is not None:
            session.flush()


def _transfer(
    pay_on: date, *, comes_back: Cast | None, office: Office, at: datetime, now: datetime
) -> None:
    """One batch, from its making to the bank's word."""
    batch = batches.make(pay_on, by=office.maker, now=at)
    batches.approve(batch.id, by=office.other, now=at + 2 * HOUR)
    batches.hand_out(batch.id, by=office.other, now=at + 2 * HOUR + MINUTE)
    batches.accept(batch.id, by=office.other, now=at + 3 * HOUR)
    paid_at = min(_office_hour(pay_on) + 5 * HOUR, now)
    batches.mark_paid(batch.id, paid_on=pay_on, by=office.maker, now=paid_at)
    session.expire_all()
    wanted = select(Payout).filter_by(batch_id=batch.id, state=PayoutState.PAID)
    wanted = wanted.options(joinedload(Payout.batch)).order_by(Payout.id)
    for payout in session.scalars(wanted).all():
        payout_letters.paid(payout, now=paid_at)
        if comes_back and payout.cast_id == comes_back.account_id:
            _send_back(payout, by=office.other, at=min(_office_hour(pay_on + DAY), now))


def _send_back(payout: Payout, *, by: int, at: datetime) -> None:
    returned_on = at.astimezone(clock.JAPAN).date()
    returned = returning.give_back(
        payout.id, reason=ReturnReason.OTHER_NAME, returned_on=returned_on, by=by, now=at
    )
    payout_letters.came_back(returned, now=at)


def _claim(cast: Cast, *, now: datetime) -> None:
    shown = claims.shown_of(ledger.claimable(cast.account_id, now=now))
    form_key = f"demo:{cast.account_id}:{now:%Y%m%d%H%M}"
    claims.claim(cast.account_id, shown=shown, form_key=form_key, by=cast.account_id, now=now)


def _make(claimed_at: datetime, *, by: int, now: datetime) -> None:
    """The batch of the day on which a claim of that moment is paid."""
    pay_on = payday.of_claim(claimed_at.astimezone(clock.JAPAN).date())
    batches.make(pay_on, by=by, now=now)
