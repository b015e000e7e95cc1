"""The operator's moderation: what was reported or flagged, a person, and what the office does."""

from collections.abc import Callable

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from app import clock, desk_letters
from app.blueprints.admin.cases import age_of
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Lines
from app.blueprints.forms import REPORT_REASONS
from app.blueprints.known_people import name_of, names_of
from app.bookings import diary
from app.desk import conduct, dossier, moderation
from app.desk.moderation import Item, Kind
from app.desk.moderation_tables import NoteKind, Verdict
from app.errors import Refused
from app.guards import me, operators_only
from app.people import accounts
from app.people.models import Account, Role
from app.people.suspensions import BECAUSE_LENGTH
from app.web import Answer, form_again, go, undone

KINDS = {
    Kind.TALK: _("Reported talk"),
    Kind.MESSAGE: _("Reported message"),
    Kind.PROFILE: _("Reported person"),
    Kind.FLAGGED: _("Message with contact details"),
}
VERDICTS = {
    Verdict.FINE: _("Nothing against the rules"),
    Verdict.WARNED: _("Warned by mail"),
    Verdict.SUSPENDED: _("Suspended"),
}
NOTES = {
    NoteKind.NOTE: _("Note"),
    NoteKind.WARNING: _("Warning by mail"),
    NoteKind.SUSPENDED: _("Suspended"),
    NoteKind.LIFTED: _("Suspension lifted"),
}


class ConductForm(FlaskForm):  # type: ignore[misc]
    """Words of the office about a person; what becomes of them, the button says."""

    words = Lines(
        _("In the office's words"),
        validators=[
            Length(max=BECAUSE_LENGTH, message=_("Please use at most %(max)d characters."))
        ],
    )


