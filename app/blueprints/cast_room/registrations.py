"""The number of a cast in the invoice system: entered, corrected, ended."""

from flask import flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.fields import Day, Line, of_this_century
from app.errors import Refused
from app.guards import casts_only, me
from app.payouts import registrations
from app.talks import calling
from app.web import Answer, form_again, go, undone

PAGE = "cast_room/registration.html"


class RegistrationForm(FlaskForm):  # type: ignore[misc]
    number = Line(
        _("Registration number"),
        validators=[InputRequired(_("Please give the number with its thirteen digits."))],
        description=_("As the tax office wrote to you: a T and thirteen digits."),
    )
    holds_from = Day(
        _("Day of registration"),
        validators=[
            InputRequired(_("Please give the day from which your registration holds.")),
            of_this_century,
        ],
        description=_("The date of registration (登録年月日) in the same letter."),
    )


@bp.get("/registration")
@casts_only
def registration() -> Answer:
    return render_template(PAGE, form=RegistrationForm(formdata=None), problems=[], **_facts())


@bp.post("/registration")
@casts_only
def enter_registration() -> Answer:
    form = RegistrationForm()
    if not form.validate():
        return form_again(PAGE, page=PAGE, form=form, **_facts())
    try:
        entered = registrations.enter(
            me().id,
            form.number.data,
            holds_from=form.holds_from.data,
            by=me().id,
            now=clock.now(),
        )
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(PAGE, page=PAGE, form=form, problems=problems, **_facts())
    flash(
        gettext(
            "%(number)s is entered. It stands on statements of later payments.",
            number=entered.number,
        )
    )
    return go(url_for(".registration"))


@bp.post("/registration/end")
@casts_only
def end_registration() -> Answer:
    registrations.end(me().id, by=me().id, now=clock.now())
    flash(gettext("The number is taken out. From today on you count as not registered."))
    return go(url_for(".registration"))


def _facts() -> dict[str, object]:
    now = clock.now()
    history = registrations.history_of(me().id)
    today = now.astimezone(clock.JAPAN).date()
    number = registrations.holding(history, on=today)
    return {
        "call": calling.call_of(me().id, now=now),
        "number": number,
        "is_checked": not number or registrations.is_checked(number),
        "history": history,
    }
