"""The operator's prices of ranks: what holds, what is to hold from a day on, all that ever held (C60)."""

from datetime import date, timedelta

from flask import abort, flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired

from app import clock, policy
from app.blueprints.admin.decision_forms import Amount
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, of_this_century
from app.casts import prices
from app.casts.models import Rank
from app.errors import Refused
from app.guards import me, operators_only
from app.web import Answer, form_again, go, undone

PAGE = "admin/prices.html"
WHOLE = _("Please give a whole number.")
WHICH = _("Please choose a rank.")


class PriceForm(FlaskForm):  # type: ignore[misc]
    rank = SelectField(
        _("Rank"),
        choices=[SelectChoice(rank.value, rank.value.upper()) for rank in Rank],
        validators=[InputRequired(WHICH), AnyOf(list(Rank), WHICH)],
        validate_choice=False,  # in words of its own, above
    )
    holds_from = Day(
        _("Holds from"), validators=[InputRequired(_("Please give a day.")), of_this_century]
    )
    price_points = Amount(_("Points for a minute"), validators=[InputRequired(WHOLE)])
    slot_points = Amount(_("Points for a reserved slot"), validators=[InputRequired(WHOLE)])
    reward_percent = Amount(_("Share of the cast, in percent"), validators=[InputRequired(WHOLE)])


@bp.get("/prices")
@operators_only
def show_prices() -> Answer:
    tomorrow = _today() + timedelta(days=1)
    form = PriceForm(formdata=None, holds_from=tomorrow)
    return render_template(PAGE, form=form, problems=[], **_shown())


@bp.post("/prices")
@operators_only
def add_price() -> Answer:
    form = PriceForm()
    if not form.validate():
        return form_again("admin/_price_form.html", page=PAGE, form=form, **_shown())
    try:
        prices.add(
            rank=Rank(form.rank.data),
            holds_from=form.holds_from.data,
            price_points=form.price_points.data,
            reward_percent=form.reward_percent.data,
            slot_points=form.slot_points.data,
            by=me().id,
            now=clock.now(),
        )
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(
            "admin/_price_form.html", page=PAGE, form=form, problems=problems, **_shown()
        )
    flash(gettext("The price is planned. Below stands what changes with it."))
    return go(url_for(".show_prices"))


@bp.post("/prices/<rank>/<day>/removal")
@operators_only
def remove_price(rank: str, day: str) -> Answer:
    row = prices.find(_rank(rank), _day(day)) or abort(404)
    prices.remove(row, by=me().id, now=clock.now())
    flash(gettext("The planned price is removed."))
    return go(url_for(".show_prices"))


def _shown() -> dict[str, object]:
    return {
        "lines": prices.lines(today=_today()),
        "begins": clock.start_of,
        "tomorrow": _today() + policy.RANK_CHANGE_NOTICE,
    }


def _today() -> date:
    return clock.now().astimezone(clock.JAPAN).date()


def _rank(text: str) -> Rank:
    return Rank(text) if text in set(Rank) else abort(404)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
