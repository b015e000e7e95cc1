"""Deciding a case: what the record proposes, and the decision that moves points and yen, once (G31)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import audit, policy
from app.bookings import notices, settlements
from app.bookings.models import Booking, NoticeKind, Outcome, Settlement
from app.bookings.settlements import earned_after
from app.bookings.terms import part_of
from app.clock import Span
from app.db import session
from app.desk.models import Case, CaseKind
from app.errors import N_, Problem, Refused
from app.talks import judging, reserved, settling
from app.talks.judging import Verdict
from app.talks.models import Talk
from app.talks.presence import Presence

SAID_LENGTH = 500  # characters
TOOK_PLACE = {Outcome.COMPLETED, Outcome.CAST_LATE}

# What the record shows, in words that both may read.
SEEN = {
    Outcome.COMPLETED: N_("The record shows the talk as it was booked."),
    Outcome.CAST_LATE: N_("For %(time)s of the talk the guest was in the room without the cast."),
    Outcome.GUEST_ABSENT: N_(
        "The cast waited in the room, and the record shows no entry of the guest."
    ),
    Outcome.CAST_ABSENT: N_(
        "The guest was in the room, and the record shows no entry of the cast."
    ),
    Outcome.BOTH_ABSENT: N_("The record shows neither of the two in the room."),
}
EMERGENCY = N_("The cast could not come at short notice. All points have been returned.")
CANCELLED = N_("The booking was cancelled at a time when points are not returned any more.")
CUT_SHORT = N_("The talk was ended before its time. The record shows %(time)s of it as not held.")
APART = N_("The record does not show the two in the room together, so nothing is charged.")
APART_PAID = N_(
    "The record does not show the two in the room together, so nothing is charged. The cast was there for at least half of the talk."
)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the office might decide about a booking, both in all, and the reason."""

    returned_points: int
    earned_yen: int
    because: Problem  # a sentence for both, which the edge says in the reader's language


def proposal_of(case: Case) -> Proposal:
    """What evidence proposes, whatever was reported; never less than what is returned already."""
    booking, settlement = case.booking, settlement_of(case)
    if case.kind is CaseKind.EMERGENCY or settlement.outcome in settlements.CANCELLED:
        is_late = settlement.outcome is Outcome.GUEST_CANCELLED_LATE
        return _as_it_stands(settlement, CANCELLED if is_late else EMERGENCY)
    proposal = _by_evidence(booking)
    return Proposal(
        returned_points=max(proposal.returned_points, settlement.returned_points),
        earned_yen=proposal.earned_yen,
        because=proposal.because,
    )


def why_not_decide(
    booking: Booking, settlement: Settlement, *, returned_points: int, earned_yen: int, said: str
) -> list[Problem]:
    """Why this cannot be the decision; an empty list where it can."""
    problems = []
    if returned_points < settlement.returned_points:
        text = N_("%(points)s pt are returned already, and are not taken back.")
        values = {"points": f"{settlement.returned_points:,}"}
        problems.append(
            Problem(code="taken_back", about="returned_points", text=text, values=values)
        )
    if returned_points > booking.points:
        text = N_("The guest paid %(points)s pt; more cannot be returned.")
        values = {"points": f"{booking.points:,}"}
        problems.append(Problem(code="too_much", about="returned_points", text=text, values=values))
    if not 0 <= earned_yen <= booking.full_reward_yen:
        text = N_("Please give an amount from 0 to %(yen)s yen.")
        values = {"yen": f"{booking.full_reward_yen:,}"}
        problems.append(Problem(code="no_reward", about="earned_yen", text=text, values=values))
    if not said.strip():
        text = N_("Please say in a sentence why; both read it.")
        problems.append(Problem(code="nothing_said", about="said", text=text))
    if len(said.strip()) > SAID_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        length = {"max": SAID_LENGTH}
        problems.append(Problem(code="too_long", about="said", text=text, values=length))
    return problems


def decide(
    case_id: int, *, returned_points: int, earned_yen: int, said: str, by: int, now: datetime
) -> Case:
    """Decide a case, once: a second press gets the first decision. Both are told. Raises Refused.

    `returned_points` and `earned_yen` are what the guest gets back and the cast earns in all.
    """
    booking = settlements.get_locked(session.get_one(Case, case_id).booking_id)
    case = session.get_one(Case, case_id, populate_existing=True)
    if case.decided_at is not None:
        return case
    settlement = settlement_of(case)
    if problems := why_not_decide(
        booking, settlement, returned_points=returned_points, earned_yen=earned_yen, said=said
    ):
        raise Refused(*problems)
    more = settlements.decide(
        booking,
        settlement,
        returned_points=returned_points,
        earned_yen=earned_yen,
        key=f"case:{case.id}",
        now=now,
    )
    case.decided_at, case.decided_by = now, by
    case.returned_points, case.earned_yen, case.said = more, earned_yen, said.strip()
    facts = {"case": case.id, "returned_points": more, "earned_yen": earned_yen}
    audit.note("case.decided", about=booking.about, by=by, now=now, **facts)
    both = (booking.guest_id, booking.cast_id)
    notices.tell(booking.id, both, NoticeKind.DECIDED, number=case.id, now=now)
    session.flush()
    return case


def settlement_of(case: Case) -> Settlement:
    """How the booking of a case stands now; each case has one."""
    settlement = settlements.find(case.booking_id)
    assert settlement, f"case {case.id} is about a booking that has not ended"
    return settlement


def _as_it_stands(settlement: Settlement, text: str) -> Proposal:
    return Proposal(
        returned_points=settlement.returned_points,
        earned_yen=settlement.earned_yen,
        because=Problem(code=settlement.outcome, text=text),
    )


def _by_evidence(booking: Booking) -> Proposal:
    seen, talk = settling.by_evidence(booking), reserved.find_talk(booking)
    if seen.outcome is Outcome.UNCLEAR:
        return _apart(booking, settling.presence_of(booking))
    if talk and talk.ended_by in settling.CUT_SHORT and seen.outcome in TOOK_PLACE:
        return _cut_short(booking, talk, seen)
    return Proposal(
        returned_points=seen.returned_points,
        earned_yen=seen.earned_yen,
        because=Problem(
            code=seen.outcome, text=SEEN[seen.outcome], values={"time": _words_of(seen.missed)}
        ),
    )


def _apart(booking: Booking, presence: Presence | None) -> Proposal:
    """They never met, and nobody can say whose fault it was: the reading that charges the guest less.

    A cast who was there for half of the talk is paid all the same (D19).
    """
    window = Span(booking.talk_starts_at, booking.talk_ends_at)
    there = judging.length_of(judging.within(presence.cast if presence else (), window))
    is_paid = policy.PAID_PRESENCE * there >= window.length
    return Proposal(
        returned_points=booking.points,
        earned_yen=booking.full_reward_yen if is_paid else 0,
        because=Problem(code="apart", text=APART_PAID if is_paid else APART),
    )


def _cut_short(booking: Booking, talk: Talk, seen: Verdict) -> Proposal:
    """A report or the operator ended it: what was not held goes back, whoever reported."""
    assert talk.ended_at, f"talk {talk.id} was cut short and runs"
    missed = seen.missed + max(booking.talk_ends_at - talk.ended_at, timedelta(0))
    length = booking.talk_ends_at - booking.talk_starts_at
    unit = timedelta.resolution
    returned = part_of(booking.points, part=missed // unit, of=length // unit)
    return Proposal(
        returned_points=returned,
        earned_yen=earned_after(booking, returned),
        because=Problem(code="cut_short", text=CUT_SHORT, values={"time": _words_of(missed)}),
    )


def _words_of(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
