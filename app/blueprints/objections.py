"""Writing to the office about a talk that was settled otherwise than it was, for guest and cast."""

from flask import Blueprint, g, render_template, url_for
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from app import clock, verdicts
from app.blueprints.fields import Lines
from app.blueprints.own_bookings import own_booking, path_of
from app.bookings import settlements
from app.bookings.models import Booking, Settlement
from app.cases import opening, queue
from app.cases.models import Case, CaseKind
from app.errors import Refused
from app.talks import calling
from app.talks.models import Party
from app.web import Answer, form_again, go

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
    booking = own_booking(public_id)
    return render_template("objections/show.html", form=ObjectionForm(), **_page(booking))


@bp.post("/bookings/<public_id>/objection")
def send(public_id: str) -> Answer:
    """Open a case of the office. Pressing twice opens one."""
    booking, form = own_booking(public_id), ObjectionForm()
    again = {"page": "objections/show.html", "form": form}
    if not form.validate():
        return form_again("objections/_form.html", **again, **_page(booking))
    try:
        opening.object_to(booking.id, by=_party(), words=form.words.data, now=clock.now())
    except Refused as refusal:
        facts = _page(own_booking(public_id)) | {"problems": refusal.problems}
        return form_again("objections/_form.html", **again, **facts)
    return go(url_for(".show", public_id=public_id))


def case_context(
    booking: Booking, settlement: Settlement | None, party: Party
) -> dict[str, object]:
    """What objections/_line.html needs besides booking, party and settlement.

    An emergency of the cast that is open yet is nothing that the guest waits for.
    """
    newest = _newest(booking, party)
    why_not = opening.why_not_object(booking, settlement, by=party, now=clock.now())
    return {
        "case": newest,
        "promised_at": newest.opened_at + queue.PROMISE if newest else None,
        "may_object": not why_not,
        "why_not_object": why_not,
    }


def _newest(booking: Booking, party: Party) -> Case | None:
    known = [
        case
        for case in queue.of_booking(booking)
        if case.decided_at or case.kind is not CaseKind.EMERGENCY or party is Party.CAST
    ]
    return known[-1] if known else None


def _page(booking: Booking) -> dict[str, object]:
    party, settlement = _party(), settlements.find(booking.id)
    is_cast = party is Party.CAST
    return {
        "booking": booking,
        "party": party.value,
        "other": booking.guest.nickname if is_cast else booking.cast.name,
        "settlement": settlement,
        "outcome": verdicts.say(booking, settlement, to=party) if settlement else "",
        "booking_path": path_of(booking, viewer=g.account),
        "call": calling.call_of(g.account.id, now=clock.now()) if is_cast else None,
        "problems": [],
        **case_context(booking, settlement, party),
    }


def _party() -> Party:
    return Party(g.account.role.value)
