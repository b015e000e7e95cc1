"""What becomes of each talk's reward: a cast's earnings as a list, by month, and what is open of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app import policy, workdays
from app.bookings.models import Booking, BookingState
from app.clock import JAPAN, start_of
from app.db import session
from app.payouts import claim_lists, looking_back, payday
from app.payouts.earnings import EARNED, payable
from app.payouts.models import Claim, Payout, PayoutBatch, PayoutClaim, PayoutState
from app.people.models import Account
from app.talks.models import Talk, TalkState

PAGE = 50
DAY = timedelta(days=1)


class State(StrEnum):
    """Where the reward of a talk stands, from the cast's side."""

    PENDING = "pending"  # it runs, is still counted, or is not settled yet
    PAYABLE = "payable"  # can be claimed
    NOT_PAYABLE = "not_payable"  # nothing is earned by it; `reason` says why
    ON_HOLD = "on_hold"  # in dispute, or the office looks at it
    CLAIMED = "claimed"  # waits for its pay day
    IN_PAYOUT = "in_payout"  # the transfer is being made
    CAME_BACK = "came_back"  # the bank sent the money back; it is paid with the next transfers
    PAID = "paid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Earning:
    """One talk, and what its cast gets for it."""

    talk_id: int | None  # a walk-in
    booking_id: int | None  # or a reservation
    case_id: int | None  # of the decision that gave more after the claim
    public_id: str  # of the talk or the booking
    guest: str  # nickname
    served_at: datetime  # its end; of a running one its begin
    units: int  # minutes of a walk-in, slots of a reservation
    yen: int  # as it stands
    returned_yen: int  # what is less because the guest got points back
    claimed_yen: int
    state: State
    reason: str = ""  # why it waits, or why nothing is paid: a word, or the outcome
    pay_on: date | None = None  # promised, or done; none while nothing is sure

    @property
    def open_yen(self) -> int:
        """What can still be claimed of it, now or once it is decided."""
        return max(self.yen - self.claimed_yen, 0)

    @property
    def counted_yen(self) -> int:
        """What its cast gets for it in all: what went back after the claim is not taken again."""
        return max(self.yen, self.claimed_yen)

    @property
    def key(self) -> str:
        """How a list that is shown names it: the talk, and what was claimed of it before."""
        return f"{self.public_id}:{self.claimed_yen}"


@dataclass(frozen=True, kw_only=True)
class OpenSums:
    """What is open of a cast's earnings at a moment, by what it waits for."""

    payable: Sequence[Earning]  # the oldest first
    on_hold: Sequence[Earning]
    pending: Sequence[Earning]

    @property
    def payable_yen(self) -> int:
        return yen_of(self.payable)

    @property
    def on_hold_yen(self) -> int:
        return yen_of(self.on_hold)

    @property
    def pending_yen(self) -> int:
        return yen_of(self.pending)

    @property
    def waiting(self) -> Sequence[Earning]:
        return [*self.on_hold, *self.pending]


def yen_of(earnings: Iterable[Earning]) -> int:
    return sum(earning.open_yen for earning in earnings)


def open_of(cast_id: int, *, now: datetime) -> OpenSums:
    """All that is neither claimed nor worth nothing."""
    is_open = or_(EARNED.c.on_hold, EARNED.c.yen > EARNED.c.claimed_yen)
    lines = [*_within_reach(cast_id, is_open, now=now), *_unsettled(cast_id, now=now)]
    of_state = {state: [line for line in lines if line.state is state] for state in State}
    return OpenSums(
        payable=of_state[State.PAYABLE],
        on_hold=of_state[State.ON_HOLD],
        pending=of_state[State.PENDING],
    )


def claimable(cast_id: int, *, now: datetime) -> list[Earning]:
    """What can be claimed now, the oldest first: at most as much as one claim takes (C52)."""
    found = _within_reach(cast_id, *payable(now), most=policy.CLAIM_MOST_ITEMS, now=now)
    return found[: policy.CLAIM_MOST_ITEMS]


