"""How a walk-in was, in its cast's words and stars, if they like: only the office reads it (D23)."""

from datetime import datetime, timedelta

from app import policy
from app.db import session
from app.errors import N_, Problem, Refused
from app.talks.models import Talk, TalkImpression, TalkState

WORDS_LENGTH = 500  # characters
STARS = range(1, 6)


def why_not_keep(talk: Talk, *, now: datetime) -> list[Problem]:
    """Why the cast cannot say anything about this talk; an empty list where they can."""
    if talk.is_reserved:
        text = N_("A reserved talk has a completion report of its own.")
        return [Problem(code="reserved", text=text)]
    if talk.state is not TalkState.ENDED or talk.ended_at is None:
        return [Problem(code="not_ended", text=N_("The talk is not over yet."))]
    if find(talk):
        return [Problem(code="kept", text=N_("You have told us about this talk already."))]
    if now > talk.ended_at + policy.IMPRESSION_OPEN:
        text = N_("You could tell us about this talk for %(hours)s hours after its end.")
        hours = policy.IMPRESSION_OPEN // timedelta(hours=1)
        return [Problem(code="too_late", text=text, values={"hours": hours})]
    return []


def keep(talk_id: int, *, stars: int, words: str, now: datetime) -> TalkImpression:
    """Keep what a cast says of a talk, once: the same pressed twice is kept once. Raises Refused."""
    talk = session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
    words = words.strip()
    before = find(talk)
    if before and (before.stars, before.words) == (stars, words):
        return before
    problems = why_not_keep(talk, now=now)
    if stars not in STARS:
        text = N_("Please choose 1 to 5 stars.")
        problems.append(Problem(code="no_stars", about="stars", text=text))
    if len(words) > WORDS_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        problems.append(
            Problem(code="too_long", about="words", text=text, values={"max": WORDS_LENGTH})
        )
    if problems:
        raise Refused(*problems)
    said = TalkImpression(talk_id=talk.id, stars=stars, words=words, at=now)
    session.add(said)
    session.flush()
    return said


def find(talk: Talk) -> TalkImpression | None:
    return session.get(TalkImpression, talk.id)
