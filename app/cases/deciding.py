"""Deciding a case about a booking: what the record proposes, and the decision that moves points and yen, once (G31)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import audit, policy
from app.bookings import notices, settlements
from app.bookings.models import Booking, NoticeKind, Outcome, Settlement
from app.cases.models import Case, CaseKind
from app.clock import Span
from app.db import session
from app.errors import N_, Problem, Refused
from app.talks import judging, reserved, settling
from app.talks.judging import Verdict
from app.talks.presence import Presence, overlap

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
BROKE_OFF = N_(
    "The record shows the two together for %(time)s, less than half of the talk, and then both were gone at once, so nothing is charged."
)
BROKE_OFF_PAID = N_(
    "The record shows the two together for %(time)s, less than half of the talk, and then both were gone at once, so nothing is charged. The cast was there for at least half of the talk."
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
    assert booking
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
    return [*problems, *why_not_say(said)]


def why_not_say(said: str) -> list[Problem]:
    """Why both cannot be told this; an empty list where they can."""
    if not said.strip():
        text = N_("Please say in a sentence why; both read it.")
        return [Problem(code="nothing_said", about="said", text=text)]
    if len(said.strip()) > SAID_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        return [Problem(code="too_long", about="said", text=text, values={"max": SAID_LENGTH})]
    return []


def decide(
    case_id: int, *, returned_points: int, earned_yen: int, said: str, by: int, now: datetime
) -> Case:
    """Decide a case, once: a second press gets the first decision. Both are told. Raises Refused.

    `returned_points` and `earned_yen` are what the guest gets back and the cast earns in all.
    """
    booking_id = session.get_one(Case, case_id).booking_id
    assert booking_id, f"case {case_id} is about no booking"
    booking = settlements.get_locked(booking_id)
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
    settlement = settlements.find(case.booking_id) if case.booking_id else None
    assert settlement, f"case {case.id} is about a booking that has not ended"
    return settlement


def time_of(span: timedelta) -> dict[str, str]:
    """A length of time as the sentences above name it."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return {"time": f"{minutes}:{seconds:02}"}


def _as_it_stands(settlement: Settlement, text: str) -> Proposal:
    return Proposal(
        returned_points=settlement.returned_points,
        earned_yen=settlement.earned_yen,
        because=Problem(code=settlement.outcome, text=text),
    )


def _by_evidence(booking: Booking) -> Proposal:
    if cut_short := _cut_short(booking):
        return cut_short
    seen = settling.by_evidence(booking)
    if seen.outcome is Outcome.UNCLEAR:
        return _charging_less(booking, settling.presence_of(booking))
    return _of(
        seen, Problem(code=seen.outcome, text=SEEN[seen.outcome], values=time_of(seen.missed))
    )


def _charging_less(booking: Booking, presence: Presence | None) -> Proposal:
    """They hardly met or never, and nobody can say whose fault it was: the guest is charged less.

    A cast who was there for half of the talk is paid all the same (D19).
    """
    window = Span(booking.talk_starts_at, booking.talk_ends_at)
    guest = judging.within(presence.guest if presence else (), window)
    cast = judging.within(presence.cast if presence else (), window)
    together = judging.length_of(overlap(guest, cast))
    is_paid = policy.PAID_PRESENCE * judging.length_of(cast) >= window.length
    if together:
        text, code = BROKE_OFF_PAID if is_paid else BROKE_OFF, "broke_off"
    else:
        text, code = APART_PAID if is_paid else APART, "apart"
    return Proposal(
        returned_points=booking.points,
        earned_yen=booking.full_reward_yen if is_paid else 0,
        because=Problem(code=code, text=text, values=time_of(together)),
    )


def _cut_short(booking: Booking) -> Proposal | None:
    """A report or the operator ended it: what was not held goes back, whoever reported.

    None where nobody did, or the two had not really met until then.
    """
    talk = reserved.find_talk(booking)
    if talk is None or talk.ended_by not in settling.CUT_SHORT:
        return None
    assert talk.ended_at, f"talk {talk.id} was cut short and runs"
    over = min(max(talk.ended_at, booking.talk_starts_at), booking.talk_ends_at)
    seen, missed = judging.see(booking, settling.presence_of(booking), until=over)
    if over > booking.talk_starts_at and seen not in TOOK_PLACE:
        return None
    missed += booking.talk_ends_at - over
    held = judging.verdict_of(booking, Outcome.CAST_LATE, missed=missed)
    return _of(held, Problem(code="cut_short", text=CUT_SHORT, values=time_of(missed)))


def _of(verdict: Verdict, because: Problem) -> Proposal:
    return Proposal(
        returned_points=verdict.returned_points, earned_yen=verdict.earned_yen, because=because
    )
