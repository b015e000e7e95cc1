"""メールアドレス変更: asked for in the settings, confirmed at the new address, taken back at the old.

The mailed pages do nothing until their button is pressed, since mail scanners open links (G40).
"""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext

from app import account_letters, clock, policy
from app.blueprints.my_settings import frame
from app.blueprints.settings_forms import EmailForm
from app.errors import Refused
from app.guards import LOGIN_PAGES, anybody_signed_in, by_account, find_me, limiter, me
from app.people import addresses, recovery
from app.people.addresses import CONFIRM, REVERT
from app.people.credentials import EmailChange
from app.web import Answer, form_again, undone

bp = Blueprint("email_change", __name__)


@bp.get("/settings/email")
@anybody_signed_in
def show() -> Answer:
    page = "my_settings/email.html"
    return render_template(page, form=EmailForm(), problems=[], **_shown())


@bp.post("/settings/email")
@anybody_signed_in
@limiter.limit(policy.EMAIL_CHANGE_TRIES, key_func=by_account)
def ask() -> Answer:
    """Send the link to the new address. What is shown does not tell whether somebody has it."""
    form, page, now = EmailForm(), "my_settings/email.html", clock.now()
    if not form.validate():
        return form_again(page, page=page, form=form, **_shown())
    given = form.data
    try:
        change = addresses.ask(me(), given["email"], password=given["current"], now=now)
    except Refused as refusal:
        return form_again(page, page=page, form=form, problems=undone(refusal), **_shown())
    account_letters.change_asked(change, now=now)
    return redirect(url_for(".show"), code=303)


@bp.post("/settings/email/withdrawal")
@anybody_signed_in
def withdraw() -> Answer:
    addresses.withdraw(me(), now=clock.now())
    flash(gettext("Your address stays as it is."))
    return redirect(url_for(".show"), code=303)


@bp.get("/email/confirmation/<token>")
def confirming(token: str) -> Answer:
    change = _find(token, CONFIRM)
    if change is None:
        return _over()
    return render_template("email_change/confirm.html", change=change, token=token)


@bp.post("/email/confirmation/<token>")
def confirm(token: str) -> Answer:
    """The new address answered. The link alone lets nobody in."""
    now, change = clock.now(), _find(token, CONFIRM)
    if change is None:
        return _over()
    addresses.confirm(change, now=now)
    account_letters.change_confirmed(change, now=now)
    flash(gettext("Your new e-mail address holds. Please log in with it from now on."))
    mine = find_me() == change.account
    page = "my_settings.show" if mine else LOGIN_PAGES[change.account.role]
    return redirect(url_for(page), code=303)


@bp.get("/email/return/<token>")
def reverting(token: str) -> Answer:
    change = _find(token, REVERT)
    if change is None:
        return _over()
    return render_template("email_change/revert.html", change=change, token=token)


@bp.post("/email/return/<token>")
def revert(token: str) -> Answer:
    """The old address takes its account back, and goes on to choose a new password."""
    now, change = clock.now(), _find(token, REVERT)
    if change is None:
        return _over()
    account = addresses.revert(change, now=now)
    flash(gettext("The address is as it was, and every device is logged out."))
    chosen = recovery.token_of(account, secret=_secret(), now=now)
    return redirect(url_for("recovery.choose", token=chosen), code=303)


def _shown() -> dict[str, object]:
    return {"change": addresses.waiting_of(me(), now=clock.now()), **frame()}


def _find(token: str, purpose: str) -> EmailChange | None:
    return addresses.find_by_token(token, purpose=purpose, secret=_secret(), now=clock.now())


def _over() -> Answer:
    return render_template("email_change/link_over.html"), 410


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)
