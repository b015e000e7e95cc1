"""An operator's authenticator app: set up by a picture, with recovery codes for its loss."""

import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from app import account_letters, clock, policy
from app.blueprints.my_settings import frame
from app.blueprints.settings_forms import CodeForm, OwnerForm
from app.errors import Problem, Refused
from app.guards import by_account, let_out, limiter, me, operators_enrolling, this_device
from app.people import changing_passwords, second_factor
from app.web import Answer, form_again, undone

bp = Blueprint("second_factor", __name__, url_prefix="/settings/second-factor")

PAGE = "my_settings/second_factor.html"


@bp.get("")
@operators_enrolling
def show() -> Answer:
    """The picture of a new secret where one waits; else what there is, and how to begin."""
    if _came_in_without():
        return _to_the_door()
    return render_template(PAGE, form=CodeForm(), owner=OwnerForm(), problems=[], **_shown())


@bp.post("")
@operators_enrolling
@limiter.limit(policy.LOGIN_TRIES, key_func=by_account)
def begin() -> Answer:
    """Make a new secret. Where there is an app already, its owner's password is asked for."""
    if _came_in_without():
        return _to_the_door()
    if second_factor.is_asked_of(me()) and (answer := _refused_stranger()):
        return answer
    second_factor.begin(me(), now=clock.now())
    return redirect(url_for(".show", _anchor="scan"), code=303)


@bp.post("/confirmation")
@operators_enrolling
@limiter.limit(policy.CODE_TRIES, key_func=by_account)
def confirm() -> Answer:
    """The app shows the right code: it holds from now on. The recovery codes are shown, once."""
    if _came_in_without():
        return _to_the_door()
    form, owner, now = CodeForm(), OwnerForm(formdata=None), clock.now()
    if not form.validate():
        return form_again(PAGE, page=PAGE, form=form, owner=owner, **_shown())
    try:
        codes = second_factor.confirm(me(), form.code.data, here=this_device(), now=now)
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(PAGE, page=PAGE, form=form, owner=owner, problems=problems, **_shown())
    account_letters.second_factor_set(me(), now=now)
    return render_template("my_settings/recovery_codes.html", codes=codes, **frame())


@bp.post("/recovery-codes")
@operators_enrolling
@limiter.limit(policy.LOGIN_TRIES, key_func=by_account)
def renew_codes() -> Answer:
    """Ten other recovery codes, shown once."""
    if _came_in_without() or not second_factor.is_asked_of(me()):
        return _to_the_door()
    if answer := _refused_stranger():
        return answer
    codes = second_factor.renew_codes(me(), now=clock.now())
    return render_template("my_settings/recovery_codes.html", codes=codes, **frame())


def _refused_stranger() -> Answer | None:
    """Whoever sits at an open page may not be its owner, who knows the password."""
    owner, problems = OwnerForm(), list[Problem]()
    fine = owner.validate()
    if fine:
        problems = changing_passwords.why_not_owner(me(), owner.current.data)
    if fine and not problems:
        return None
    shown = {**_shown(), "owner": owner, "form": CodeForm(formdata=None)}
    for each in problems:
        owner.current.errors = [*owner.current.errors, gettext(each.text)]
    return render_template(PAGE, problems=[], **shown), 422


def _came_in_without() -> bool:
    """A device that signed in before the app was there shows its code at the door first."""
    return second_factor.is_asked_of(me()) and not this_device().with_code


def _to_the_door() -> Answer:
    let_out()
    flash(gettext("Please log in again, with a code of your authenticator app."))
    return redirect(url_for("signing_in.operator_login"), code=303)


def _shown() -> dict[str, object]:
    account = me()
    factor = second_factor.find(account)
    waiting = factor.waiting if factor else None
    return {
        "factor": factor if factor and factor.secret else None,
        "waiting": waiting,
        "picture": _picture_of(second_factor.address_of(account, waiting)) if waiting else None,
        "codes_left": second_factor.codes_left(account),
        **frame(),
    }


def _picture_of(address: str) -> str:
    """The QR code as an image that stands in the page itself, so that no URL carries the secret."""
    code = segno.make(address, error="m")
    return str(code.svg_data_uri(scale=5, border=3, dark="#000", light="#fff", xmldecl=False))
