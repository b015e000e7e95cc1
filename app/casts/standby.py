"""Standing by: who can be entered now, kept honest by the dashboard's heartbeat.

A cast's state changes in this file only. Each verb locks the cast's row first.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, text, update

from app import policy
from app.casts import bank_accounts
from app.casts.models import Cast, State
from app.db import array, rows, session
from app.errors import Refused
from app.people import blocks, terms


def get_locked(cast_id: int) -> Cast:
    """The cast's row as it is now, held until the end of the transaction."""
    held = {"key_share": True}
    return session.get_one(Cast, cast_id, with_for_update=held, populate_existing=True)


def begin(cast_id: int, *, now: datetime) -> Cast:
    """Stand by. In a talk nothing changes; a breath after one is cut short.

    Raises Refused while the cast has no account to be paid to (C27), or has not agreed to the
    terms that hold (C7).
    """
    problems = bank_accounts.why_not_work(cast_id)
    if problems := problems + terms.why_not_begin(cast_id, terms.OF_CASTS, now=now):
        raise Refused(*problems)
    cast = get_locked(cast_id)
    if cast.hidden_at:  # a press from before the office shut the cast out
        return cast
    cast.beat_at = now
    if cast.state in {State.OFFLINE, State.WRAP_UP}:
        cast.state, cast.active_at, cast.misses, cast.wrap_up_until = State.ONLINE, now, 0, None
    return cast


def stop(cast_id: int) -> Cast:
    """Go offline. A running talk goes on, and ends offline."""
    cast = get_locked(cast_id)
    if cast.state is State.IN_TALK:
        cast.beat_at = None
    else:
        cast.state, cast.wrap_up_until = State.OFFLINE, None
    return cast


def beat(cast_id: int, *, now: datetime) -> bool:
    """The dashboard is open. Written down only now and then; says whether it was."""
    heard = update(Cast).where(
        Cast.account_id == cast_id,
        Cast.state != State.OFFLINE,
        Cast.beat_at < now - policy.STANDBY_BEAT,
    )
    return bool(session.execute(heard.values(beat_at=now)).rowcount)  # type: ignore[attr-defined]


def occupy(cast: Cast) -> None:
    """A guest rings: nobody else may enter. The row is locked by the caller."""
    assert cast.state is State.ONLINE
    cast.state = State.IN_TALK


def engage(cast_id: int) -> None:
    """A reserved talk opens, wherever the cast was before; who was offline is so again after it."""
    cast = get_locked(cast_id)
    if cast.state is State.OFFLINE:
        cast.beat_at = None
    cast.state, cast.wrap_up_until = State.IN_TALK, None


def release(cast_id: int, *, talked: bool, now: datetime) -> None:
    """The ring or the talk is over: a breath after a talk, else back to where the cast was."""
    cast = get_locked(cast_id)
    if cast.state is not State.IN_TALK:
        return
    if cast.beat_at is None:
        cast.state = State.OFFLINE
    elif talked:
        cast.state, cast.wrap_up_until = State.WRAP_UP, now + policy.WRAP_UP
    else:
        cast.state = State.ONLINE


def answer(cast_id: int) -> None:
    """The cast said yes or no to a ring, so earlier misses are no row any more."""
    get_locked(cast_id).misses = 0


def miss(cast_id: int) -> None:
    """A ring nobody answered; after two in a row the cast is offline."""
    cast = get_locked(cast_id)
    if cast.state is not State.IN_TALK:
        return
    cast.misses += 1
    gone = cast.misses >= policy.MISSES_BEFORE_OFFLINE or cast.beat_at is None
    cast.state = State.OFFLINE if gone else State.ONLINE


_TURN = text("""
    UPDATE talk_cast
    SET state = CASE
            WHEN beat_at IS NULL OR beat_at < :silent_since THEN 'offline' ELSE 'online' END,
        wrap_up_until = NULL
    WHERE account_id IN (
        SELECT account_id FROM talk_cast
        WHERE (state IN ('online', 'soon_reserved')
               AND (beat_at IS NULL OR beat_at < :silent_since))
           OR (state = 'wrap_up' AND wrap_up_until <= :now)
        ORDER BY account_id FOR UPDATE SKIP LOCKED
    )
    RETURNING account_id
""")


def turn_due(now: datetime) -> int:
    """Take silent casts offline, and end breaths that are over; returns how many changed."""
    return len(rows(_TURN, now=now, silent_since=now - policy.STANDBY_TTL))


_SET_SOON = text("""
    UPDATE talk_cast SET state = CASE state WHEN 'online' THEN 'soon_reserved' ELSE 'online' END
    WHERE account_id IN (
        SELECT account_id FROM talk_cast
        WHERE (state = 'online' AND account_id = ANY(CAST(:reserved AS bigint[])))
           OR (state = 'soon_reserved' AND account_id <> ALL(CAST(:reserved AS bigint[])))
        ORDER BY account_id FOR UPDATE SKIP LOCKED
    )
    RETURNING account_id
""")


def set_soon(reserved: Iterable[int]) -> int:
    """Show who stands by as booked soon, and nobody else (D10); returns how many changed."""
    return len(rows(_SET_SOON, reserved=array(reserved)))


def states_of(public_ids: list[str], *, reader_id: int | None = None) -> dict[str, State]:
    """The states of some casts, for a page that follows them; none across a block."""
    wanted = select(Cast.public_id, Cast.state).where(
        Cast.public_id.in_(public_ids), Cast.hidden_at.is_(None)
    )
    if reader_id is not None:
        wanted = wanted.where(~blocks.is_between(reader_id, Cast.account_id))
    return dict(session.execute(wanted).all())
