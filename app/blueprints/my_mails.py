"""Which mails somebody wants; those that must come are named, with the reason."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import clock
from app.blueprints.own_bookings import own_account
from app.people import choices
from app.people.models import Account, Role
from app.talks import calling
from app.web import Answer, form_again

bp = Blueprint("my_mails", __name__)

PAGE = "my_mails/show.html"
HOURS = [SelectChoice(hour, f"{hour}:00") for hour in range(24)]


class MailsForm(FlaskForm):  # type: ignore[misc]
    reminders = BooleanField(
        _("Reminders of reservations"),
        description=_("An hour and ten minutes before a reserved talk."),
    )
    messages = BooleanField(
        _("Messages"), description=_("When the other person has written about a reservation.")
    )


class GuestMailsForm(MailsForm):
    expiry = BooleanField(
        _("Points that expire"), description=_("30, 7 and 1 days before they expire.")
    )
    openings = BooleanField(
        _("Booking opens"), description=_("For times that you asked to hear about.")
    )
    favourites = BooleanField(
        _("Favourites who stand by"),
        description=_("Only for favourites whose bell is on, and only between these hours."),
    )
    tell_from = SelectField(
        _("From this hour"), choices=HOURS, coerce=int, validators=[InputRequired()]
    )
    tell_until = SelectField(
        _("Until this hour"), choices=HOURS, coerce=int, validators=[InputRequired()]
    )


@bp.get("/settings/mails")
def show() -> Answer:
    account = own_account()
    form = _form_of(account)(formdata=None, obj=choices.of(account.id))
    return render_template(PAGE, form=form, problems=[], **_facts(account))


@bp.post("/settings/mails")
def keep() -> Answer:
    account = own_account()
    form = _form_of(account)()
    fine = form.validate()
    hours = {}
    if account.role is Role.GUEST:
        hours = {"tell_from": form.tell_from.data, "tell_until": form.tell_until.data}
    problems = choices.why_not_hours(**hours) if fine and hours else []
    if problems or not fine:
        return form_again(PAGE, page=PAGE, form=form, problems=problems, **_facts(account))
    wanted = {topic: bool(form[topic].data) for topic in choices.TOPICS[account.role]}
    choices.keep(account, wanted, **hours, now=clock.now())
    flash(gettext("Your choice of mails is saved."))
    return redirect(url_for(".show"), code=303)


def _form_of(account: Account) -> type[MailsForm]:
    return GuestMailsForm if account.role is Role.GUEST else MailsForm


def _facts(account: Account) -> dict[str, object]:
    is_cast = account.role is Role.CAST
    call = calling.call_of(account.id, now=clock.now()) if is_cast else None
    return {"is_cast": is_cast, "call": call}
