"""The messages of a reservation: a page of its own, and the thread for the pages that show it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import DataRequired, Length

from app import clock, policy
from app.blueprints.fields import Lines
from app.blueprints.own_bookings import own_account, own_booking, path_of
from app.bookings.models import Booking
from app.errors import Problem, Refused
from app.guards import limiter
from app.messages import contacts
from app.messages import thread as messages
from app.messages.contacts import ContactData
from app.messages.models import Message
from app.people.models import Account
from app.talks import calling
from app.talks.models import Party
from app.web import Answer, answer, form_again

bp = Blueprint("messages", __name__)

KINDS = {
    ContactData.MAIL: _("an e-mail address"),
    ContactData.PHONE: _("a phone number"),
    ContactData.ADDRESS: _("a web address"),
    ContactData.MESSENGER: _("LINE, Instagram or the like"),
    ContactData.HANDLE: _("an ID or user name"),
    ContactData.QR_CODE: _("a QR code"),
}
# What a cast may want to ask before a talk; a tap puts it into the field.
PHRASES = (
    _("Thank you for your reservation. I look forward to our talk."),
    _("What would you like to talk about?"),
    _("Would you rather be listened to, or would you like my opinion?"),
)


class MessageForm(FlaskForm):  # type: ignore[misc]
    words = Lines(
        _("Your message"),
        id="message-words",  # beside other forms of a booking's page
        validators=[
            DataRequired(_("Please write a message.")),
            Length(max=messages.WORDS_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )
    knows_warning = BooleanField()


@dataclass(frozen=True, kw_only=True)
class Day:
    """The messages of one day in Japan."""

    at: datetime
    messages: list[Message]


@dataclass(frozen=True, kw_only=True)
class Thread:
    """What the fragments of a thread show."""

    booking: Booking
    party: Party  # who looks
    other_name: str
    days: list[Day]
    unread: int
    last_id: str  # empty where nobody has written
    word: str  # changes with everything that the bubbles show
    why_not: list[Problem]
    until: datetime
    form: MessageForm
    warned: list[str]  # the kinds of contact data that were seen, in words
    phrases: list[str]


@bp.get("/bookings/<public_id>/messages")
def show(public_id: str) -> Answer:
    """The thread; of an open page that asks again, only the bubbles, and only where they changed."""
    booking = own_booking(public_id)
    if request.args.get("part") != "bubbles":
        return render_template("messages/show.html", **_page(booking))
    shown = thread_context(booking, g.account)
    if shown["thread"].word == request.args.get("seen"):
        return "", 204
    return render_template("messages/_bubbles.html", **shown)


@bp.post("/bookings/<public_id>/messages")
@limiter.limit(policy.MESSAGE_TRIES, key_func=lambda: f"account:{own_account().id}")
def write(public_id: str) -> Answer:
    """Send a message. One with contact data comes back once, with a warning; the text is kept."""
    booking, form = own_booking(public_id), MessageForm()
    if not form.validate():
        return _again(booking, form)
    try:
        messages.write(
            booking.id,
            by=_party(g.account),
            words=form.words.data,
            knows_warning=form.knows_warning.data,
            now=clock.now(),
        )
    except Refused as refusal:
        if "contact_data" not in refusal.codes:
            raise
        return _again(own_booking(public_id), form, warned=True)
    otherwise = url_for(".show", public_id=public_id)
    fresh = thread_context(own_booking(public_id), g.account)
    return answer("messages/_thread.html", otherwise=otherwise, **fresh)


@bp.post("/bookings/<public_id>/messages/reading")
def mark_read(public_id: str) -> Answer:
    """This person has read what their page showed; the other sees that."""
    booking = own_booking(public_id)
    messages.mark_read(
        booking.id,
        by=_party(g.account),
        until=request.form.get("until") or None,
        now=clock.now(),
    )
    otherwise = url_for(".show", public_id=public_id)
    return answer(
        "messages/_bubbles.html", otherwise=otherwise, **thread_context(booking, g.account)
    )


def thread_context(
    booking: Booking, account: Account, *, form: MessageForm | None = None, warned: bool = False
) -> dict[str, Thread]:
    """What messages/_thread.html needs, for one of the two; the page brings the booking's people.

    `form` is one drawn again; `warned` says that its words were seen to hold contact data.
    """
    party = _party(account)
    written = messages.of_booking(booking)
    why_not = messages.why_not_write(booking, now=clock.now())
    read = sum(each.read_at is not None for each in written)
    last_id = written[-1].public_id if written else ""
    seen = contacts.contact_data_in(form.words.data or "") if form and warned else set()
    thread = Thread(
        booking=booking,
        party=party,
        other_name=booking.cast.name if party is Party.GUEST else booking.guest.nickname,
        days=[Day(at=each[0].at, messages=each) for each in _by_day(written)],
        unread=messages.unread_of(booking, by=party),
        last_id=last_id,
        word=f"{last_id}.{read}.{not why_not:d}",
        why_not=why_not,
        until=messages.write_until(booking),
        form=form or MessageForm(formdata=None),
        warned=[str(words) for kind, words in KINDS.items() if kind in seen],
        phrases=[str(phrase) for phrase in PHRASES] if party is Party.CAST else [],
    )
    return {"thread": thread}


def _again(booking: Booking, form: MessageForm, *, warned: bool = False) -> Answer:
    return form_again(
        "messages/_thread.html",
        page="messages/show.html",
        form=form,
        **_page(booking, form=form, warned=warned),
    )


def _page(
    booking: Booking, *, form: MessageForm | None = None, warned: bool = False
) -> dict[str, object]:
    account = g.account
    is_cast = _party(account) is Party.CAST
    return {
        **thread_context(booking, account, form=form, warned=warned),
        "booking_path": path_of(booking, viewer=account),
        "call": calling.call_of(account.id, now=clock.now()) if is_cast else None,
    }


def _by_day(written: list[Message]) -> list[list[Message]]:
    def day_of(message: Message) -> str:
        return message.at.astimezone(clock.JAPAN).date().isoformat()

    return [list(each) for _day, each in groupby(written, key=day_of)]


def _party(account: Account) -> Party:
    return Party(account.role.value)
