"""The operator's inquiries: the queue with its ages, one thread, and answering it."""

from typing import TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, NumberRange

from app import clock, desk_letters, policy
from app.blueprints.admin.cases import age_of
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Lines
from app.blueprints.inquiries import SUBJECTS
from app.desk import inquiries, inquiry_queue
from app.desk.inquiry_queue import Standing
from app.desk.inquiry_tables import Inquiry, LineKind, Subject
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.web import Answer, form_again, go, undone

T = TypeVar("T", Standing, Subject)
STANDINGS = {
    Standing.WAITING: _("Waiting for us"),
    Standing.ANSWERED: _("Answered"),
    Standing.CLOSED: _("Closed"),
}


class AnswerForm(FlaskForm):  # type: ignore[misc]
    words = Lines(
        _("To the person, or as a note"),
        validators=[
            InputRequired(_("Please write a few words.")),
            Length(max=inquiries.WORDS_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )
    seen = IntegerField(validators=[InputRequired(), NumberRange(0, 10_000)])


@bp.context_processor
def _waiting_inquiries() -> dict[str, object]:
    """The side list counts what waits, and shows whether something waits too long."""
    return {"count_inquiries": lambda: inquiry_queue.count(clock.now())}


@bp.get("/inquiries")
@operators_only
def inquiry_list() -> Answer:
    """The queue; its address says everything that was asked for. A number leads to its inquiry."""
    if number := request.args.get("number", "").strip():
        if found := inquiry_queue.find(number):
            return redirect(url_for(".inquiry", number=found.number), code=303)
        flash(gettext("No inquiry has this number."))
    standing, subject = _named(Standing, "state"), _named(Subject, "subject")
    mine = request.args.get("mine") == "1"
    listed = inquiry_queue.listed(
        clock.now(),
        standing=standing or Standing.WAITING,
        subject=subject,
        taken_by=me().id if mine else None,
    )
    return render_template(
        "admin/inquiries.html",
        listed=listed,
        words_of=inquiry_queue.newest_words([each.inquiry for each in listed]),
        asked_for={
            "state": standing.value if standing else None,
            "subject": subject.value if subject else None,
            "mine": "1" if mine else None,
        },
        standings=STANDINGS,
        **WORDS,
    )


@bp.get("/inquiries/<number>")
@operators_only
def inquiry(number: str) -> Answer:
    return render_template(
        "admin/inquiry.html", form=AnswerForm(formdata=None), problems=[], **_facts(_of(number))
    )


@bp.post("/inquiries/<number>/answer")
@operators_only
def answer_inquiry(number: str) -> Answer:
    """Answer, answer and close, or keep a note: as the button says."""
    inquiry, form, now = _of(number), AnswerForm(), clock.now()
    if not form.validate():
        return _again(inquiry, form)
    pressed = request.form.get("press", "answer")
    try:
        if pressed == "note":
            inquiries.write_note(inquiry.id, words=form.words.data, by=me().id, now=now)
            return go(url_for(".inquiry", number=number))
        line = inquiries.answer(
            inquiry.id,
            words=form.words.data,
            seen=form.seen.data,
            closes=pressed == "close",
            by=me().id,
            now=now,
        )
    except Refused as refusal:
        problems = undone(refusal)
        return _again(_of(number), form, *problems)
    desk_letters.inquiry_answered(inquiry, line, now=now)
    flash(gettext("Answered, and mailed to %(name)s.", name=inquiry.name))
    return go(url_for(".inquiry", number=number))


@bp.post("/inquiries/<number>/standing")
@operators_only
def move_inquiry(number: str) -> Answer:
    """Take it, give it back, or close it without an answer."""
    inquiry, by, now = _of(number), me().id, clock.now()
    match request.form.get("press"):
        case "take":
            inquiries.take(inquiry.id, by=by, now=now)
        case "give_back":
            inquiries.give_back(inquiry.id, by=by, now=now)
        case "close":
            inquiries.close(inquiry.id, by=by, now=now)
        case _:
            abort(404)
    return go(url_for(".inquiry", number=number))


@bp.post("/inquiries/<number>/application")
@operators_only
def lead_to_application(number: str) -> Answer:
    """Mail the way to apply to somebody who asked about becoming a cast, once (D31)."""
    now = clock.now()
    inquiry = inquiries.lead_to_application(_of(number).id, by=me().id, now=now)
    desk_letters.inquiry_apply(inquiry, now=now)
    flash(gettext("The way to apply has been mailed to %(name)s.", name=inquiry.name))
    return go(url_for(".inquiry", number=number))


WORDS: dict[str, object] = {
    "subjects": SUBJECTS,
    "ages": age_of,
    "escalate_days": policy.INQUIRY_ESCALATE_DAYS,
}


def _of(number: str) -> Inquiry:
    return inquiry_queue.find(number) or abort(404)


def _named(kind: type[T], name: str) -> T | None:
    """What the address asks for; 404 for what is none."""
    named = request.args.get(name)
    if not named:
        return None
    return kind(named) if named in {each.value for each in kind} else abort(404)


def _again(inquiry: Inquiry, form: AnswerForm, *problems: Problem) -> Answer:
    facts = _facts(inquiry) | {"problems": problems}
    return form_again("admin/_inquiry.html", page="admin/inquiry.html", form=form, **facts)


def _facts(inquiry: Inquiry) -> dict[str, object]:
    lines = inquiry_queue.lines_of(inquiry)
    return {
        "inquiry": inquiry,
        "standing": inquiry_queue.stand(inquiry, now=clock.now()),
        "lines": lines,
        "seen": sum(each.kind is not LineKind.NOTE for each in lines),
        "next_inquiry": inquiry_queue.next_after(inquiry),
        **WORDS,
    }
