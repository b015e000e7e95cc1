"""The operator's texts: what is missing, writing a version, looking at it, publishing it from a moment."""

from datetime import datetime
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from app import clock, policy
from app.blueprints import documents
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Line, Lines
from app.blueprints.site import legal
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.texts import publishing
from app.texts.blanks import BLANKS, Blank
from app.texts.models import AGREED_TO, OF_SELLER, SiteText, TextKind
from app.web import Answer, form_again, go

NAMES = {
    TextKind.COMMERCE: _("Legal notice of the seller"),
    TextKind.PREPAID: _("About prepaid points"),
    TextKind.EXTERNAL: _("Sent to others"),
    **documents.TITLES,
}
PAGES = {**{kind: f"site.{kind}" for kind in OF_SELLER}, **documents.PAGES}
LANGUAGES = ("ja", "en")
NOT_LONGER = _("Please use at most %(max)d characters.")
MINUTE = "%Y-%m-%dT%H:%M"  # as browsers send it


class Moment(Line):
    """A moment in Japan by the browser's own picker; empty means at once."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.at: datetime | None = None
        if not self.data:
            return
        try:
            at = datetime.strptime(self.data, MINUTE)  # noqa: DTZ007 - its zone follows
            self.at = at.replace(tzinfo=clock.JAPAN)
        except ValueError:
            raise ValueError(gettext("Please choose a day and a time.")) from None


class TextForm(FlaskForm):  # type: ignore[misc]
    body_ja = Lines(
        _("More to say, in Japanese"),
        description=_("Shown below the rest. An empty line begins a new paragraph."),
        validators=[Length(max=policy.TEXT_LENGTH, message=NOT_LONGER)],
    )
    body_en = Lines(
        _("More to say, in English"),
        validators=[Length(max=policy.TEXT_LENGTH, message=NOT_LONGER)],
    )
    holds_from = Moment(
        _("This version holds from"),
        description=_("Time in Japan. Leave it empty to publish at once."),
    )
    based_on = HiddenField()


class TermsForm(TextForm):
    """The whole text of what people agree to (C7, G36)."""

    body_ja = Lines(
        _("The whole text, in Japanese"),
        description=_(
            "A line that begins with # is a heading, with ## a smaller one, with - a point of a list."
            " An empty line begins a new paragraph."
        ),
        validators=[
            InputRequired(_("Please fill this in.")),
            Length(max=policy.TERMS_LENGTH, message=NOT_LONGER),
        ],
    )
    body_en = Lines(
        _("The whole text, in English"),
        description=_("Without it, readers of English see the Japanese text."),
        validators=[Length(max=policy.TERMS_LENGTH, message=NOT_LONGER)],
    )


def _form_of(kind: TextKind) -> type[TextForm]:
    """The form with the blanks of this text, each in both languages where that makes a difference."""
    more = {
        f"{blank.name}_{locale}": _line(blank, locale, publishing.please_fill(kind))
        for blank in BLANKS[kind]
        for locale in LANGUAGES[: 2 if blank.has_english else 1]
    }
    return type("TextForm", (TermsForm if kind in AGREED_TO else TextForm,), more)


def _line(blank: Blank, locale: str, please_fill: str) -> Line:
    length = Length(max=policy.TEXT_FIELD_LENGTH, message=NOT_LONGER)
    needed = [InputRequired(gettext(please_fill))] if blank.is_needed else []
    words = gettext(blank.label)
    if locale == "en":
        return Line(gettext("%(what)s, in English", what=words), validators=[length])
    hint = gettext(blank.hint) if blank.hint else ""
    return Line(words, description=hint, validators=[*needed, length])


@bp.get("/texts")
@operators_only
def text_list() -> Answer:
    """Every text with what holds, what comes, and what is missing."""
    now = clock.now()
    texts = [
        (kind, publishing.find(kind, now=now), publishing.whats_missing(kind, now=now))
        for kind in TextKind
    ]
    return render_template(
        "admin/texts.html",
        texts=texts,
        names=NAMES,
        pages=PAGES,
        versions={kind: publishing.versions(kind) for kind in TextKind},
        ahead={kind: publishing.ahead(kind, now=now) for kind in TextKind},
    )


@bp.get("/texts/<kind>")
@operators_only
def edit_text(kind: str) -> Answer:
    """The newest version, to go on from."""
    found = _kind(kind)
    number = publishing.newest(found)
    text = publishing.find_version(found, number)
    form = _form_of(found)(formdata=None, data=_filled(found, text), based_on=str(number))
    return render_template("admin/text.html", form=form, problems=[], **_shown(found))


@bp.post("/texts/<kind>")
@operators_only
def publish_text(kind: str) -> Answer:
    """Publish what was written, or with `preview` show it and keep nothing."""
    found = _kind(kind)
    form = _form_of(found)()
    if not form.validate():
        return _again(found, form)
    written = _written(found, form)
    if "preview" in request.form:
        return _draw(SiteText(kind=found, version=0, **written)), 200
    try:
        publishing.publish(
            found, **written, based_on=_number(form.based_on.data), by=me().id, now=clock.now()
        )
    except Refused as refusal:
        return _again(found, form, *refusal.problems)
    flash(gettext("Published. Earlier versions stay readable."))
    return go(url_for(".text_list"))


@bp.get("/texts/<kind>/<int:version>")
@operators_only
def text_version(kind: str, version: int) -> Answer:
    """Any version, also one that does not hold yet, as visitors see it."""
    found = _kind(kind)
    text = publishing.find_version(found, version) or abort(404)
    return _draw(text)


def _draw(text: SiteText) -> str:
    return documents.draw(text) if text.kind in AGREED_TO else legal.draw(text.kind, text)


def _kind(kind: str) -> TextKind:
    return TextKind(kind) if kind in set(TextKind) else abort(404)


def _number(text: str | None) -> int:
    """The version that the form began with; one that nobody wrote makes no version follow."""
    digits = text or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else -1


def _written(kind: TextKind, form: TextForm) -> dict[str, Any]:
    fields = {
        blank.name: {
            locale: (form[name].data or "").strip()
            for locale in LANGUAGES
            if (name := f"{blank.name}_{locale}") in form
        }
        for blank in BLANKS[kind]
    }
    return {
        "fields": fields,
        "body_ja": form.body_ja.data,
        "body_en": form.body_en.data,
        "holds_from": form.holds_from.at or clock.now(),
    }


def _filled(kind: TextKind, text: SiteText | None) -> dict[str, str]:
    """What the form begins with; of terms the built-in words, and no word of what is new yet."""
    if text is None:
        terms = LANGUAGES if kind in AGREED_TO else ()
        return {f"body_{each}": documents.built_in(kind, locale=each) for each in terms}
    if kind in AGREED_TO:
        return {"body_ja": text.body_ja, "body_en": text.body_en}
    given = {
        f"{name}_{locale}": words
        for name, by_locale in text.fields.items()
        for locale, words in by_locale.items()
    }
    return {**given, "body_ja": text.body_ja, "body_en": text.body_en}


def _shown(kind: TextKind) -> dict[str, object]:
    return {
        "kind": kind,
        "name": NAMES[kind],
        "blanks": BLANKS[kind],
        "is_agreed_to": kind in AGREED_TO,
        "missing": publishing.whats_missing(kind, now=clock.now()),
        "versions": publishing.versions(kind),
        "ahead": publishing.ahead(kind, now=clock.now()),
    }


def _again(kind: TextKind, form: TextForm, *problems: Problem) -> Answer:
    shown = _shown(kind)
    return form_again(
        "admin/text.html", page="admin/text.html", form=form, problems=problems, **shown
    )
