"""What a cast writes for no other eyes: the memo of the dashboard, and notes about guests (C51).

Both are saved as they are typed. A page sends the version that it has seen, so that of two
windows the later one overwrites nothing that it did not show.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app import policy
from app.casts.models import CastMemo, GuestNote
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import closing
from app.people.models import Account

LISTED = 100  # notes at once; a search finds the others


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A memo or a note as it stands. A new one has version 0 and was never saved."""

    words: str = ""
    version: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What came of saving: the sheet as it stands, and whether another window was faster."""

    sheet: Sheet
    is_behind: bool  # nothing was saved, since the page had not seen what stands


def memo_of(cast_id: int) -> Sheet:
    return _sheet(session.get(CastMemo, cast_id, populate_existing=True))


def note_of(cast_id: int, guest_id: int) -> Sheet:
    wanted = select(GuestNote).filter_by(cast_id=cast_id, guest_id=guest_id)
    return _sheet(session.scalars(_fresh(wanted)).one_or_none())


def words_on(cast_id: int, guest_ids: Collection[int]) -> dict[int, str]:
    """What this cast noted on each of these guests; those without a note are not there."""
    wanted = select(GuestNote.guest_id, GuestNote.words).where(
        GuestNote.cast_id == cast_id, GuestNote.guest_id.in_(guest_ids), GuestNote.words != ""
    )
    return dict(session.execute(wanted).all())


def find_note(public_id: str, *, cast_id: int) -> GuestNote | None:
    """A note of this cast; to everyone else it does not exist."""
    wanted = select(GuestNote).filter_by(public_id=public_id, cast_id=cast_id)
    return session.scalars(_fresh(wanted.options(joinedload(GuestNote.guest)))).one_or_none()


def notes_of(cast_id: int, *, words: str = "") -> list[GuestNote]:
    """The notes that say something, the newest first; `words` in them or in the nickname."""
    wanted = (
        select(GuestNote)
        .join(GuestNote.guest)
        .options(joinedload(GuestNote.guest))
        .where(GuestNote.cast_id == cast_id, GuestNote.words != "")
        .order_by(GuestNote.saved_at.desc(), GuestNote.id.desc())
        .limit(LISTED)
    )
    for word in words.split():
        here = GuestNote.words.icontains(word, autoescape=True)
        wanted = wanted.where(or_(here, Account.nickname.icontains(word, autoescape=True)))
    return list(session.scalars(wanted))


def save_memo(cast_id: int, *, words: str, seen: int, now: datetime) -> Saved:
    """Raises Refused where it is too long."""
    _check_length(words, most=policy.MEMO_LENGTH)
    made = insert(CastMemo).values(cast_id=cast_id, words="", version=0, saved_at=now)
    session.execute(made.on_conflict_do_nothing())
    held = session.get_one(CastMemo, cast_id, with_for_update=True, populate_existing=True)
    return _save(held, words=words, seen=seen, now=now)


def save_note(cast_id: int, guest_id: int, *, words: str, seen: int, now: datetime) -> Saved:
    """Raises Refused where it is too long, or the guest has left."""
    _check_length(words, most=policy.NOTE_LENGTH)
    closing.hold_open(guest_id)
    made = insert(GuestNote).values(cast_id=cast_id, guest_id=guest_id, saved_at=now)
    session.execute(made.on_conflict_do_nothing())
    wanted = select(GuestNote).filter_by(cast_id=cast_id, guest_id=guest_id)
    held = session.scalars(_fresh(wanted.with_for_update())).one()
    return _save(held, words=words, seen=seen, now=now)


def forget(account_id: int) -> None:
    """Delete what this person wrote here as a cast, and what casts wrote about them as a guest."""
    mine = or_(GuestNote.cast_id == account_id, GuestNote.guest_id == account_id)
    session.execute(delete(GuestNote).where(mine))
    session.execute(delete(CastMemo).where(CastMemo.cast_id == account_id))


def _save(held: CastMemo | GuestNote, *, words: str, seen: int, now: datetime) -> Saved:
    """Of a row that is held. The same words again change nothing, from whichever window."""
    is_behind = seen != held.version and words != held.words
    if not is_behind and words != held.words:
        held.words, held.version, held.saved_at = words, held.version + 1, now
        session.flush()
    return Saved(sheet=_sheet(held), is_behind=is_behind)


def _check_length(words: str, *, most: int) -> None:
    if len(words) > most:
        text = N_("Please use at most %(max)d characters.")
        problem = Problem(code="too_long", about="words", text=text, values={"max": most})
        raise Refused(problem)


def _sheet(row: CastMemo | GuestNote | None) -> Sheet:
    if row is None:
        return Sheet()
    return Sheet(words=row.words, version=row.version, saved_at=row.saved_at)


def _fresh(wanted: Select[GuestNote]) -> Select[GuestNote]:
    return wanted.execution_options(populate_existing=True)