def of_month(
    cast_id: int, month: date, *, now: datetime, before: datetime | None = None
) -> list[Earning]:
    """A page of the talks that ended in this month, the newest first, or those before a moment."""
    until = start_of(workdays.first_of_next(month))
    wanted = _served(cast_id, month, now=now)
    if before is not None:
        wanted = wanted.where(EARNED.c.served_at < before)
    page = _read(wanted.order_by(EARNED.c.served_at.desc()).limit(PAGE), now=now)
    if before is None:
        waiting = [each for each in _unsettled(cast_id, now=now) if _is_within(each, month, until)]
        page = [*sorted(waiting, key=lambda each: each.served_at, reverse=True), *page]
    return page


def all_of_month(cast_id: int, month: date, *, now: datetime) -> list[Earning]:
    """The whole month, the oldest first, for the cast's own books."""
    until = start_of(workdays.first_of_next(month))
    lines = _read(_served(cast_id, month, now=now).order_by(EARNED.c.served_at), now=now)
    return [
        *lines,
        *(each for each in _unsettled(cast_id, now=now) if _is_within(each, month, until)),
    ]


def of_these(
    cast_id: int,
    *,
    talk_ids: Collection[int] = (),
    booking_ids: Collection[int] = (),
    now: datetime,
) -> list[Earning]:
    """What is earned by these walk-ins and reservations, the oldest first."""
    wanted = _lines(cast_id, now=now).where(
        or_(EARNED.c.talk_id.in_(talk_ids), EARNED.c.booking_id.in_(booking_ids))
    )
    waiting = [
        each
        for each in _unsettled(cast_id, now=now)
        if each.talk_id in talk_ids or each.booking_id in booking_ids
    ]
    return [*_read(wanted.order_by(EARNED.c.served_at), now=now), *waiting]


def by_talk(cast_id: int, talk_ids: Collection[int], *, now: datetime) -> dict[int, Earning]:
    """What is earned by these walk-ins, by their ids."""
    found = of_these(cast_id, talk_ids=talk_ids, now=now)
    return {earning.talk_id: earning for earning in found if earning.talk_id}


def by_booking(cast_id: int, booking_ids: Collection[int], *, now: datetime) -> dict[int, Earning]:
    """What is earned by these reservations, by their ids."""
    found = of_these(cast_id, booking_ids=booking_ids, now=now)
    return {earning.booking_id: earning for earning in found if earning.booking_id}


def promised(served_at: datetime, *, now: datetime) -> date:
    """When a talk that is not claimed yet is paid at the latest, whatever its cast does (D26).

    One of a month that is closed already is swept up by tonight's round.
    """
    by_its_month, today = payday.of_talk(served_at), now.astimezone(JAPAN).date()
    if start_of(today.replace(day=1)) <= served_at:
        return by_its_month
    return max(by_its_month, payday.of_claim(today + DAY))


def _is_within(earning: Earning, month: date, until: datetime) -> bool:
    return start_of(month) <= earning.served_at < until


def _served(cast_id: int, month: date, *, now: datetime) -> Select[*tuple[Any, ...]]:
    until = start_of(workdays.first_of_next(month))
    return _lines(cast_id, now=now).where(
        EARNED.c.served_at >= start_of(month), EARNED.c.served_at < until
    )


def _within_reach(
    cast_id: int, *wanted: ColumnElement[bool], most: int | None = None, now: datetime
) -> list[Earning]:
    """What may be open, the oldest first."""
    lines = _lines(cast_id, now=now).where(*wanted).order_by(EARNED.c.served_at).limit(most)
    parts = looking_back.reach(cast_id).parts
    found = [each for part in parts for each in _read(lines.where(*part), now=now)]
    return sorted(found, key=lambda each: each.served_at)


