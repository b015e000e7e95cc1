"""What the office does about a person: a note, a warning, a suspension at once, and lifting it."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app import audit
from app.bookings import cancelling
from app.bookings.models import Booking, BookingState, Settlement
from app.casts import profiles
from app.db import session
from app.desk import watching
from app.desk.moderation_tables import NoteKind, PersonNote
from app.errors import Refused
from app.people import suspensions
from app.people.models import Account, Role
from app.points import lots
from app.talks import entering
from app.talks.models import LIVE_STATES, Talk, TalkState

BATCH = 50
DOUBLE_PRESS = timedelta(seconds=10)


def note(account_id: int, *, words: str, by: int, now: datetime) -> PersonNote:
    """Something for the office alone. Pressing twice keeps it once. Raises Refused."""
    if problems := suspensions.why_not_words(words):
        raise Refused(*problems)
    if before := _pressed_before(account_id, NoteKind.NOTE, words, by=by, now=now):
        return before
    return _keep(account_id, NoteKind.NOTE, words, by=by, now=now)


def warn(account_id: int, *, words: str, by: int, now: datetime) -> PersonNote:
    """Words that the person gets by mail. Pressing twice warns once. Raises Refused."""
    if problems := suspensions.why_not_words(words):
        raise Refused(*problems)
    if before := _pressed_before(account_id, NoteKind.WARNING, words, by=by, now=now):
        return before
    audit.note("account.warned", about=f"account:{account_id}", by=by, now=now)
    return _keep(account_id, NoteKind.WARNING, words, by=by, now=now)


def suspend(account_id: int, *, because: str, by: int, now: datetime) -> PersonNote:
    """Out at once: the talk ends, every session ends, a cast leaves the list. Raises Refused.

    Pressing twice suspends once. Reservations stay until the office cancels them one by one.
    """
    live = _live_talks_held(account_id)
    # All accounts before any room or cast, in the order of locks.
    for each in sorted({account_id, *(talk.guest_id for talk in live)}):
        lots.lock_guest(each)
    account = session.get_one(Account, account_id, populate_existing=True)
    if account.suspended_at:
        return notes_of(account, kind=NoteKind.SUSPENDED)[0]
    suspensions.suspend(account, because=because, by=by, now=now)
    for talk in live:
        _end(talk, because=because, by=by, now=now)
    if account.role is Role.CAST:
        profiles.hide(account_id, now=now)
    return _keep(account_id, NoteKind.SUSPENDED, because, by=by, now=now)


def lift(account_id: int, *, by: int, now: datetime) -> PersonNote | None:
    """Let the person in again; a cast is on the list again, offline. None where nothing was shut."""
    lots.lock_guest(account_id)
    account = session.get_one(Account, account_id, populate_existing=True)
    if not account.suspended_at:
        return None
    suspensions.lift(account, by=by, now=now)
    if account.role is Role.CAST:
        profiles.unhide(account_id)
    return _keep(account_id, NoteKind.LIFTED, "", by=by, now=now)


def end_stray_talks(now: datetime) -> int:
    """End talks that began at the very moment when one of their two was suspended."""
    shut = select(Account.id).where(Account.suspended_at.is_not(None))
    stray = select(Talk).where(
        Talk.state.in_(LIVE_STATES), or_(Talk.guest_id.in_(shut), Talk.cast_id.in_(shut))
    )
    held = stray.order_by(Talk.id).limit(BATCH).with_for_update(skip_locked=True)
    found = session.scalars(held.execution_options(populate_existing=True)).all()
    for guest_id in sorted({talk.guest_id for talk in found}):
        lots.lock_guest(guest_id)
    for talk in found:
        _end(talk, because="suspended", by=None, now=now)
    return len(found)


def cancel_booking(booking: Booking, *, words: str, by: int, now: datetime) -> Settlement:
    """Take back a reservation of a suspended person; the guest gets everything back.

    Raises Refused where its time has begun.
    """
    cast = session.get_one(Account, booking.cast_id)
    cast_stays = cast.suspended_at is None
    return cancelling.by_office(booking.id, cast_stays=cast_stays, words=words, by=by, now=now)


def bookings_ahead(account: Account, *, now: datetime) -> list[Booking]:
    """Reservations that have not begun yet, the next one first."""
    mine = or_(Booking.guest_id == account.id, Booking.cast_id == account.id)
    wanted = (
        select(Booking)
        .options(joinedload(Booking.guest), joinedload(Booking.cast))
        .where(mine, Booking.state == BookingState.CONFIRMED, Booking.starts_at > now)
    )
    return list(session.scalars(wanted.order_by(Booking.starts_at)))


def notes_of(account: Account, *, kind: NoteKind | None = None) -> list[PersonNote]:
    """What was written down of this person, the newest first."""
    wanted = select(PersonNote).options(joinedload(PersonNote.operator))
    mine = wanted.filter_by(account_id=account.id).order_by(PersonNote.id.desc())
    return list(session.scalars(mine.where(PersonNote.kind == kind) if kind else mine))


def _live_talks_held(account_id: int) -> list[Talk]:
    live = select(Talk).where(
        Talk.state.in_(LIVE_STATES), or_(Talk.guest_id == account_id, Talk.cast_id == account_id)
    )
    held = live.order_by(Talk.id).with_for_update()
    return list(session.scalars(held.execution_options(populate_existing=True)))


def _end(talk: Talk, *, because: str, by: int | None, now: datetime) -> None:
    if talk.state is TalkState.RINGING:
        entering.withdraw(talk, now=now)
    else:
        watching.end(talk.id, because=because, by=by, now=now)


def _pressed_before(
    account_id: int, kind: NoteKind, words: str, *, by: int, now: datetime
) -> PersonNote | None:
    """What the first press of the same operator has kept; the person is held until then."""
    lots.lock_guest(account_id)
    wanted = select(PersonNote).where(
        PersonNote.account_id == account_id,
        PersonNote.kind == kind,
        PersonNote.operator_id == by,
        PersonNote.words == words.strip(),
        PersonNote.at > now - DOUBLE_PRESS,
    )
    return session.scalars(wanted.limit(1)).one_or_none()


def _keep(account_id: int, kind: NoteKind, words: str, *, by: int, now: datetime) -> PersonNote:
    kept = PersonNote(account_id=account_id, kind=kind, words=words.strip(), at=now, operator_id=by)
    session.add(kept)
    session.flush()
    return kept
