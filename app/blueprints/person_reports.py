"""Reporting a message or a person: one tap from thread, talk and profile to a short form."""

from flask import Blueprint, abort, g, render_template, url_for

from app import clock
from app.blueprints.forms import ReportForm
from app.blueprints.known_people import known_person, name_of
from app.blueprints.own_bookings import own_account, own_booking
from app.desk import person_reports
from app.desk.moderation_tables import Thing
from app.messages import thread
from app.messages.models import Message
from app.people.models import Account, Role
from app.talks import calling
from app.talks.models import Party, ReportReason
from app.web import Answer, form_again, go

bp = Blueprint("person_reports", __name__)


@bp.get("/people/<named>/report")
def of_profile(named: str) -> Answer:
    """The form, or what was reported before."""
    other = known_person(named, to=own_account())
    return render_template("person_report/show.html", form=ReportForm(), **_of_person(other, named))


@bp.post("/people/<named>/report")
def report_profile(named: str) -> Answer:
    """Keep the report. Pressing twice reports once."""
    other, form = known_person(named, to=own_account()), ReportForm()
    if not form.validate():
        return _again(form, _of_person(other, named))
    person_reports.report_person(
        other,
        by=g.account,
        reason=ReportReason(form.reason.data),
        words=form.words.data,
        now=clock.now(),
    )
    return go(url_for(".of_profile", named=named))


@bp.get("/bookings/<public_id>/messages/<message_id>/report")
def of_message(public_id: str, message_id: str) -> Answer:
    facts = _of_message(public_id, message_id)
    return render_template("person_report/show.html", form=ReportForm(), **facts)


@bp.post("/bookings/<public_id>/messages/<message_id>/report")
def report_message(public_id: str, message_id: str) -> Answer:
    """Keep the report with the message as it reads. Pressing twice reports once."""
    message, writer = _message(public_id, message_id)
    form = ReportForm()
    if not form.validate():
        return _again(form, _of_message(public_id, message_id))
    person_reports.report_message(
        message,
        by=g.account,
        writer_id=writer.id,
        reason=ReportReason(form.reason.data),
        words=form.words.data,
        now=clock.now(),
    )
    return go(url_for(".of_message", public_id=public_id, message_id=message_id))


def _message(public_id: str, message_id: str) -> tuple[Message, Account]:
    """A message that the other wrote, with its writer; one's own cannot be reported."""
    booking = own_booking(public_id)
    theirs = Party.CAST if g.account.role is Role.GUEST else Party.GUEST
    message = thread.find(booking, message_id)
    if message is None or message.party is not theirs:
        abort(404)
    return message, thread.writer_of(booking, message)


def _of_message(public_id: str, message_id: str) -> dict[str, object]:
    message, writer = _message(public_id, message_id)
    url = url_for(".report_message", public_id=public_id, message_id=message_id)
    is_cast = g.account.role is Role.CAST
    return _facts(writer, thing=Thing.MESSAGE, about=message.public_id, url=url) | {
        "message": message,
        "back": url_for("messages.show", public_id=public_id),
        "named": public_id if is_cast else writer.public_id,
    }


def _of_person(other: Account, named: str) -> dict[str, object]:
    url = url_for(".report_profile", named=named)
    return _facts(other, thing=Thing.PROFILE, about="", url=url) | {"named": named}


def _facts(other: Account, *, thing: Thing, about: str, url: str) -> dict[str, object]:
    account: Account = g.account
    is_cast = account.role is Role.CAST
    return {
        "name": name_of(other),
        "message": None,
        "url": url,
        "reported": person_reports.find(thing, about=about, by=account, subject_id=other.id),
        "is_cast": is_cast,
        "call": calling.call_of(account.id, now=clock.now()) if is_cast else None,
    }


def _again(form: ReportForm, facts: dict[str, object]) -> Answer:
    page = "person_report/show.html"
    return form_again("person_report/_form.html", page=page, form=form, **facts)
