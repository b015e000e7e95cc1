"""A guest leaves (退会, D35), or the office parts with a cast: why not yet, and what is erased.

Each room forgets by a verb of its own; the order here is that of the locks, the guest first. What
a guest may begin holds the account as well, so leaving and beginning never happen both.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app import mail, policy
from app.bookings import notices, openings, schedule
from app.bookings.models import Booking, BookingState, Outcome, Settlement
from app.cases.models import Case
from app.casts import favourites, memos, parting, standby
from app.db import session
from app.desk import inquiries
from app.entry import forgetting
from app.errors import N_, Problem, Refused
from app.notices import office_notices
from app.people import blocks, choices, closing
from app.people.models import Account
from app.points import expiry, lots
from app.purchases.models import Order, OrderState
from app.talks import rating
from app.talks.models import LIVE_STATES, Talk

CONFIRMED = BookingState.CONFIRMED
FOR_THE_OFFICE = (Outcome.UNCLEAR, Outcome.CAST_EMERGENCY)


def why_not_leave(guest_id: int, *, now: datetime) -> list[Problem]:
    """Everything that has to end first, in words for the guest."""
    problems = []
    if session.scalar(
        select(Talk.id).where(Talk.guest_id == guest_id, Talk.state.in_(LIVE_STATES))
    ):
        text = N_("A talk of yours is going on. Please end it first.")
        problems.append(Problem(code="in_a_talk", text=text))
    if _has_booking(Booking.guest_id == guest_id):
        text = N_(
            "A reserved talk is ahead, or is not settled yet. Please cancel it, or wait until it is"
            " settled."
        )
        problems.append(Problem(code="booked", text=text))
    if _has_case(Booking.guest_id == guest_id) or _has_walk_in_case(Talk.guest_id == guest_id):
        text = N_(
            "The office has not decided yet about a talk of yours. Please wait for its answer."
        )
        problems.append(Problem(code="open_case", text=text))
    if _has_order(guest_id, now=now):
        text = N_(
            "A payment of yours is not decided yet. Please wait until it is; without any word of the"
            " payment service, a day."
        )
        problems.append(Problem(code="open_order", text=text))
    return problems


def leave(guest_id: int, *, points_seen: int, accepts_loss: bool, now: datetime) -> int:
    """Close the account and erase what is personal; returns how many points are lost.

    `points_seen` are those that the guest's screen named. Raises Refused with every reason why not;
    then nothing has happened. The last mail is to be written before.
    """
    guest = closing.hold_open(guest_id)
    problems = why_not_leave(guest_id, now=now)
    points = lots.purse_of(guest_id, now=now).points
    if points != points_seen:
        text = N_("Your points have changed meanwhile. Please look at the page again.")
        problems.append(Problem(code="points_changed", text=text))
    elif points and not accepts_loss:
        problems.append(loss_not_accepted())
    if problems:
        raise Refused(*problems)
    lost = expiry.give_up(guest_id, now=now)
    _forget(guest, now=now)
    return lost


def loss_not_accepted() -> Problem:
    return Problem(
        code="loss_not_accepted",
        about="accepts_loss",
        text=N_("Please confirm that the remaining points are lost."),
    )


def why_not_part(cast_id: int) -> list[Problem]:
    """Everything that has to end before the office can close a cast's account."""
    problems = []
    if session.scalar(
        select(Talk.id).where(Talk.cast_id == cast_id, Talk.state.in_(LIVE_STATES)).limit(1)
    ):
        text = N_("A talk of this cast is going on. Please wait until it is over.")
        problems.append(Problem(code="in_a_talk", text=text))
    if _has_booking(Booking.cast_id == cast_id):
        text = N_("A reserved talk is ahead, or is not settled yet. Please cancel it, or wait.")
        problems.append(Problem(code="booked", text=text))
    if _has_case(Booking.cast_id == cast_id) or _has_walk_in_case(Talk.cast_id == cast_id):
        text = N_("A case of this cast is open. Please decide it first.")
        problems.append(Problem(code="open_case", text=text))
    return problems


def part(cast_id: int, *, by: int, now: datetime) -> None:
    """The office closes a cast's account. Raises Refused with every reason why not.

    The last mail is to be written before.
    """
    account = closing.hold_open(cast_id)
    standby.get_locked(cast_id)  # whoever rings or reserves at this moment waits for it
    if problems := why_not_part(cast_id):
        raise Refused(*problems)
    parting.forget(cast_id, by=by, now=now)
    schedule.forget(cast_id)
    forgetting.hand_over(cast_id)
    _forget_person(account, now=now)
    closing.close(account, by=by, now=now)


def _forget(guest: Account, *, now: datetime) -> None:
    """Each room's own part of it."""
    favourites.forget(guest.id)
    memos.forget(guest.id)
    rating.forget_lines(guest.id)
    _forget_person(guest, now=now)
    closing.close(guest, now=now)


def _forget_person(account: Account, *, now: datetime) -> None:
    """What guests and casts have alike."""
    blocks.forget(account.id)
    openings.forget(account.id)
    notices.withdraw_all_of(account.id, now=now)
    choices.forget(account.id)
    office_notices.forget(account.id)
    inquiries.forget(account.id, now=now)
    mail.erase_of(account.id, now=now)


def _has_booking(theirs: ColumnElement[bool]) -> bool:
    """Ahead, running, or over and not settled yet."""
    return bool(session.scalar(select(exists().where(theirs, Booking.state == CONFIRMED))))


def _has_case(theirs: ColumnElement[bool]) -> bool:
    """An open case, or a settlement that is about to become one."""
    has_case = exists().where(Case.booking_id == Booking.id)
    has_open_case = exists().where(Case.booking_id == Booking.id, Case.decided_at.is_(None))
    undecided = and_(Settlement.outcome.in_(FOR_THE_OFFICE), Settlement.decided_at.is_(None))
    waiting = (
        select(Booking.id)
        .outerjoin(Settlement, Settlement.booking_id == Booking.id)
        .where(theirs, or_(has_open_case, and_(undecided, ~has_case)))
        .limit(1)
    )
    return session.scalar(waiting) is not None


def _has_walk_in_case(theirs: ColumnElement[bool]) -> bool:
    is_open = exists().where(Case.talk_id == Talk.id, Case.decided_at.is_(None), theirs)
    return bool(session.scalar(select(is_open)))


def _has_order(guest_id: int, *, now: datetime) -> bool:
    """One that the gateway has in hand, or that it may still answer for."""
    answered_for = (Order.state == OrderState.CONFIRMED) & (
        Order.created_at > now - policy.ORDER_UNANSWERED
    )
    open_orders = select(Order.id).where(
        Order.guest_id == guest_id, or_(Order.state == OrderState.PENDING, answered_for)
    )
    return session.scalar(open_orders.limit(1)) is not None
