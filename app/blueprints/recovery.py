"""A forgotten password: asked for by address, chosen anew through the mailed link (G39)."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock, policy
from app.blueprints.fields import Secret
from app.errors import Refused
from app.guards import LOGIN_PAGES, let_out, limiter
from app.people import recovery
from app.people.models import Account
from app.web import Answer, form_again, undone

bp = Blueprint("recovery", __name__)


class ChooseForm(FlaskForm):  # type: ignore[misc]
    password = Secret(
        _("New password"),
        validators=[InputRequired(_("Please choose a password."))],
        description=_("At least %(least)s characters.", least=policy.PASSWORD_LENGTH[0]),
    )


@bp.get("/password/forgotten")
def ask() -> Answer:
    abort(404)


@bp.get("/password/<token>")
def choose(token: str) -> Answer:
    """A form, since a GET never writes: a scanner that opens the link does not use it up."""
    account = _account_of(token)
    if account is None:
        return render_template("recovery/link_over.html"), 410
    return render_template(
        "recovery/choose.html", form=ChooseForm(), account=account, problems=[], token=token
    )


@bp.post("/password/<token>")
@limiter.limit(policy.REGISTRATION_TRIES)
def put(token: str) -> Answer:
    """Take the new password. Nobody is logged in by the link: it may have been read by others."""
    form, account, page = ChooseForm(), _account_of(token), "recovery/choose.html"
    if account is None:
        return render_template("recovery/link_over.html"), 410
    if not form.validate():
        return form_again(page, page=page, form=form, account=account, token=token)
    try:
        chosen = recovery.choose_password(
            token, form.password.data, secret=_secret(), now=clock.now()
        )
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(
            page, page=page, form=form, problems=problems, account=account, token=token
        )
    if chosen is None:
        return render_template("recovery/link_over.html"), 410
    let_out()
    flash(gettext("Your new password holds. Please log in with it."))
    return redirect(url_for(LOGIN_PAGES[chosen.role]), code=303)


def _account_of(token: str) -> Account | None:
    return recovery.find_by_token(token, secret=_secret(), now=clock.now())


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)
