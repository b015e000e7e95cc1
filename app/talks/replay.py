"""Recomputing talks from their recorded presence, and comparing with what was charged (promise 2)."""

from dataclasses import dataclass

from sqlalchemy import select, text

from app.db import rows, session
from app.talks import metering, recording
from app.talks.models import Talk, TalkState


@dataclass(frozen=True, slots=True)
class Replay:
    """One talk, as its events tell it and as it was charged."""

    talk: Talk
    minutes_due: int
    minutes_measured: int

    @property
    def difference(self) -> int:
        """Minutes charged too many, or too few where negative.

        A running talk may be behind by what the next run of the metering charges.
        """
        behind = self.minutes_measured - self.minutes_due
        return 0 if self.talk.state is TalkState.RUNNING and behind < 0 else behind


def replay(talk: Talk) -> Replay:
    """What a talk should have cost, from nothing but its recorded events and its ending."""
    due = metering.target_of(talk, recording.presence_of(talk))
    return Replay(talk, due, talk.minutes_measured)


def answered_ids() -> list[int]:
    """Every talk that had a room."""
    return list(session.scalars(select(Talk.id).where(Talk.room.is_not(None)).order_by(Talk.id)))


_CHECKS = {
    "talk {0}: {1} minutes charged, but its entries took {2} points": text("""
        SELECT talk.id, talk.minutes_charged - talk.minutes_returned,
               -coalesce(sum(entry.delta), 0)
        FROM talk LEFT JOIN point_entry AS entry
          ON entry.about = 'talk:' || talk.id
         AND entry.reason IN ('talk_minute', 'minute_returned')
        GROUP BY talk.id
        HAVING (talk.minutes_charged - talk.minutes_returned) * talk.price_points
               <> -coalesce(sum(entry.delta), 0)
    """),
    "cast {0}: rated {1} times, but its talks have {2} ratings": text("""
        SELECT talk_cast.account_id, talk_cast.rating_count, count(talk_rating.talk_id)
        FROM talk_cast
        LEFT JOIN talk ON talk.cast_id = talk_cast.account_id
        LEFT JOIN talk_rating ON talk_rating.talk_id = talk.id
        GROUP BY talk_cast.account_id
        HAVING talk_cast.rating_count <> count(talk_rating.talk_id)
            OR talk_cast.rating_sum <> coalesce(sum(talk_rating.stars), 0)
    """),
}


def problems() -> list[str]:
    """Every talk whose charges differ from its evidence or its entries, in words."""
    found = [words.format(*row) for words, statement in _CHECKS.items() for row in rows(statement)]
    for talk_id in answered_ids():
        seen = replay(session.get_one(Talk, talk_id, populate_existing=True))
        if seen.difference:
            found.append(
                f"talk {talk_id}: {seen.minutes_measured} minutes stand,"
                f" but its presence shows {seen.minutes_due}"
            )
    return found
