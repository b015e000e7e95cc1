"""Writing to the office: guests, casts and strangers ask, read and write on (G42, G56, C59)."""

from flask import Blueprint, abort, flash, make_response, render_template, request, session, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length

from app import clock, desk_letters, policy
from app.blueprints.fields import Line, Lines
from app.bookings import diary
from app.bookings.models import Booking
from app.db import unguessable
from app.desk import inquiries
from app.desk.inquiries import Asked
from app.desk.inquiry_queue import stand
from app.desk.inquiry_tables import Inquiry, Subject
from app.errors import Refused
from app.guards import find_me, limiter
from app.people.models import Account, Role
from app.people.registration import fold
from app.talks import calling
from app.web import Answer, form_again, go, moment, undone

bp = Blueprint("inquiries", __name__)

SUBJECTS = {
    Subject.TALK: _("A talk or a reservation"),
    Subject.POINTS: _("Points and payment"),
    Subject.ACCOUNT: _("Logging in, or my account"),
    Subject.BECOMING_CAST: _("Becoming a cast"),
    Subject.IDENTITY: _("Identity documents"),
    Subject.ACCESSIBILITY: _("Using the site with a disability"),
    Subject.PERSONAL_DATA: _("My personal data (disclosure, correction, erasure)"),
    Subject.OTHER: _("Something else"),
}
TOO_LONG = _("Please use at most %(max)d characters.")
EMPTY = _("Please leave this field empty")
PLEASE_CHOOSE = _("Please choose what it is about.")


class ReplyForm(FlaskForm):  # type: ignore[misc]
    words = Lines(
        _("Your words"),
        validators=[
            InputRequired(_("Please write what it is about.")),
            Length(max=inquiries.WORDS_LENGTH, message=TOO_LONG),
        ],
    )


class OwnInquiryForm(ReplyForm):
    """Of somebody who is signed in, so that name and address are known."""

    subject = SelectField(
        _("What is it about?"),
        choices=[SelectChoice("", _("Please choose"))]
        + [SelectChoice(value.value, label) for value, label in SUBJECTS.items()],
        validators=[InputRequired(PLEASE_CHOOSE), AnyOf(list(SUBJECTS), PLEASE_CHOOSE)],
        validate_choice=False,  # in words of its own, above
    )
    about = Line(
        _("Reserved time and name"),
        description=_("For a talk or a reservation: when it was, and with whom."),
        validators=[Length(max=inquiries.ABOUT_LENGTH, message=TOO_LONG)],
    )
    website = Line(  # only machines fill it
        EMPTY, validators=[Length(max=0, message=EMPTY)]
    )
    form_key = HiddenField()


class InquiryForm(OwnInquiryForm):
    name = Line(
        _("Your name"),
        validators=[
            InputRequired(_("Please tell us your name.")),
            Length(max=inquiries.NAME_LENGTH, message=TOO_LONG),
        ],
    )
    email = Line(
        _("E-mail address"),
        description=_("Our reply goes there."),
        validators=[
            InputRequired(_("Please tell us your e-mail address.")),
            Length(max=254, message=TOO_LONG),
        ],
    )


def _address_written_to() -> str:
    account = find_me()
    return f"inquiry:{account.email if account else fold(request.form.get('email', ''))}"


@bp.get("/contact")
def ask() -> Answer:
    """The form; `?booking=` of one's own fills time and name in (G30), `?subject=` chooses."""
    booking = _own_booking()
    form = _form_kind()(formdata=None, form_key=unguessable())
    asked_for = request.args.get("subject", "")
    form.subject.data = asked_for if asked_for in set(Subject) else ""
    if booking:
        form.subject.data, form.about.data = Subject.TALK.value, _named(booking)
    return render_template("inquiry/ask.html", form=form, **_page(booking))


