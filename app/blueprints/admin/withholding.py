"""The operator's page of income tax taken at the source: the casts concerned, and the class of one."""

from datetime import date

from flask import abort, flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app import clock
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, of_this_century
from app.casts import profiles
from app.casts.models import Cast
from app.errors import Refused
from app.guards import me, operators_only
from app.payouts import withholding
from app.payouts.models import WithholdingClass
from app.web import Answer, form_again, go, undone

PAGE, FRAGMENT = "admin/cast_withholding.html", "admin/_withholding_form.html"
CLASSES = {
    WithholdingClass.NONE: _("None: talking only"),
    WithholdingClass.TEACHING: _("Teaching an art, a sport or knowledge: 10.21 %"),
    WithholdingClass.NON_RESIDENT: _("Not resident in Japan: 20.42 %"),
}


class WithholdingForm(FlaskForm):  # type: ignore[misc]
    tax_class = RadioField(
        _("Class of tax"),
        choices=[SelectChoice(each.value, words) for each, words in CLASSES.items()],
        validators=[InputRequired(_("Please choose one of these."))],
    )
    holds_from = Day(
        _("Holds from"),
        description=_("Payouts of this day and later use it."),
        validators=[InputRequired(_("Please give a day.")), of_this_century],
    )
    seen = HiddenField(validators=[Length(max=40)])  # the version that is shown


@bp.get("/transfer-settings/withholding")
@operators_only
def withheld_casts() -> Answer:
    found = withholding.listed(on=_today())
    return render_template(
        "admin/withholding.html",
        found=found,
        classes=CLASSES,
        today=_today(),
        begins=clock.start_of,
    )


@bp.get("/casts/<public_id>/withholding")
@operators_only
def cast_withholding(public_id: str) -> Answer:
    cast = _cast(public_id)
    held = withholding.class_of(cast.account_id, on=_today())
    seen = withholding.version(cast.account_id)
    form = WithholdingForm(formdata=None, tax_class=held.value, holds_from=_today(), seen=seen)
    return render_template(PAGE, form=form, problems=[], **_facts(cast))


@bp.post("/casts/<public_id>/withholding")
@operators_only
def write_withholding(public_id: str) -> Answer:
    cast, form = _cast(public_id), WithholdingForm()
    if not form.validate():
        return form_again(FRAGMENT, page=PAGE, form=form, **_facts(cast))
    try:
        withholding.write(
            cast.account_id,
            tax_class=WithholdingClass(form.tax_class.data),
            holds_from=form.holds_from.data,
            by=me().id,
            now=clock.now(),
            seen=form.seen.data,
        )
    except Refused as refusal:
        problems, cast = undone(refusal), _cast(public_id)
        form.seen.data = withholding.version(cast.account_id)  # whoever was told may go on
        facts = _facts(cast)
        return form_again(FRAGMENT, page=PAGE, form=form, problems=problems, **facts)
    flash(gettext("Saved. Payouts from that day on use this class."))
    return go(url_for(".cast_withholding", public_id=public_id))


def _facts(cast: Cast) -> dict[str, object]:
    return {
        "cast": cast,
        "held": withholding.class_of(cast.account_id, on=_today()),
        "history": withholding.history(cast.account_id),
        "classes": CLASSES,
        "today": _today(),
        "begins": clock.start_of,
    }


def _cast(public_id: str) -> Cast:
    return profiles.find(public_id) or abort(404)


def _today() -> date:
    return clock.now().astimezone(clock.JAPAN).date()
