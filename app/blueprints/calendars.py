"""Reservations for the calendars of guest and cast (iCalendar, RFC 5545): one as a file, all as a feed.

A feed's address is its only key, so an entry tells no more than nickname and time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, redirect, url_for
from flask_babel import force_locale, gettext
from icalendar import Alarm, Calendar, Event

from app import clock
from app.blueprints.own_bookings import own_account, own_booking, path_of
from app.bookings import diary
from app.bookings.models import Booking, BookingState
from app.people import calendars
from app.people.models import Account, Role
from app.web import Answer

bp = Blueprint("calendars", __name__)

ALARM_BEFORE = timedelta(minutes=10)
FRESH_SECONDS = 300  # for so long a calendar may keep what it read


@bp.get("/bookings/<public_id>/calendar.ics")
def show(public_id: str) -> Response:
    """One reservation, to be put into a calendar by hand."""
    booking, account = own_booking(public_id), own_account()
    answer = _answer([booking], viewer=account, now=clock.now())
    answer.headers["Content-Disposition"] = 'attachment; filename="sashitalk.ics"'
    return answer


@bp.get("/calendar/<calendar_key>.ics")
def feed(calendar_key: str) -> Response:
    """The reservations of whoever has this key: the last 30 days, and all ahead."""
    account, now = calendars.find_by_key(calendar_key) or abort(404), clock.now()
    return _answer(diary.for_calendar(account, now=now), viewer=account, now=now)


@bp.post("/calendar/key")
def renew() -> Answer:
    """Give the feed another address; the old one stops to work."""
    account = own_account()
    calendars.renew_key(account)
    flash(gettext("The calendar has a new address. The old one does not work any more."))
    home = "cast_room.bookings" if account.role is Role.CAST else "bookings.index"
    return redirect(url_for(home), code=303)


def feed_address(account: Account) -> str:
    """What a person gives to their calendar."""
    path = url_for("calendars.feed", calendar_key=account.calendar_key)
    return f"{_base_url()}{path}"


def _answer(bookings: Sequence[Booking], *, viewer: Account, now: datetime) -> Response:
    with force_locale(viewer.locale):
        written = _calendar(bookings, viewer=viewer, now=now).to_ical()
    answer = Response(written, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
    return answer


def _calendar(bookings: Sequence[Booking], *, viewer: Account, now: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Sashitalk//Reservations//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("Sashitalk"))
    for booking in bookings:
        calendar.add_component(_event(booking, viewer=viewer, now=now))
    return calendar


def _event(booking: Booking, *, viewer: Account, now: datetime) -> Event:
    """One talk. Its number in the sequence rises with all that moves or cancels it."""
    is_off = booking.state is BookingState.CANCELLED
    other = booking.guest.nickname if viewer.role is Role.CAST else booking.cast.name
    event = Event()
    event.add("uid", f"{booking.public_id}@{urlsplit(_base_url()).hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", gettext("Your talk with %(name)s", name=other))
    event.add("url", f"{_base_url()}{path_of(booking, viewer=viewer)}")
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("sequence", booking.extended + is_off)
    event.add("class", "PRIVATE")
    if booking.state is BookingState.CONFIRMED:
        event.add_component(_alarm(str(event["summary"])))
    return event


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url)
