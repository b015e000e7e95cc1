"""Leaving (退会, D35): what is in the way, the loss to be ticked, the last screen, and the end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import BooleanField
from wtforms.validators import InputRequired

from app import clock, leaving, letters, policy
from app.blueprints.fields import Secret
from app.blueprints.my_data import WRONG_PASSWORD
from app.bookings import diary
from app.errors import Problem
from app.guards import guests_only, let_out, limiter, me
from app.people import passwords
from app.points import lots
from app.web import Answer, form_again

bp = Blueprint("leaving", __name__)

A_MOMENT = timedelta(seconds=1)  # a lot's last usable second stands on the page


class LeaveForm(FlaskForm):  # type: ignore[misc]
    accepts_loss = BooleanField(_("I agree that the remaining points are lost and not paid back."))
    password = Secret(_("Password"), validators=[InputRequired(_("Please give your password."))])


@dataclass(frozen=True, kw_only=True)
class LastScreen:
    """Who has given the password and saw which points: signed, and only for a moment."""

    guest: str
    points: int
    accepts_loss: bool
    made_at: float

    def sign(self) -> str:
        return str(_signer().dumps(vars(self)))

    @classmethod
    def read(cls, signed: str) -> Self | None:
        try:
            screen = cls(**_signer().loads(signed))
        except BadSignature:
            return None
        age = timedelta(seconds=clock.now().timestamp() - screen.made_at)
        fresh = age <= policy.LEAVE_WITHIN and screen.guest == me().public_id
        return screen if fresh else None


def _tried_by() -> str:
    return f"leaving:{me().id}"


@bp.get("/settings/leave")
@guests_only
def show() -> Answer:
    return render_template("leaving/show.html", form=LeaveForm(), problems=[], **_facts())


@bp.post("/settings/leave")
@guests_only
@limiter.limit(policy.LEAVE_TRIES, key_func=_tried_by)
def confirm() -> Answer:
    """With tick and password, the last screen: what goes and what stays. Nothing is done yet."""
    form, facts = LeaveForm(), _facts()
    fine = form.validate()
    problems = _problems_of(form, points=facts["points"])
    if facts["why_not"] or problems or not fine:
        page = "leaving/show.html"
        return form_again(page, page=page, form=form, problems=problems, **facts)
    screen = LastScreen(
        guest=me().public_id,
        points=facts["points"],
        accepts_loss=form.accepts_loss.data,
        made_at=clock.now().timestamp(),
    )
    return render_template(
        "leaving/confirmation.html", signed=screen.sign(), points_lost=screen.points
    )


@bp.post("/settings/leave/end")
@guests_only
def leave() -> Answer:
    """The end: the last mail, then everything that the register says; this browser is let out."""
    screen = LastScreen.read(request.form.get("signed", ""))
    if screen is None:
        return redirect(url_for(".show"), code=303)
    guest, now = me(), clock.now()
    letters.left(guest, points=screen.points, now=now)
    leaving.leave(guest.id, points_seen=screen.points, accepts_loss=screen.accepts_loss, now=now)
    let_out()
    session.clear()
    return redirect(url_for(".left"), code=303)


@bp.get("/left")
def left() -> str:
    return render_template("leaving/left.html")


def _problems_of(form: LeaveForm, *, points: int) -> list[Problem]:
    problems = []
    if points and not form.accepts_loss.data:
        problems.append(leaving.loss_not_accepted())
    given = form.password.data or ""
    if given and not form.password.errors and not passwords.matches(given, me().password_hash):
        problems.append(WRONG_PASSWORD)
    return problems


def _facts() -> dict[str, object]:
    guest, now = me(), clock.now()
    held = lots.lots_of(guest.id, now=now)
    return {
        "points": sum(lot.remaining for lot in held),
        "lots": [(lot, lot.expires_at - A_MOMENT) for lot in held],
        "why_not": leaving.why_not_leave(guest.id, now=now),
        "ahead": diary.ahead(guest, now=now),
    }


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt="leaving")
