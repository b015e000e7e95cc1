"""The operator's notices (お知らせ): the list with its readers, writing, changing, withdrawing (C25)."""

from datetime import date, datetime, timedelta

from flask import abort, flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from app import clock, policy
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, Line, Lines, of_this_century
from app.errors import Refused
from app.guards import me, operators_only
from app.notices import office_notices
from app.notices.models import Audience, OfficeNotice
from app.web import Answer, form_again, go, undone

AUDIENCES = {
    Audience.CASTS: _("Casts"),
    Audience.GUESTS: _("Guests"),
    Audience.BOTH: _("Casts and guests"),
}
TOO_LONG = _("Please use at most %(max)d characters.")
WHO = _("Please choose who is to read it.")
PAGE, FRAGMENT = "admin/notice.html", "admin/_notice_form.html"


class NoticeForm(FlaskForm):  # type: ignore[misc]
    title = Line(
        _("Title"),
        validators=[
            InputRequired(_("Please give it a title.")),
            Length(max=policy.NOTICE_TITLE_LENGTH, message=TOO_LONG),
        ],
    )
    words = Lines(
        _("Text of the notice"),
        description=_("Plain text; an empty line begins a new paragraph."),
        validators=[
            InputRequired(_("Please write the text.")),
            Length(max=policy.NOTICE_LENGTH, message=TOO_LONG),
        ],
    )
    audience = RadioField(
        _("For whom"),
        choices=[SelectChoice(value.value, label) for value, label in AUDIENCES.items()],
        validators=[InputRequired(WHO), AnyOf(list(AUDIENCES), WHO)],
        validate_choice=False,  # in words of its own, above
    )
    starts_on = Day(
        _("First day"),
        description=_("From 0:00 of this day."),
        validators=[InputRequired(_("Please give a day.")), of_this_century],
    )
    ends_on = Day(
        _("Last day"),
        description=_("Until the end of this day. Left empty, it stays until you withdraw it."),
        validators=[Optional(), of_this_century],
    )
    must_read = BooleanField(
        _("Must be read"),
        description=_("Stays on top until each reader has confirmed it."),
    )


@bp.get("/notices")
@operators_only
def office_notices_list() -> Answer:
    return render_template(
        "admin/notices.html",
        spreads=office_notices.listed(),
        standing=_standing,
        audiences=AUDIENCES,
    )


@bp.get("/notices/new")
@operators_only
def new_notice() -> Answer:
    form = NoticeForm(formdata=None, starts_on=_today(), audience=Audience.CASTS.value)
    return render_template(PAGE, notice=None, form=form, problems=[])


@bp.post("/notices")
@operators_only
def write_notice() -> Answer:
    form = NoticeForm()
    if not form.validate():
        return form_again(FRAGMENT, page=PAGE, form=form, notice=None)
    try:
        office_notices.write(**_given(form), by=me().id, now=clock.now())
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(FRAGMENT, page=PAGE, form=form, problems=problems, notice=None)
    flash(gettext("The notice is written."))
    return go(url_for(".office_notices_list"))


@bp.get("/notices/<public_id>")
@operators_only
def show_notice(public_id: str) -> Answer:
    notice = _notice(public_id)
    form = NoticeForm(
        formdata=None,
        title=notice.title,
        words=notice.words,
        audience=notice.audience.value,
        must_read=notice.must_read,
        starts_on=_day_of(notice.starts_at),
        ends_on=_day_of(notice.last_moment) if notice.last_moment else None,
    )
    return render_template(PAGE, notice=notice, form=form, problems=[])


@bp.post("/notices/<public_id>")
@operators_only
def change_notice(public_id: str) -> Answer:
    notice, form = _notice(public_id), NoticeForm()
    if not form.validate():
        return form_again(FRAGMENT, page=PAGE, form=form, notice=notice)
    try:
        office_notices.change(notice.id, **_given(form), by=me().id, now=clock.now())
    except Refused as refusal:
        problems, notice = undone(refusal), _notice(public_id)
        return form_again(FRAGMENT, page=PAGE, form=form, problems=problems, notice=notice)
    flash(gettext("The notice is changed."))
    return go(url_for(".office_notices_list"))


@bp.post("/notices/<public_id>/withdrawal")
@operators_only
def withdraw_notice(public_id: str) -> Answer:
    office_notices.withdraw(_notice(public_id).id, by=me().id, now=clock.now())
    flash(gettext("The notice is withdrawn; nobody sees it any more."))
    return go(url_for(".office_notices_list"))


def _given(form: NoticeForm) -> dict[str, object]:
    ends_on: date | None = form.ends_on.data
    return {
        "title": form.title.data.strip(),
        "words": form.words.data,
        "audience": Audience(form.audience.data),
        "starts_at": clock.start_of(form.starts_on.data),
        "ends_at": clock.start_of(ends_on + timedelta(days=1)) if ends_on else None,
        "must_read": form.must_read.data,
    }


def _standing(notice: OfficeNotice) -> str:
    """Where a notice stands now, as a word for its badge."""
    now = clock.now()
    if notice.withdrawn_at:
        return "withdrawn"
    if notice.starts_at > now:
        return "ahead"
    return "over" if notice.ends_at and notice.ends_at <= now else "holds"


def _notice(public_id: str) -> OfficeNotice:
    return office_notices.find(public_id) or abort(404)


def _today() -> date:
    return _day_of(clock.now())


def _day_of(at: datetime) -> date:
    return at.astimezone(clock.JAPAN).date()
