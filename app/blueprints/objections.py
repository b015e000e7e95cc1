"""Writing to the office about a talk that was otherwise than it was settled.

Of a reservation guest and cast may write, of a walk-in its guest; both read what became of it.
"""

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from app import clock, policy, verdicts
from app.blueprints.fields import Lines
from app.blueprints.objection_line import line_of_booking, line_of_talk
from app.blueprints.own_bookings import own_booking, path_of
from app.blueprints.talks import own_talk
from app.bookings import settlements
from app.cases import opening, walk_ins
from app.errors import Problem, Refused
from app.guards import guests_only
from app.talks import calling
from app.talks.models import Party, Talk, TalkState
from app.web import Answer, form_again, go, points

bp = Blueprint("objections", __name__)


class ObjectionForm(FlaskForm):  # type: ignore[misc]
    words = Lines(
        _("What was otherwise?"),
        description=_("Only the office reads it."),
        validators=[
            InputRequired(_("Please write what was otherwise.")),
            Length(max=opening.WORDS_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )


@bp.get("/bookings/<public_id>/objection")
def show(public_id: str) -> Answer:
    """The form with time and name in it (G30); or what became of it; or why it is not possible."""
    return _shown(_of_booking(public_id))


@bp.post("/bookings/<public_id>/objection")
def send(public_id: str) -> Answer:
    """Open a case of the office. Pressing twice opens one."""
    booking, form = own_booking(public_id), ObjectionForm()
    if not form.validate():
        return _again(form, _of_booking(public_id))
    try:
        opening.object_to(booking.id, by=_party(), words=form.words.data, now=clock.now())
    except Refused as refusal:
        return _again(form, _of_booking(public_id), *refusal.problems)
    return go(url_for(".show", public_id=public_id))


@bp.get("/talks/<public_id>/objection")
@guests_only
def show_of_talk(public_id: str) -> Answer:
    """The same about a walk-in."""
    return _shown(_of_talk(public_id))


@bp.post("/talks/<public_id>/objection")
@guests_only
def send_of_talk(public_id: str) -> Answer:
    talk, form = _own_walk_in(public_id), ObjectionForm()
    if not form.validate():
        return _again(form, _of_talk(public_id))
    try:
        walk_ins.object_to(talk.id, words=form.words.data, now=clock.now())
    except Refused as refusal:
        return _again(form, _of_talk(public_id), *refusal.problems)
    return go(url_for(".show_of_talk", public_id=public_id))


def _shown(facts: dict[str, Any]) -> Answer:
    return render_template("objections/show.html", form=ObjectionForm(), problems=[], **facts)


def _again(form: ObjectionForm, facts: dict[str, Any], *problems: Problem) -> Answer:
    page, template = "objections/show.html", "objections/_form.html"
    return form_again(template, page=page, form=form, problems=problems, **facts)


def _of_booking(public_id: str) -> dict[str, Any]:
    booking, party = own_booking(public_id), _party()
    settlement, is_cast = settlements.find(booking.id), party is Party.CAST
    return {
        "party": party.value,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "is_reserved": True,
        "other": booking.guest.nickname if is_cast else booking.cast.name,
        "outcome": verdicts.say(booking, settlement, to=party) if settlement else "",
        "back": path_of(booking, viewer=g.account),
        "until": settlement.settled_at + policy.OBJECTION_OPEN if settlement else None,
        "call": calling.call_of(g.account.id, now=clock.now()) if is_cast else None,
        "objection": line_of_booking(booking, settlement, party),
    }


def _of_talk(public_id: str) -> dict[str, Any]:
    talk = _own_walk_in(public_id)
    assert talk.ended_at
    return {
        "party": Party.GUEST.value,
        "starts_at": talk.answered_at,
        "ends_at": talk.ended_at,
        "is_reserved": False,
        "other": talk.cast.name,
        "outcome": gettext(
            "%(n)s min were charged for this talk: %(points)s.",
            n=talk.minutes_kept,
            points=points(talk.points_kept),
        ),
        "back": url_for("talks.receipt", public_id=public_id),
        "until": talk.ended_at + policy.OBJECTION_OPEN,
        "call": None,
        "objection": line_of_talk(talk, viewer=Party.GUEST),
    }


def _own_walk_in(public_id: str) -> Talk:
    """A walk-in of this guest that is over; of reserved talks the booking's page knows."""
    talk = own_talk(public_id)
    return talk if talk.state is TalkState.ENDED and not talk.booking_id else abort(404)


def _party() -> Party:
    return Party(g.account.role.value)
