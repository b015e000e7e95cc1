"""A guest's own data as a file (個人情報の開示), for whoever knows the password."""

import json

from flask import Blueprint, Response, render_template
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock, own_data, policy
from app.blueprints.fields import Secret
from app.errors import N_, Problem
from app.guards import guests_only, limiter, me
from app.people import passwords
from app.web import Answer, form_again

bp = Blueprint("my_data", __name__)

WRONG_PASSWORD = Problem(
    code="wrong_password", about="password", text=N_("This is not your password.")
)


class PasswordForm(FlaskForm):  # type: ignore[misc]
    password = Secret(
        _("Password"),
        validators=[InputRequired(_("Please give your password."))],
        description=_("So that nobody else takes your data from an open device."),
    )


def _asked_by() -> str:
    return f"my_data:{me().id}"


@bp.get("/settings/data")
@guests_only
def show() -> Answer:
    return render_template("my_data/show.html", form=PasswordForm(), problems=[])


@bp.post("/settings/data")
@guests_only
@limiter.limit(policy.DATA_TRIES, key_func=_asked_by)
def take() -> Answer:
    """The file itself, made now; nothing of it is kept here."""
    form = PasswordForm()
    fine = form.validate()
    wrong = fine and not passwords.matches(form.password.data, me().password_hash)
    if wrong or not fine:
        problems = [WRONG_PASSWORD] if wrong else []
        page = "my_data/show.html"
        return form_again(page, page=page, form=form, problems=problems)
    now = clock.now()
    written = json.dumps(own_data.collect(me(), now=now), ensure_ascii=False, indent=2)
    answer = Response(written, content_type="application/json; charset=utf-8")
    name = f"sashitalk-{now.astimezone(clock.JAPAN):%Y%m%d}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
