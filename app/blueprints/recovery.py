"""A forgotten password: asked for by address, chosen anew through the mailed link (G39)."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_limiter.util import get_remote_address

from app import account_letters, clock, policy
from app.blueprints.settings_forms import AskForm, ChooseForm
from app.blueprints.signing_in import account_tried
from app.errors import Refused
from app.guards import LOGIN_PAGES, limiter
from app.people import recovery, signing_in
from app.people.models import Account, Role
from app.people.registration import fold
from app.web import Answer, form_again, undone

bp = Blueprint("recovery", __name__)


@bp.route("/password/forgotten", methods=["GET", "POST"])
@limiter.limit(policy.LOGIN_TRIES, key_func=account_tried, methods=["POST"])
@limiter.limit(policy.LOGIN_TRIES_BY_ADDRESS, key_func=get_remote_address, methods=["POST"])
def ask() -> Answer:
    """Ask for the link. The answer and its time are the same for every address."""
    role, form, page = _role(), AskForm(), "recovery/ask.html"
    if request.method == "GET":
        return render_template(page, form=form, role=role, problems=[])
    if not form.validate():
        return form_again(page, page=page, form=form, role=role)
    recovery.ask(form.email.data, role, now=clock.now())
    session["asked"] = fold(form.email.data)
    return redirect(url_for(".asked", role=role.value), code=303)


@bp.get("/password/asked")
def asked() -> Answer:
    return render_template("recovery/asked.html", email=session.get("asked"), role=_role())


@bp.get("/password/<token>")
def choose(token: str) -> Answer:
    """A form, since a GET never writes: a scanner that opens the link does not use it up."""
    account = _account_of(token)
    if account is None:
        return render_template("recovery/link_over.html"), 410
    page, facts = "recovery/choose.html", _choosing(account, token)
    return render_template(page, form=ChooseForm(), problems=[], **facts)


@bp.post("/password/<token>")
@limiter.limit(policy.REGISTRATION_TRIES)
def put(token: str) -> Answer:
    """Take the new password. Nobody is logged in by the link: it may have been read by others."""
    form, account, page = ChooseForm(), _account_of(token), "recovery/choose.html"
    if account is None:
        return render_template("recovery/link_over.html"), 410
    if not form.validate():
        return form_again(page, page=page, form=form, **_choosing(account, token))
    try:
        chosen = recovery.choose_password(
            token, form.password.data, secret=_secret(), now=clock.now()
        )
    except Refused as refusal:
        problems, facts = undone(refusal), _choosing(account, token)
        return form_again(page, page=page, form=form, problems=problems, **facts)
    if chosen is None:
        return render_template("recovery/link_over.html"), 410
    account_letters.password_changed(chosen, now=clock.now())
    flash(gettext("Your new password holds. Please log in with it."))
    return redirect(url_for(LOGIN_PAGES[chosen.role]), code=303)


def _choosing(account: Account, token: str) -> dict[str, object]:
    """A new cast's first password logs nobody out."""
    is_signed_in = bool(signing_in.devices_of(account))
    return {"account": account, "token": token, "is_signed_in": is_signed_in}


def _role() -> Role:
    asked_for = request.args.get("role", Role.GUEST)
    return Role(asked_for) if asked_for in set(Role) else abort(404)


def _account_of(token: str) -> Account | None:
    return recovery.find_by_token(token, secret=_secret(), now=clock.now())


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)
