"""A guest's stars for a cast, from talks that were really paid for (C18)."""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from app import policy
from app.bookings.models import Outcome, Settlement
from app.casts import profiles
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import closing
from app.talks.models import Talk, TalkRating, TalkState

LINE_LENGTH = 200  # characters
STARS = range(1, 6)


def why_not_rate(talk: Talk, *, now: datetime) -> list[Problem]:
    """Why this talk cannot be rated; an empty list where it can."""
    if talk.state is not TalkState.ENDED or talk.ended_at is None:
        return [Problem(code="not_ended", text=N_("The talk is still going on."))]
    if talk.is_reserved and not _was_held(talk):
        text = N_("A talk can be rated once it has taken place.")
        return [Problem(code="not_held", text=text)]
    if not talk.is_reserved and talk.minutes_kept < 1:
        return [
            Problem(
                code="nothing_charged", text=N_("Only talks with a charged minute can be rated.")
            )
        ]
    if session.get(TalkRating, talk.id):
        return [Problem(code="rated", text=N_("You have rated this talk already. Thank you."))]
    if now > talk.ended_at + policy.RATING_OPEN:
        return [Problem(code="too_late", text=N_("The time for rating this talk is over."))]
    return []


def _was_held(talk: Talk) -> bool:
    """Has the reserved talk been settled as one in which both met?"""
    held = Settlement.outcome.in_((Outcome.COMPLETED, Outcome.CAST_LATE))
    decided = and_(Settlement.outcome == Outcome.UNCLEAR, Settlement.earned_yen > 0)
    wanted = select(Settlement.booking_id).where(
        Settlement.booking_id == talk.booking_id, or_(held, decided)
    )
    return session.scalar(wanted) is not None


def rate(talk: Talk, *, stars: int, line: str, now: datetime) -> TalkRating:
    """Keep a guest's rating, once a talk. The talk's row is locked. Raises Refused."""
    if problems := why_not_rate(talk, now=now):
        raise Refused(*problems)
    closing.hold_open(talk.guest_id)
    if stars not in STARS:
        raise Refused(
            Problem(code="no_stars", about="stars", text=N_("Please choose 1 to 5 stars."))
        )
    rating = TalkRating(talk_id=talk.id, stars=stars, line=line.strip()[:LINE_LENGTH], at=now)
    session.add(rating)
    profiles.add_rating(talk.cast_id, stars=stars)
    session.flush()
    return rating


def latest_of(cast_id: int, *, limit: int = 3) -> list[TalkRating]:
    """The newest ratings that say something, for the cast's page."""
    wanted = (
        select(TalkRating)
        .join(Talk, Talk.id == TalkRating.talk_id)
        .where(Talk.cast_id == cast_id, TalkRating.line != "")
        .order_by(TalkRating.at.desc())
    )
    return list(session.scalars(wanted.limit(limit)))


def forget_lines(guest_id: int) -> None:
    """The guest has left: the words of their ratings go, the stars stay counted."""
    own = select(Talk.id).where(Talk.guest_id == guest_id)
    erased = update(TalkRating).where(TalkRating.talk_id.in_(own), TalkRating.line != "")
    session.execute(erased.values(line=""))


def find(talk: Talk) -> TalkRating | None:
    return session.get(TalkRating, talk.id)