def _lines(cast_id: int, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Earnings with whom they are of, and the payout that is under way or done."""
    return (
        select(
            EARNED,
            func.coalesce(Booking.public_id, Talk.public_id).label("public_id"),
            Account.nickname,
            Claim.pay_on,
            Payout.state.label("payout_state"),
            PayoutBatch.paid_on,
            claim_lists.came_back().label("came_back"),
            and_(*payable(now)).label("is_payable"),
        )
        .join(Account, Account.id == EARNED.c.guest_id)
        .outerjoin(Talk, Talk.id == EARNED.c.talk_id)
        .outerjoin(Booking, Booking.id == EARNED.c.booking_id)
        .outerjoin(Claim, Claim.id == EARNED.c.claim_id)
        .outerjoin(PayoutClaim, (PayoutClaim.claim_id == Claim.id) & PayoutClaim.live)
        .outerjoin(Payout, Payout.id == PayoutClaim.payout_id)
        .outerjoin(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(EARNED.c.cast_id == cast_id)
    )


def _read(wanted: Select[*tuple[Any, ...]], *, now: datetime) -> list[Earning]:
    return [_earning(line, now=now) for line in session.execute(wanted)]


def _earning(line: Row[Any], *, now: datetime) -> Earning:
    state = _state_of(line, now=now)
    return Earning(
        talk_id=line.talk_id,
        booking_id=line.booking_id,
        case_id=line.case_id,
        public_id=line.public_id,
        guest=line.nickname,
        served_at=line.served_at,
        units=line.units,
        yen=line.yen,
        returned_yen=max(line.full_yen - line.yen, 0),
        claimed_yen=line.claimed_yen,
        state=state,
        reason=_reason_of(line, state),
        pay_on=_day_of(line, state, now=now),
    )


def _state_of(line: Row[Any], *, now: datetime) -> State:
    if line.is_payable:
        return State.PAYABLE
    if line.on_hold and not line.claimed_yen:
        return State.ON_HOLD
    if line.claim_id is not None:
        states = {PayoutState.WAITING: State.IN_PAYOUT, PayoutState.PAID: State.PAID}
        waits = State.CAME_BACK if line.came_back else State.CLAIMED
        return states.get(line.payout_state, waits)
    if line.final_at > now:
        return State.PENDING
    return State.NOT_PAYABLE


def _reason_of(line: Row[Any], state: State) -> str:
    if state is State.ON_HOLD:
        return "dispute"
    if state is State.PENDING:
        return "counting"
    if state is State.CAME_BACK:
        return "came_back"
    if state is not State.NOT_PAYABLE:
        return ""
    return line.outcome or ("returned" if line.full_yen else "free")


def _day_of(line: Row[Any], state: State, *, now: datetime) -> date | None:
    if state in {State.NOT_PAYABLE, State.ON_HOLD, State.CAME_BACK}:
        return None
    if state in {State.PENDING, State.PAYABLE}:
        return promised(line.served_at, now=now)
    paid_on: date | None = line.paid_on if state is State.PAID else line.pay_on
    return paid_on


def _unsettled(cast_id: int, *, now: datetime) -> list[Earning]:
    """The walk-in that runs, and reservations that are over and not settled: nothing is final yet."""
    running = (
        select(Talk)
        .options(joinedload(Talk.guest))
        .where(Talk.cast_id == cast_id, Talk.state == TalkState.RUNNING, Talk.booking_id.is_(None))
    )
    over = (
        select(Booking)
        .options(joinedload(Booking.guest))
        .where(
            Booking.cast_id == cast_id,
            Booking.state == BookingState.CONFIRMED,
            Booking.talk_ends_at <= now,
        )
        .order_by(Booking.talk_ends_at)
    )
    return [
        *map(_of_booking, session.scalars(over)),
        *map(_of_running, session.scalars(running)),
    ]


def _of_running(talk: Talk) -> Earning:
    began_at = talk.answered_at or talk.asked_at
    return Earning(
        talk_id=talk.id,
        booking_id=None,
        case_id=None,
        public_id=talk.public_id,
        guest=talk.guest.nickname,
        served_at=began_at,
        units=talk.minutes_paid,
        yen=talk.earned_yen,
        returned_yen=0,
        claimed_yen=0,
        state=State.PENDING,
        reason="running",
        pay_on=payday.of_talk(began_at),
    )


def _of_booking(booking: Booking) -> Earning:
    return Earning(
        talk_id=None,
        booking_id=booking.id,
        case_id=None,
        public_id=booking.public_id,
        guest=booking.guest.nickname,
        served_at=booking.talk_ends_at,
        units=booking.slots,
        yen=booking.full_reward_yen,
        returned_yen=0,
        claimed_yen=0,
        state=State.PENDING,
        reason="unsettled",
        pay_on=payday.of_talk(booking.talk_ends_at),
    )
