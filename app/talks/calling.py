"""What a cast's page needs to know at this moment: the stand-by, and who rings or talks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from app import policy
from app.casts.models import Cast, State
from app.db import session
from app.people.models import Account
from app.talks.models import LIVE_STATES, Talk, TalkState

REMEMBERED = timedelta(minutes=2)  # how long a ring that nobody answered is still told of


@dataclass(frozen=True, kw_only=True)
class Call:
    """The cast, and the talk that rings, runs, or has just been missed."""

    cast: Cast
    talk: Talk | None
    guest_name: str
    rings: bool

    @property
    def word(self) -> str:
        """Changes with everything that the page shows of it."""
        talk = f"{self.talk.public_id}.{self.talk.state}" if self.talk else ""
        return f"{self.cast.state}.{self.cast.misses}.{self.stands_by:d}.{self.rings:d}.{talk}"

    @property
    def stands_by(self) -> bool:
        """Is the switch on? In a talk: will it be when the talk is over?"""
        return self.cast.state is not State.OFFLINE and self.cast.beat_at is not None

    @property
    def missed_out(self) -> bool:
        """Offline because nobody answered."""
        missed = self.cast.misses >= policy.MISSES_BEFORE_OFFLINE
        return self.cast.state is State.OFFLINE and missed

    @property
    def running(self) -> bool:
        return self.talk is not None and self.talk.state is TalkState.RUNNING

    @property
    def missed(self) -> bool:
        return self.talk is not None and self.talk.state is TalkState.MISSED

    @property
    def withdrawn(self) -> bool:
        return self.talk is not None and self.talk.state is TalkState.WITHDRAWN


def call_of(cast_id: int, *, now: datetime) -> Call:
    """One statement, asked every few seconds by every open page of a cast."""
    lately = and_(
        Talk.state.in_((TalkState.MISSED, TalkState.WITHDRAWN)), Talk.asked_at > now - REMEMBERED
    )
    found = session.execute(
        select(Cast, Talk, Account.nickname)
        .outerjoin(
            Talk, and_(Talk.cast_id == Cast.account_id, or_(Talk.state.in_(LIVE_STATES), lately))
        )
        .outerjoin(Account, Account.id == Talk.guest_id)
        .where(Cast.account_id == cast_id)
        .order_by(Talk.id.desc().nulls_last())
        .limit(1)
    ).one()
    cast, talk, guest_name = found
    rings = talk is not None and talk.state is TalkState.RINGING and now <= talk.answer_by
    return Call(cast=cast, talk=talk, guest_name=guest_name or "", rings=rings)
