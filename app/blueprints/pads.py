"""What the fragment of a memo or a note shows, for every page of a cast that carries one (C51)."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from app import policy
from app.casts import memos
from app.casts.memos import Sheet
from app.guards import me
from app.people.models import Account


@dataclass(frozen=True, kw_only=True)
class Pad:
    """A memo or a note on a page, with the place that it is saved to."""

    url: str
    back: str  # where a plain form goes on to
    title: str
    most: int  # characters
    sheet: Sheet
    words: str  # in the field: as saved, or as typed where it could not be saved
    is_behind: bool = False  # another window was faster: both texts are shown
    error: str = ""


def memo_pad() -> Pad:
    sheet = memos.memo_of(me().id)
    return Pad(
        url=url_for("cast_room.save_memo"),
        back=url_for("cast_room.show", _anchor="cast-room-memo"),
        title=gettext("Memo"),
        most=policy.MEMO_LENGTH,
        sheet=sheet,
        words=sheet.words,
    )


def note_pad(guest: Account, save: str, page: str, public_id: str) -> Pad:
    """The note about a guest, on the page of a talk, a reservation, or its own."""
    sheet = memos.note_of(me().id, guest.id)
    return Pad(
        url=url_for(save, public_id=public_id),
        back=url_for(page, public_id=public_id, _anchor="cast-room-memo"),
        title=gettext("Note on %(name)s", name=guest.nickname),
        most=policy.NOTE_LENGTH,
        sheet=sheet,
        words=sheet.words,
    )
