"""Walk-ins that their guest objects to, and what the office decides of them (G28, G31).

Presence has been charged to the second already, so evidence proposes nothing to return. What the
office returns all the same is whole minutes, and the talk's books tell them from the metering's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, policy
from app.cases import deciding, opening
from app.cases.models import Case, CaseKind
from app.cases.queue import of_talk
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import closing
from app.talks import recording, refunding
from app.talks.models import Party, Talk, TalkState

BATCH = 50
AS_CHARGED = N_(
    "The record shows the two together for %(time)s; %(minutes)s min were charged for that."
)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the office might decide about a walk-in, and the reason."""

    minutes: int
    because: Problem  # a sentence for both, which the edge says in the reader's language


def why_not_object(talk: Talk, *, now: datetime) -> list[Problem]:
    """Why its guest cannot object to what a walk-in cost; an empty list where they can (D17)."""
    if of_talk(talk):
        text = N_("You have written to us about this talk already.")
        return [Problem(code="objected", text=text)]
    if talk.state is not TalkState.ENDED or talk.ended_at is None:
        return [Problem(code="not_ended", text=N_("The talk is not over yet."))]
    if talk.minutes_kept < 1:
        text = N_("Nothing was charged for this talk.")
        return [Problem(code="nothing_charged", text=text)]
    if now > talk.ended_at + policy.OBJECTION_OPEN:
        text = N_("You could write to us about this talk for %(days)s days after its end.")
        values = {"days": policy.OBJECTION_OPEN.days}
        return [Problem(code="too_late", text=text, values=values)]
    return []


def object_to(talk_id: int, *, words: str, now: datetime) -> Case:
    """The guest says that it was otherwise. Pressing twice objects once. Raises Refused."""
    talk = _get_locked(talk_id)  # a second press waits here
    words = words.strip()
    before = of_talk(talk)
    if before and before.words == words:
        return before
    if problems := [*why_not_object(talk, now=now), *opening.why_not_words(words)]:
        raise Refused(*problems)
    closing.hold_open(talk.guest_id)
    case = Case(
        talk_id=talk.id, kind=CaseKind.OBJECTION, party=Party.GUEST, words=words, opened_at=now
    )
    session.add(case)
    session.flush()
    return case


def proposal_of(talk: Talk) -> Proposal:
    """What the record shows was charged, and nothing else: so nothing more goes back by it."""
    shared = recording.presence_of(talk).shared(until=talk.ended_at)
    values = {**deciding.time_of(shared), "minutes": str(talk.minutes_charged)}
    return Proposal(minutes=0, because=Problem(code="as_charged", text=AS_CHARGED, values=values))


def why_not_decide(talk: Talk, *, minutes: int, said: str, now: datetime) -> list[Problem]:
    """Why this cannot be the decision; an empty list where it can."""
    problems = []
    if not refunding.is_final(talk, now=now):
        text = N_("The minutes of this talk may still change. Please decide a little later.")
        problems.append(Problem(code="not_final", text=text))
    if not 0 <= minutes <= talk.minutes_kept:
        text = N_("Please give a number of minutes from 0 to %(max)s.")
        values = {"max": str(talk.minutes_kept)}
        problems.append(Problem(code="no_minutes", about="minutes", text=text, values=values))
    return [*problems, *deciding.why_not_say(said)]


def decide(
    case_id: int, *, minutes: int, keeps_reward: bool, said: str, by: int, now: datetime
) -> Case:
    """Decide a walk-in's case, once: a second press gets the first decision. Raises Refused.

    So many minutes go back to the guest. With `keeps_reward` the cast earns them all the same.
    Both hear of it by mail.
    """
    talk_id = session.get_one(Case, case_id).talk_id
    assert talk_id, f"case {case_id} is about no walk-in"
    talk = _get_locked(talk_id)
    case = session.get_one(Case, case_id, populate_existing=True)
    if case.decided_at is not None:
        return case
    if problems := why_not_decide(talk, minutes=minutes, said=said, now=now):
        raise Refused(*problems)
    points = refunding.refund(talk, minutes=minutes, keeps_reward=keeps_reward, now=now)
    case.decided_at, case.decided_by = now, by
    case.returned_points, case.earned_yen, case.said = points, talk.earned_yen, said.strip()
    facts = {"case": case.id, "minutes": minutes, "returned_points": points}
    facts |= {"minutes_borne": talk.minutes_borne, "earned_yen": talk.earned_yen}
    audit.note("case.decided", about=f"talk:{talk.id}", by=by, now=now, **facts)
    session.flush()
    return case


def untold() -> Sequence[Case]:
    """Decisions that nobody has written to the two about, a batch of them, held."""
    talk = joinedload(Case.talk)
    return session.scalars(
        select(Case)
        .options(talk.joinedload(Talk.guest), talk.joinedload(Talk.cast))
        .where(Case.talk_id.is_not(None), Case.told_at.is_(None), Case.decided_at.is_not(None))
        .order_by(Case.id)
        .limit(BATCH)
        .with_for_update(of=Case, skip_locked=True)
    ).all()


def mark_told(case: Case, *, now: datetime) -> None:
    case.told_at = now


def _get_locked(talk_id: int) -> Talk:
    return session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
