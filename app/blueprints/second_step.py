"""The second step of a login: a code, after the password was right."""

from flask import Blueprint, redirect, render_template, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import audit, clock, policy
from app.blueprints.settings_forms import CodeForm
from app.db import session as database
from app.guards import let_in, limiter, own_path
from app.people import recovery, second_factor
from app.people.models import Account
from app.web import Answer, form_again

bp = Blueprint("second_step", __name__)


def begin(account: Account, *, goes_on: str | None) -> AnyResponse:
    """Remember in this browser that the password was right, and ask for the code."""
    until = clock.now() + policy.SECOND_STEP_WITHIN
    session["second_step"] = {
        "who": account.public_id,
        "mark": recovery.mark_of(account),
        "until": until.timestamp(),
        "goes_on": goes_on,
    }
    return redirect(url_for("second_step.show"), code=303)


@bp.get("/operator/login/code")
def show() -> Answer:
    if _account() is None:
        return redirect(url_for("signing_in.operator_login"), code=303)
    return render_template("signing_in/code.html", form=CodeForm(), problems=[])


@bp.post("/operator/login/code")
@limiter.limit(policy.CODE_TRIES, key_func=lambda: f"code:{_step().get('who', '')}")
def give() -> Answer:
    """Take the code, and sign this browser in."""
    form, account, page = CodeForm(), _account(), "signing_in/code.html"
    if account is None:
        return redirect(url_for("signing_in.operator_login"), code=303)
    if not form.validate():
        return form_again(page, page=page, form=form)
    now = clock.now()
    if not second_factor.is_right(account, form.code.data, now=now) or _account() is None:
        return form_again(page, page=page, form=form, problems=[second_factor.wrong_code()])
    audit.note("account.code_given", about=f"account:{account.id}", by=account.id, now=now)
    goes_on = own_path(_step().get("goes_on"))
    session.clear()
    let_in(account, with_code=True)
    return redirect(goes_on or url_for("admin.show"), code=303)


def _step() -> dict[str, str]:
    step: dict[str, str] = session.get("second_step", {})
    return step


def _account() -> Account | None:
    """Whose password was right in this browser a moment ago, and still is."""
    step = _step()
    if not step or clock.now().timestamp() > float(step["until"]):
        return None
    wanted = select(Account).filter_by(public_id=step["who"], closed_at=None)
    account = database.scalars(wanted).one_or_none()
    return account if account and recovery.mark_of(account) == step["mark"] else None
