"""The demo's casts have no browsers: here somebody keeps some of their dashboards open.

Nobody sits before them, so a ring is declined kindly after a while, as a busy cast would.
"""

from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Select, select
from sqlalchemy.exc import InterfaceError, OperationalError

from app import clock
from app.casts import bank_accounts, standby
from app.casts.models import Cast, State
from app.db import session
from app.jobs import transaction
from app.people.models import Account
from app.talks import entering
from app.talks.models import Talk, TalkState

EVERY_SECONDS = 5  # on the wall
EVERY_NTH = 5  # of five casts, two stand by
HESITATES = timedelta(seconds=8)


def stay(until: Event, *, seat: str) -> None:
    """Keep the dashboards open until told to stop; the cast of this address has a real one."""
    while not until.wait(EVERY_SECONDS):
        try:
            with transaction():
                keep_open(seat=seat, now=clock.now())
        except (OperationalError, InterfaceError):
            until.wait(EVERY_SECONDS)  # the database restarts


def keep_open(*, seat: str, now: datetime) -> None:
    for cast_id, state in session.execute(_evening_shift(seat)):
        if state is State.OFFLINE:
            # A laptop's operator may have asked for another account, and older data has none.
            if not bank_accounts.why_not_work(cast_id):
                standby.begin(cast_id, now=now)
        elif state is not State.IN_TALK:
            standby.beat(cast_id, now=now)
    ringing = select(Talk).where(
        Talk.state == TalkState.RINGING,
        Talk.cast_id.in_(_evening_shift(seat).with_only_columns(Cast.account_id)),
        Talk.asked_at < now - HESITATES,
        Talk.answer_by > now,
    )
    for talk in session.scalars(ringing.with_for_update(skip_locked=True)):
        entering.decline(talk, now=now)


def _evening_shift(seat: str) -> Select[int, State]:
    return (
        select(Cast.account_id, Cast.state)
        .join(Account, Account.id == Cast.account_id)
        .where(
            Account.email.like("%@example.com"),
            Account.email != seat,
            Cast.account_id % EVERY_NTH < 2,
        )
        .order_by(Cast.account_id)
    )