@bp.post("/contact")
@limiter.limit(policy.INQUIRY_TRIES, key_func=get_remote_address)
@limiter.limit(policy.INQUIRY_TRIES_BY_MAIL, key_func=_address_written_to)
def send() -> Answer:
    """Take the inquiry, and mail its number at once. Pressing twice sends one."""
    form, booking, now = _form_kind()(), _own_booking(), clock.now()
    again = {"page": "inquiry/ask.html", "form": form}
    if not form.validate():
        return form_again("inquiry/_form.html", **again, **_page(booking))
    try:
        inquiry = inquiries.ask(_asked(form, booking), form_key=form.form_key.data or "", now=now)
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(
            "inquiry/_form.html", **again, **_page(_own_booking()) | {"problems": problems}
        )
    desk_letters.inquiry_received(inquiry, now=now)
    session["inquiry"] = inquiry.key
    return go(url_for(".sent"))


@bp.get("/contact/sent")
def sent() -> Answer:
    inquiry = inquiries.find(session.get("inquiry", ""), reader=None) or abort(404)
    return render_template("inquiry/sent.html", inquiry=inquiry, subjects=SUBJECTS, **_frame())


@bp.get("/contact/<named>")
def show(named: str) -> Answer:
    """The thread, for its mailed link and for the account that asked. No search engine keeps it."""
    page = render_template("inquiry/show.html", form=ReplyForm(), **_thread(_inquiry(named)))
    answer = make_response(page)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/contact/<named>")
@limiter.limit(policy.INQUIRY_WRITING_TRIES)
def write_on(named: str) -> Answer:
    """Further words of the person. Pressing twice writes once."""
    inquiry, form = _inquiry(named), ReplyForm()
    if not form.validate():
        return form_again(
            "inquiry/_reply.html", page="inquiry/show.html", form=form, **_thread(inquiry)
        )
    inquiries.ask_again(inquiry.id, words=form.words.data, now=clock.now())
    flash(gettext("Your words have reached the office."))
    return go(url_for(".show", named=named))


def _form_kind() -> type[OwnInquiryForm]:
    return OwnInquiryForm if find_me() else InquiryForm


def _asked(form: OwnInquiryForm, booking: Booking | None) -> Asked:
    account = find_me()
    return Asked(
        subject=Subject(form.subject.data),
        name=account.nickname if account else form["name"].data or "",
        email=account.email if account else form["email"].data or "",
        about=form.about.data or "",
        words=form.words.data,
        locale=str(get_locale()),
        account_id=account.id if account else None,
        booking=booking,
    )


def _inquiry(named: str) -> Inquiry:
    return inquiries.find(named, reader=find_me()) or abort(404)


def _own_booking() -> Booking | None:
    """The booking that the address names, if it is the reader's own."""
    account, named = find_me(), request.values.get("booking", "")
    if account is None or not named or account.role is Role.OPERATOR:
        return None
    return diary.find(named, of=account)


def _named(booking: Booking) -> str:
    account = find_me()
    is_cast = account is not None and account.role is Role.CAST
    other = booking.guest.nickname if is_cast else booking.cast.name
    return f"{moment(booking.starts_at)} {other}"[: inquiries.ABOUT_LENGTH]


def _page(booking: Booking | None) -> dict[str, object]:
    account = find_me()
    return {
        "booking": booking,
        "own": inquiries.of_account(account) if account else [],
        "subjects": SUBJECTS,
        "problems": [],
        **_frame(),
    }


def _thread(inquiry: Inquiry) -> dict[str, object]:
    return {
        "inquiry": inquiry,
        "standing": stand(inquiry, now=clock.now()),
        "lines": inquiries.spoken(inquiry),
        "named": request.view_args["named"] if request.view_args else "",
        "subjects": SUBJECTS,
        **_frame(),
    }


def _frame() -> dict[str, object]:
    """A cast keeps the side list, and is heard being rung here, too."""
    account: Account | None = find_me()
    is_cast = account is not None and account.role is Role.CAST
    call = calling.call_of(account.id, now=clock.now()) if account and is_cast else None
    return {"is_cast": is_cast, "call": call}
