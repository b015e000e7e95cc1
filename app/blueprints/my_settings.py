"""The settings of whoever is signed in: their name, password, and the devices they use."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from app import account_letters, clock, policy
from app.blueprints.settings_forms import NameForm, OperatorNameForm, PasswordForm
from app.errors import Refused
from app.guards import anybody_signed_in, by_account, let_out, limiter, me, stay_in, this_device
from app.people import addresses, changing_passwords, second_factor, signing_in
from app.people.models import Account, Role
from app.people.registration import rename
from app.talks import calling
from app.web import Answer, form_again, undone

bp = Blueprint("my_settings", __name__, url_prefix="/settings")


def frame() -> dict[str, object]:
    """What the frame of this person's pages needs beside the page itself.

    That of a cast carries the bell; that of the desk counts what waits there, which its own
    blueprint knows.
    """
    person = me()
    is_cast = person.role is Role.CAST
    counts: dict[str, object] = {}
    if person.role is Role.OPERATOR:
        for facts in current_app.template_context_processors["admin"]:
            counts |= facts()
    return {"call": calling.call_of(person.id, now=clock.now()) if is_cast else None, **counts}


@bp.get("")
@anybody_signed_in
def show() -> Answer:
    return render_template("my_settings/show.html", problems=[], **_shown(me()))


@bp.post("/name")
@anybody_signed_in
def name() -> Answer:
    """Another nickname, or name of an operator; a cast's stands in the profile."""
    account = me()
    if account.role is Role.CAST:
        abort(404)
    form, page = _name_form(account), "my_settings/show.html"
    if not form.validate():
        return form_again(page, page=page, **{**_shown(account), "form": form})
    try:
        rename(account, form.nickname.data, now=clock.now())
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(page, page=page, problems=problems, **{**_shown(account), "form": form})
    flash(gettext("Your new name holds."))
    return redirect(url_for(".show"), code=303)


@bp.get("/password")
@anybody_signed_in
def password() -> Answer:
    page = "my_settings/password.html"
    return render_template(page, form=PasswordForm(), problems=[], **frame())


@bp.post("/password")
@anybody_signed_in
@limiter.limit(policy.LOGIN_TRIES, key_func=by_account)
def change_password() -> Answer:
    """Another password; this device stays, and every other one is logged out."""
    form, page, account, now = PasswordForm(), "my_settings/password.html", me(), clock.now()
    if not form.validate():
        return form_again(page, page=page, form=form, **frame())
    here, given = this_device(), form.data
    try:
        changing_passwords.change(
            account, current=given["current"], anew=given["password"], here=here, now=now
        )
    except Refused as refusal:
        return form_again(page, page=page, form=form, problems=undone(refusal), **frame())
    stay_in()
    account_letters.password_changed(account, now=now)
    flash(gettext("Your new password holds. Other devices were logged out."))
    return redirect(url_for(".show"), code=303)


@bp.get("/devices")
@anybody_signed_in
def devices() -> Answer:
    found = signing_in.devices_of(me())
    return render_template("my_settings/devices.html", devices=found, here=this_device(), **frame())


@bp.post("/devices/<public_id>/end")
@anybody_signed_in
def end_device(public_id: str) -> Answer:
    """Log out one device, maybe this one."""
    if public_id == this_device().public_id:
        let_out()
        session.clear()
        return redirect(url_for("home.show"), code=303)
    if not signing_in.end_device(me().id, public_id, now=clock.now()):
        abort(404)
    flash(gettext("That device is logged out."))
    return redirect(url_for(".devices"), code=303)


@bp.post("/devices/others/end")
@anybody_signed_in
def end_others() -> Answer:
    signing_in.end_others(this_device(), now=clock.now())
    flash(gettext("Every other device is logged out."))
    return redirect(url_for(".devices"), code=303)


def _shown(account: Account) -> dict[str, object]:
    form = _name_form(account) if account.role is not Role.CAST else None
    return {
        "form": form,
        "change": addresses.waiting_of(account, now=clock.now()),
        "devices": signing_in.devices_of(account),
        "has_code": second_factor.is_asked_of(account),
        **frame(),
    }


def _name_form(account: Account) -> FlaskForm:
    kind = OperatorNameForm if account.role is Role.OPERATOR else NameForm
    return kind(nickname=account.nickname)
