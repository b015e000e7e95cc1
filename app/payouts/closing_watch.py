"""What the office sees of closings: the months, what is still waited for, and what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import joinedload

from app import policy, workdays
from app.bookings.models import Booking
from app.cases.models import Case
from app.clock import JAPAN, start_of
from app.db import rows, session
from app.errors import Problem
from app.payouts import closing, payday
from app.payouts.models import Claim, Closing, Payout, PayoutClaim, PayoutState
from app.talks.models import Talk

T = TypeVar("T")
DAY = timedelta(days=1)
MONTHS_SHOWN = 24
SHOWN = 50  # of what is waited for; all of it is counted
UNPAID_LOOKED_FOR = timedelta(days=366)  # what is unpaid longer has been red for a year


@dataclass(frozen=True, kw_only=True)
class Month:
    """A closing with what was claimed by it, and by the nights after it."""

    closing: Closing
    claims: int
    yen: int
    swept_claims: int
    swept_yen: int
    unpaid_claims: int  # of both together


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The month that is to be closed next, and what it waits for."""

    month: date
    closes_at: datetime
    goes_on_at: datetime  # then without what is still undecided
    pays_on: date  # what its talks were promised
    is_due: bool
    problems: Sequence[Problem]
    bookings: Sequence[Booking]
    talks: Sequence[Talk]
    talks_of: Mapping[int, str]  # of these bookings: the talk that was held, by its public id


@dataclass(frozen=True, kw_only=True)
class Held:
    """What of closed months cannot be claimed yet: a case nobody decided, or a talk set aside."""

    subject: Booking | Talk
    served_at: datetime
    pays_on: date
    case: Case | None = None  # without: a talk that is set aside


_MONTHS = text("""
    WITH months AS (
        SELECT month, begun_at, finished_at, lead(begun_at) OVER (ORDER BY month) AS next_begun_at
        FROM closing
    )
    SELECT months.month,
           count(claim.id) FILTER (WHERE in_time), coalesce(sum(claim.yen) FILTER (WHERE in_time), 0),
           count(claim.id) FILTER (WHERE NOT in_time),
           coalesce(sum(claim.yen) FILTER (WHERE NOT in_time), 0),
           count(claim.id) FILTER (WHERE NOT is_paid)
    FROM (SELECT * FROM months ORDER BY month DESC LIMIT :limit) AS months
    LEFT JOIN LATERAL (
        SELECT claim.id, claim.yen, claimed_at <= coalesce(finished_at, claimed_at) AS in_time,
               EXISTS (SELECT FROM payout_claim JOIN payout ON payout.id = payout_id
                       WHERE claim_id = claim.id AND live AND payout.state = 'paid') AS is_paid
        FROM claim
        WHERE kind = 'closing' AND claimed_at >= begun_at
          AND claimed_at < coalesce(next_begun_at, 'infinity')
    ) AS claim ON true
    GROUP BY months.month ORDER BY months.month DESC
""")


def months() -> list[Month]:
    """The closings, the newest first."""
    found = rows(_MONTHS, limit=MONTHS_SHOWN)
    wanted = select(Closing).where(Closing.month.in_([row[0] for row in found]))
    closings = {each.month: each for each in session.scalars(wanted)}
    names = ("claims", "yen", "swept_claims", "swept_yen", "unpaid_claims")
    return [
        Month(closing=closings[month], **dict(zip(names, figures, strict=True)))
        for month, *figures in found
    ]


