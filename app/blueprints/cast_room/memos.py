"""A cast's memo and notes about guests: saved as they are typed, on the pages that show them (C51)."""

from dataclasses import replace
from datetime import datetime

from flask import abort, flash, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, NumberRange

from app import clock, policy
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.fields import Lines
from app.blueprints.pads import Pad, memo_pad, note_pad
from app.bookings import diary
from app.casts import memos
from app.casts.memos import Saved
from app.casts.models import GuestNote
from app.guards import casts_only, me
from app.talks import calling, history
from app.talks.models import Talk
from app.web import Answer, clock_time, go, wants_fragment

TOO_LONG = _("Please use at most %(max)d characters.")
SEEN = [InputRequired(), NumberRange(0, 2**31 - 1)]


class MemoForm(FlaskForm):  # type: ignore[misc]
    words = Lines(validators=[Length(max=policy.MEMO_LENGTH, message=TOO_LONG)])
    seen = IntegerField(validators=SEEN)


class NoteForm(FlaskForm):  # type: ignore[misc]
    words = Lines(validators=[Length(max=policy.NOTE_LENGTH, message=TOO_LONG)])
    seen = IntegerField(validators=SEEN)


@bp.app_context_processor
def _notes() -> dict[str, object]:
    """Any page of a cast can show what they noted about a guest; asked for only there."""
    return {"note_on": _note_on, "pad_of_talk": _pad_of_talk}


@bp.post("/memo")
@casts_only
def save_memo() -> Answer:
    return _save(memo_pad(), MemoForm())


@bp.post("/talks/<public_id>/note")
@casts_only
def note_of_talk(public_id: str) -> Answer:
    talk = history.find(public_id, of=me()) or abort(404)
    return _save(_pad_of_talk(talk), NoteForm(), guest_id=talk.guest_id)


@bp.post("/bookings/<public_id>/note")
@casts_only
def note_of_booking(public_id: str) -> Answer:
    booking = diary.find(public_id, of=me()) or abort(404)
    pad = note_pad(booking.guest, "cast_room.note_of_booking", "cast_room.booking", public_id)
    return _save(pad, NoteForm(), guest_id=booking.guest_id)


@bp.get("/notes")
@casts_only
def notes() -> Answer:
    """All notes of this cast; `q` looks for words in them and in the nicknames."""
    words = request.args.get("q", "").strip()
    found = memos.notes_of(me().id, words=words)
    return render_template("cast_room/notes.html", call=_call(), notes=found, words=words)


@bp.get("/notes/<public_id>")
@casts_only
def note(public_id: str) -> Answer:
    found = _own_note(public_id)
    return render_template("cast_room/note.html", call=_call(), pad=_pad_of_note(found))


@bp.post("/notes/<public_id>")
@casts_only
def save_note(public_id: str) -> Answer:
    found = _own_note(public_id)
    return _save(_pad_of_note(found), NoteForm(), guest_id=found.guest_id)


def _save(pad: Pad, form: MemoForm | NoteForm, *, guest_id: int | None = None) -> Answer:
    """Save what was typed. HTMX hears when; a plain form goes back to its page."""
    if not form.validate():
        if form.seen.errors:
            abort(400)
        return _unsaved(replace(pad, words=form.words.data, error=form.words.errors[0]), 422)
    saved = _saved(form, guest_id=guest_id, now=clock.now())
    pad = replace(pad, sheet=saved.sheet, words=form.words.data, is_behind=saved.is_behind)
    if saved.is_behind:
        return _unsaved(pad, 409)
    if wants_fragment() and "anew" not in request.form:
        return render_template("cast_room/_saved.html", pad=pad)
    if wants_fragment():
        return render_template("cast_room/_memo.html", pad=pad)
    flash(gettext("Saved at %(time)s", time=clock_time(clock.now())))
    return go(pad.back)


def _saved(form: MemoForm | NoteForm, *, guest_id: int | None, now: datetime) -> Saved:
    words, seen = form.words.data, form.seen.data
    if guest_id is None:
        return memos.save_memo(me().id, words=words, seen=seen, now=now)
    return memos.save_note(me().id, guest_id, words=words, seen=seen, now=now)


def _unsaved(pad: Pad, status: int) -> Answer:
    """Nothing is lost: what was typed stays, beside what stands."""
    if wants_fragment() and not pad.is_behind:
        return render_template("cast_room/_saved.html", pad=pad), status
    if wants_fragment():
        there = {"HX-Retarget": "#cast-room-memo", "HX-Reswap": "outerHTML"}
        return render_template("cast_room/_memo.html", pad=pad), status, there
    return render_template("cast_room/note.html", call=_call(), pad=pad), status


def _note_on(guest_id: int) -> str:
    return memos.note_of(me().id, guest_id).words


def _pad_of_talk(talk: Talk) -> Pad:
    return note_pad(talk.guest, "cast_room.note_of_talk", "cast_room.talk", talk.public_id)


def _pad_of_note(found: GuestNote) -> Pad:
    return note_pad(found.guest, "cast_room.save_note", "cast_room.note", found.public_id)


def _own_note(public_id: str) -> GuestNote:
    return memos.find_note(public_id, cast_id=me().id) or abort(404)


def _call() -> calling.Call:
    return calling.call_of(me().id, now=clock.now())