class SaidForm(ConductForm):
    """The same where nothing can be done without words."""

    words = Lines(
        _("In the office's words"),
        validators=[
            InputRequired(_("Please say why.")),
            Length(max=BECAUSE_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )


@bp.context_processor
def _new_reports() -> dict[str, object]:
    return {"count_new_reports": moderation.count_new}


@bp.get("/moderation")
@operators_only
def moderation_list() -> Answer:
    """What waits for a look, or was looked at; the address says which."""
    named, looked_at = request.args.get("kind"), request.args.get("state") == "looked-at"
    kind = None
    if named:
        kind = Kind(named) if named in {each.value for each in Kind} else abort(404)
    items = moderation.listed(kind=kind, looked_at=looked_at)
    return render_template(
        "admin/moderation.html",
        items=items,
        kind=kind,
        looked_at=looked_at,
        names=_names(items),
        **WORDS,
    )


@bp.get("/moderation/<kind>/<name>")
@operators_only
def moderated(kind: str, name: str) -> Answer:
    return render_template("admin/moderated.html", **_item_facts(_item(kind, name)))


@bp.post("/moderation/<kind>/<name>")
@operators_only
def look_at(kind: str, name: str) -> Answer:
    """Say what comes of it. A warning is mailed; a suspension has its own page, which follows."""
    item, form, now = _item(kind, name), ConductForm(), clock.now()
    pressed = request.form.get("press", "")
    verdict = Verdict(pressed) if pressed in {each.value for each in Verdict} else abort(404)
    if item.look or not form.validate():
        return _again(item, form)
    words = form.words.data
    is_first = moderation.look_at(item, verdict=verdict, words=words, by=me().id, now=now)
    try:
        if is_first and verdict is Verdict.WARNED:
            note = conduct.warn(item.subject.id, words=words, by=me().id, now=now)
            desk_letters.warned(item.subject, note, now=now)
    except Refused as refusal:
        problems = undone(refusal)
        return _again(_item(kind, name), form, problems)
    if verdict is Verdict.SUSPENDED:
        return go(url_for(".suspension", public_id=item.subject.public_id, words=words))
    return go(url_for(".moderated", kind=kind, name=name))


@bp.get("/people/<public_id>")
@operators_only
def person(public_id: str) -> Answer:
    """All that is known of a guest's or cast's conduct."""
    return render_template(
        "admin/person.html", form=SaidForm(formdata=None), **_facts(_person(public_id))
    )


@bp.post("/people/<public_id>/notes")
@operators_only
def note_person(public_id: str) -> Answer:
    """Keep a note, or warn by mail: as the button says."""
    warns = request.form.get("press") == "warn"

    def keep(account: Account, words: str) -> None:
        rule = conduct.warn if warns else conduct.note
        note = rule(account.id, words=words, by=me().id, now=clock.now())
        if warns:
            desk_letters.warned(account, note, now=clock.now())

    return _do(public_id, keep)


@bp.get("/people/<public_id>/suspension")
@operators_only
def suspension(public_id: str) -> Answer:
    """What a suspension does, before it is done: the second of two presses is here."""
    form = SaidForm(formdata=None, words=request.args.get("words", "")[:BECAUSE_LENGTH])
    return render_template("admin/suspension.html", form=form, **_facts(_person(public_id)))


@bp.post("/people/<public_id>/suspension")
@operators_only
def suspend(public_id: str) -> Answer:
    """Suspend at once, and mail the reason with the way to object."""

    def shut(account: Account, words: str) -> None:
        note = conduct.suspend(account.id, because=words, by=me().id, now=clock.now())
        desk_letters.suspended(account, note, now=clock.now())
        flash(gettext("Suspended. Every session has ended, and the mail is on its way."))

    return _do(public_id, shut, page="admin/suspension.html")


@bp.post("/people/<public_id>/suspension/end")
@operators_only
def lift_suspension(public_id: str) -> Answer:
    account, now = _person(public_id), clock.now()
    if note := conduct.lift(account.id, by=me().id, now=now):
        desk_letters.suspension_lifted(account, note, now=now)
        flash(gettext("Lifted. The mail is on its way."))
    return go(url_for(".person", public_id=public_id))


@bp.post("/people/<public_id>/bookings/<booking_id>/cancellation")
@operators_only
def cancel_for_suspended(public_id: str, booking_id: str) -> Answer:
    """Take back a reservation of somebody who is suspended; the guest gets everything back."""
    account = _person(public_id)
    booking = diary.find(booking_id, of=account) or abort(404)
    if not account.suspended_at:
        abort(404)
    words = gettext("Cancelled by the office.")
    conduct.cancel_booking(booking, words=words, by=me().id, now=clock.now())
    flash(gettext("Cancelled. All points have been returned to the guest."))
    return go(url_for(".person", public_id=public_id))


WORDS: dict[str, object] = {
    "kinds": KINDS,
    "verdicts": VERDICTS,
    "reasons": REPORT_REASONS,
    "note_kinds": NOTES,
    "ages": age_of,
}


def _do(
    public_id: str, what: Callable[[Account, str], None], *, page: str = "admin/person.html"
) -> Answer:
    account, form = _person(public_id), SaidForm()
    fragment = "admin/_conduct.html" if page == "admin/person.html" else "admin/_suspension.html"
    if not form.validate():
        return form_again(fragment, page=page, form=form, **_facts(account))
    try:
        what(account, form.words.data)
    except Refused as refusal:
        problems = [
            each if each.about != "because" else type(each)(**vars(each) | {"about": "words"})
            for each in undone(refusal)
        ]
        facts = _facts(_person(public_id)) | {"problems": problems}
        return form_again(fragment, page=page, form=form, **facts)
    return go(url_for(".person", public_id=public_id))


def _person(public_id: str) -> Account:
    account = accounts.find(public_id)
    return account if account and account.role is not Role.OPERATOR else abort(404)


def _item(kind: str, name: str) -> Item:
    if kind not in {each.value for each in Kind}:
        abort(404)
    return moderation.find(Kind(kind), name) or abort(404)


def _again(item: Item, form: ConductForm, problems: object = ()) -> Answer:
    facts = _item_facts(item) | {"form": form, "problems": problems}
    return form_again("admin/_look.html", page="admin/moderated.html", **facts)  # type: ignore[arg-type]


def _item_facts(item: Item) -> dict[str, object]:
    waiting = moderation.listed()
    return {
        "item": item,
        "names": _names([item]),
        "next_item": next((each for each in waiting if each.about != item.about), None),
        "form": ConductForm(formdata=None),
        "problems": [],
        **WORDS,
    }


def _facts(account: Account) -> dict[str, object]:
    now = clock.now()
    items = moderation.about_person(account)
    return {
        "account": account,
        "person_name": name_of(account),
        "dossier": dossier.of(account),
        "items": items,
        "names": _names(items),
        "notes": conduct.notes_of(account),
        "bookings": conduct.bookings_ahead(account, now=now),
        "problems": [],
        **WORDS,
    }


def _names(items: list[Item]) -> dict[int, str]:
    people = [person for each in items for person in (each.subject, each.reporter) if person]
    return names_of(people)
