"""The closing of a month: what casts did not claim is claimed for them, whatever its amount (D26).

It begins early on the first of the next month, and walks through all casts in batches, each a
transaction of its own that also notes how far it came. So it can be killed at any line and goes on
there. Every night after that a round over all casts sweeps up what became payable late; it looks only
where that can be (looking_back.py). Casts are paid without a click of theirs, within two months of
their talk (facts: Japan 3.9).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app import audit, policy, workdays
from app.bookings.models import Booking, BookingState
from app.casts.models import Cast
from app.clock import JAPAN, start_of
from app.db import session
from app.errors import N_, Problem
from app.payouts import gathering, looking_back
from app.payouts.models import Claim, ClaimKind, Closing
from app.talks.models import LIVE_STATES, Talk

BATCH = 50  # casts whose rows are held at the same time, for a quarter of a second at most
DAY = timedelta(days=1)


def end_of(month: date) -> datetime:
    """The first moment that is no longer in the month, in Japan."""
    return start_of(workdays.first_of_next(month))


def closes_at(month: date) -> datetime:
    return end_of(month) + policy.CLOSING_FROM


def last_over(now: datetime) -> date:
    """The last month whose closing may have begun."""
    day = (now - policy.CLOSING_FROM).astimezone(JAPAN).date()
    return (day.replace(day=1) - DAY).replace(day=1)


def find_last() -> Closing | None:
    newest = select(Closing).order_by(Closing.month.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one_or_none()


def due_month(now: datetime) -> date | None:
    """The month that is to be closed next, if its time has come. None is left out.

    A house that has closed none yet begins with the last that is over; it takes all before with it.
    """
    last = find_last()
    if last is None:
        return last_over(now)
    following = workdays.first_of_next(last.month)
    is_due = last.finished_at is not None and following <= last_over(now)
    return following if is_due else None


def why_not_close(month: date) -> list[Problem]:
    """What of a month is not decided yet, and may be soon; an empty list where nothing is."""
    problems = []
    if session.scalar(select(exists().where(*unsettled(month)))):
        text = N_("Reserved talks of this month are not settled yet.")
        problems.append(Problem(code="unsettled", text=text))
    if session.scalar(select(exists().where(*running(month)))):
        text = N_("Talks that began in this month are still running.")
        problems.append(Problem(code="running", text=text))
    return problems


def unsettled(month: date) -> Sequence[ColumnElement[bool]]:
    """The conditions of bookings that a closing waits for."""
    return Booking.state == BookingState.CONFIRMED, Booking.talk_ends_at < end_of(month)


def running(month: date) -> Sequence[ColumnElement[bool]]:
    """The conditions of talks that a closing waits for: they may turn out to have ended in time."""
    return Talk.state.in_(LIVE_STATES), Talk.asked_at < end_of(month)


def begin_due(now: datetime, *, by: int | None = None) -> bool:
    """Begin to close the month whose turn it is, or the round of this night; says whether one began.

    A month waits for what is still undecided, but no longer than a day; an operator need not wait.
    A round that an operator asks for goes through everything, as a closing does.
    """
    month = due_month(now)
    if month and (by or now >= closes_at(month) + policy.CLOSING_WAITS or not why_not_close(month)):
        made = insert(Closing).values(
            month=month, begun_at=now, swept_at=now, swept_to=0, whole=True
        )
        session.execute(made.on_conflict_do_nothing())
        _note_asked(month, by=by, now=now)
        return True
    last = _held(Closing.swept_to.is_(None))
    if last and (by or last.swept_at < last_round(now)):
        last.swept_at, last.swept_to, last.whole = now, 0, by is not None
        session.flush()
        _note_asked(last.month, by=by, now=now)
        return True
    return False


def _note_asked(month: date, *, by: int | None, now: datetime) -> None:
    if by:
        audit.note("closing.asked", about=f"closing:{month:%Y-%m}", by=by, now=now)


def close_batch(now: datetime) -> int | None:
    """Claim for the next few casts; the last of them, or none where nothing is left to do.

    Of two workers only one is at it.
    """
    closing = _held(Closing.swept_to.is_not(None))
    if closing is None:
        return None
    following = select(Cast.account_id).where(Cast.account_id > closing.swept_to)
    cast_ids = list(session.scalars(following.order_by(Cast.account_id).limit(BATCH)))
    if cast_ids:
        reach = looking_back.EVERYTHING if closing.whole else looking_back.reach(*cast_ids)
        gathering.claim_for(cast_ids, reach, served_before=end_of(closing.month), now=now)
        closing.swept_to = cast_ids[-1]
    else:
        _finish(closing, now=now)
    session.flush()
    return closing.swept_to


def _held(state: ColumnElement[bool]) -> Closing | None:
    """The newest closing, held, where it is in this state and nobody else is at it."""
    newest = select(func.max(Closing.month)).scalar_subquery()
    wanted = select(Closing).where(Closing.month == newest, state)
    wanted = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def last_round(now: datetime) -> datetime:
    """When the last nightly round should have begun."""
    return start_of((now - policy.CLOSING_FROM).astimezone(JAPAN).date()) + policy.CLOSING_FROM


def _finish(closing: Closing, *, now: datetime) -> None:
    """The pass is through. What it came to is noted, unless a nightly round found nothing."""
    is_first = closing.finished_at is None
    closing.swept_to, closing.finished_at = None, closing.finished_at or now
    wanted = select(func.count(), func.coalesce(func.sum(Claim.yen), 0)).where(
        Claim.kind == ClaimKind.CLOSING, Claim.claimed_at.between(closing.swept_at, now)
    )
    claims, yen = session.execute(wanted).one()
    if is_first or claims:
        did = "closing.finished" if is_first else "closing.swept"
        about = f"closing:{closing.month:%Y-%m}"
        audit.note(did, about=about, by=None, now=now, claims=claims, yen=yen)
