"""The way in: registering, confirming the address, logging in and out.

No answer here tells whether an address is registered; only the mail to its owner does.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale, gettext
from flask_limiter.util import get_remote_address

from app import clock, letters, policy
from app.blueprints import consents, second_step
from app.blueprints.guest_forms import LoginForm, RegisterForm, picker_of
from app.errors import N_, Problem, Refused
from app.guards import find_me, let_in, let_out, limiter, own_path
from app.people import registration, second_factor, signing_in, terms
from app.people.models import Account, Role
from app.people.registration import fold
from app.web import Answer, form_again, undone

bp = Blueprint("signing_in", __name__)

HOMES = {Role.GUEST: "casts.index", Role.CAST: "cast_room.show", Role.OPERATOR: "admin.show"}
NO_MATCH = Problem(code="no_match", text=N_("The e-mail address or the password is not right."))


def account_tried() -> str:
    """The account that somebody tries to open, without its address."""
    return f"{request.endpoint}:{sha256(fold(request.form.get('email', '')).encode()).hexdigest()}"


def _few_tries(view: Callable[[], Answer]) -> Callable[[], Answer]:
    by_account = limiter.limit(policy.LOGIN_TRIES, key_func=account_tried, methods=["POST"])
    by_address = limiter.shared_limit(
        policy.LOGIN_TRIES_BY_ADDRESS,
        scope="login",
        key_func=get_remote_address,
        methods=["POST"],
    )
    return by_address(by_account(view))


@bp.route("/login", methods=["GET", "POST"])
@_few_tries
def login() -> Answer:
    return _log_in(Role.GUEST)


@bp.route("/cast/login", methods=["GET", "POST"])
@_few_tries
def cast_login() -> Answer:
    return _log_in(Role.CAST)


@bp.route("/operator/login", methods=["GET", "POST"])
@_few_tries
def operator_login() -> Answer:
    return _log_in(Role.OPERATOR)


@bp.post("/logout")
def logout() -> Answer:
    let_out()
    session.clear()
    return redirect(url_for("home.show"), code=303)


@bp.get("/register")
def register() -> Answer:
    if account := find_me():
        return redirect(url_for(HOMES[account.role]), code=303)
    facts = {"form": RegisterForm(), "problems": [], **_register_facts()}
    return render_template("signing_in/register.html", **facts)


@bp.post("/register")
@limiter.limit(policy.REGISTRATION_TRIES)
def create() -> Answer:
    """Make the account, and answer the same where the address has one already."""
    form, now = RegisterForm(), clock.now()
    fine, problems = form.validate(), _why_not(form, now)
    if problems or not fine:
        page = "signing_in/register.html"
        return form_again(page, page=page, form=form, problems=problems, **_register_facts())
    registered = registration.register(
        email=form.email.data,
        password=form.password.data,
        nickname=form.nickname.data,
        born_on=form.born_on.data,
        consents=terms.read(form.version.data),
        locale=str(get_locale()),
        now=now,
    )
    session["registered"] = fold(form.email.data)
    _write_to(registered, session["registered"], now=now)
    return redirect(url_for(".sent"), code=303)


@bp.get("/register/sent")
def sent() -> Answer:
    return render_template("signing_in/sent.html", email=session.get("registered"))


@bp.post("/confirmation")
@limiter.limit(policy.REGISTRATION_TRIES)
def resend() -> Answer:
    """The confirmation mail again, for the signed-in guest or the form that was just sent."""
    me = find_me()
    email = me.email if me else session.get("registered", "")
    account = registration.find_account(email, Role.GUEST)
    if account and not account.confirmed_at:
        letters.confirmation(account, now=clock.now())
    flash(gettext("The mail is on its way. It can take a few minutes; please look into spam, too."))
    return redirect(url_for("my_page.show" if me else ".sent"), code=303)


@bp.get("/confirm/<token>")
def confirmation(token: str) -> Answer:
    """A page with a button, since a GET never writes, and mail scanners open links."""
    account = _account_of(token)
    if account is None:
        return render_template("signing_in/link_over.html"), 410
    return render_template("signing_in/confirm.html", account=account, token=token)


@bp.post("/confirm/<token>")
def confirm(token: str) -> Answer:
    """Confirm the address. The link alone lets nobody in: it may have been read by others."""
    account = _account_of(token)
    if account is None:
        return render_template("signing_in/link_over.html"), 410
    registration.confirm_address(account, now=clock.now())
    session.pop("registered", None)
    if find_me() == account:
        flash(gettext("Your e-mail address is confirmed."))
        return redirect(url_for("casts.index"), code=303)
    flash(gettext("Your e-mail address is confirmed. Please log in."))
    return redirect(url_for(".login"), code=303)


def _log_in(role: Role) -> Answer:
    """Draw the door, or let somebody through it."""
    goes_on = own_path(request.args.get("next"))
    if (me := find_me()) and me.role is role:
        return redirect(goes_on or url_for(HOMES[role]), code=303)
    form = LoginForm()
    page = "signing_in/login.html"
    if request.method == "GET":
        if goes_on:  # kept for somebody who registers first
            session["goes_on"] = goes_on
        return render_template(page, form=form, problems=[], role=role)
    problems = [NO_MATCH]
    if form.validate():
        try:
            account = signing_in.sign_in(
                form.email.data, form.password.data, role=role, now=clock.now()
            )
        except Refused as refusal:
            account, problems = None, list(undone(refusal))
        if account:
            goes_on = goes_on or own_path(session.get("goes_on"))
            session.clear()  # nothing that was planted before survives
            if second_factor.is_asked_of(account):
                return second_step.begin(account, goes_on=goes_on)
            let_in(account)
            return redirect(goes_on or consents.after_login(account, HOMES[role]), code=303)
    problems = [] if form.errors else problems
    return form_again(page, page=page, form=form, problems=problems, role=role)


def _why_not(form: RegisterForm, now: datetime) -> list[Problem]:
    """What the rules say beyond the form.

    A browser that told of a minor's birthday does not get in with another one (D29).
    """
    today = now.astimezone(clock.JAPAN).date()
    problems = registration.why_not_register(
        password=form.password.data or "",
        nickname=form.nickname.data or "",
        born_on=form.born_on.data,
        today=today,
    )
    if session.get("minor_until", 0) > now.timestamp():
        problems = [each for each in problems if each.about != "born_on"]
        problems.append(registration.too_young())
    elif any(each.code == "not_adult" for each in problems):
        session["minor_until"] = (now + policy.MINOR_LOCK).timestamp()
    return [each for each in problems if not form[each.about].errors]


def _register_facts() -> dict[str, object]:
    now = clock.now()
    return {
        "picker": picker_of(now.astimezone(clock.JAPAN).date()),
        "adult_years": policy.ADULT_YEARS,
        "terms": terms.current(now=now),
    }


def _write_to(registered: registration.Registered, email: str, *, now: datetime) -> None:
    account = registered.account
    if registered.is_new or not account.confirmed_at:
        letters.confirmation(account, now=now)
    else:
        letters.already_registered(account, address=email, now=now)


def _account_of(token: str) -> Account | None:
    secret = current_app.config["SETTINGS"].secret_key
    return registration.find_by_token(token, secret=secret, now=clock.now())