def waiting(now: datetime) -> Waiting:
    """The next month to be closed: one that is due, or the one that runs."""
    due = closing.due_month(now)
    month = due or workdays.first_of_next(closing.last_over(now))
    closes_at = closing.closes_at(month)
    undecided = select(Booking).where(*closing.unsettled(month)).order_by(Booking.starts_at)
    both = (joinedload(Booking.guest), joinedload(Booking.cast))
    bookings = _some(undecided.options(*both)) if due else []
    talking = select(Talk).where(*closing.running(month)).order_by(Talk.asked_at)
    of_talk = (joinedload(Talk.guest), joinedload(Talk.cast))
    return Waiting(
        month=month,
        closes_at=closes_at,
        goes_on_at=closes_at + policy.CLOSING_WAITS,
        pays_on=payday.of_talk(closing.end_of(month) - timedelta(seconds=1)),
        is_due=due is not None,
        problems=closing.why_not_close(month) if due else [],
        bookings=bookings,
        talks=_some(talking.options(*of_talk)) if due else [],
        talks_of=_talks_of(bookings),
    )


def _talks_of(bookings: Sequence[Booking]) -> dict[int, str]:
    of_these = Talk.booking_id.in_([booking.id for booking in bookings])
    found = session.execute(select(Talk.booking_id, Talk.public_id).where(of_these))
    return {booking_id: public_id for booking_id, public_id in found if booking_id}


def held() -> list[Held]:
    """What the nights after a closing still wait for, the oldest first."""
    last = closing.find_last()
    if last is None:
        return []
    end = closing.end_of(last.month)
    of_both = (
        joinedload(way).options(joinedload(kind.guest), joinedload(kind.cast))
        for way, kind in ((Case.booking, Booking), (Case.talk, Talk))
    )
    cases = (
        select(Case)
        .outerjoin(Booking, Booking.id == Case.booking_id)
        .outerjoin(Talk, Talk.id == Case.talk_id)
        .where(Case.decided_at.is_(None), func.coalesce(Booking.talk_ends_at, Talk.ended_at) < end)
        .options(*of_both)
    )
    set_aside = (
        select(Talk)
        .where(Talk.fault.is_not(None), Talk.ended_at < end)
        .options(joinedload(Talk.guest), joinedload(Talk.cast))
    )
    found = [_held(case.subject, case=case) for case in _some(cases)]
    found += [_held(talk) for talk in _some(set_aside)]
    return sorted(found, key=lambda each: each.served_at)


def _held(subject: Booking | Talk, *, case: Case | None = None) -> Held:
    served_at = subject.talk_ends_at if isinstance(subject, Booking) else subject.ended_at
    assert served_at, "what runs is not held"
    return Held(subject=subject, served_at=served_at, pays_on=payday.of_talk(served_at), case=case)


def late_since(now: datetime) -> datetime | None:
    """Since when a month should be closed, or a night's round be through; none where all is in time."""
    last = closing.find_last()
    if last is None:
        return None  # a house that begins: its first closing comes with the next beat
    if last.finished_at is None:
        return closing.closes_at(last.month)
    if due := closing.due_month(now):
        return closing.closes_at(due)
    if last.swept_at < closing.last_round(now):
        return closing.last_round(last.swept_at) + DAY
    return last.swept_at if last.swept_to is not None else None


def breaks_promise(now: datetime) -> bool:
    """Whether a closing of tomorrow would pay what waits for it later than was promised."""
    month, tomorrow = closing.due_month(now), now.astimezone(JAPAN).date() + DAY
    last = closing.find_last()
    if last and last.finished_at is None:
        month = last.month
    if month is None or last is None:
        return False
    promised = payday.of_talk(start_of(month))
    return payday.of_claim(tomorrow) > promised


def count_unpaid(now: datetime) -> int:
    """Claims whose pay day has passed and that nobody has paid."""
    today = now.astimezone(JAPAN).date()
    paid = (
        select(PayoutClaim.claim_id)
        .join(Payout, Payout.id == PayoutClaim.payout_id)
        .where(PayoutClaim.claim_id == Claim.id, PayoutClaim.live, Payout.state == PayoutState.PAID)
    )
    late = select(func.count()).where(
        Claim.pay_on < today, Claim.pay_on >= today - UNPAID_LOOKED_FOR, ~paid.exists()
    )
    return session.scalar(late) or 0


def _some(wanted: Select[T]) -> Sequence[T]:
    return session.scalars(wanted.limit(SHOWN)).all()
