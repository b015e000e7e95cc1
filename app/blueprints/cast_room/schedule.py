"""A cast's schedule: a week to look at and to paint, taking free time back, repeating a week."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock, policy
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.fields import Day
from app.bookings import schedule, week
from app.clock import Span
from app.errors import N_, Problem
from app.guards import casts_only, me
from app.talks import calling
from app.web import Answer, form_again, go, wants_fragment

PAGE = "cast_room/schedule.html"


class RepeatForm(FlaskForm):  # type: ignore[misc]
    until = Day(
        _("Repeat until"),
        validators=[InputRequired(_("Please choose a day after this week."))],
        description=_("As it stands, the week is copied to the next one."),
    )


@bp.get("/schedule")
@casts_only
def show_week() -> Answer:
    """The week of `week`, which is any of its days; this week where that is none or too far."""
    first = _first(request.args.get("week", ""))
    return render_template(PAGE, form=_repeat_form(first), problems=[], **_shown(first))


@bp.post("/schedule")
@casts_only
def publish() -> Answer:
    """Publish the half hours that were ticked (C30, C31)."""
    first, ticked = _first(request.form.get("week", "")), request.form.getlist("at")
    now, spans = clock.now(), _spans(ticked)
    problems = [_UNREADABLE] if spans is None else schedule.why_not_publish(me().id, spans, now=now)
    if spans is None or problems:
        shown = _shown(first, ticked=ticked)
        return form_again(PAGE, page=PAGE, problems=problems, form=_repeat_form(first), **shown)
    made = schedule.publish(me().id, spans, now=now)
    if made:
        flash(gettext("%(length)s more can be booked now.", length=_length(made)))
    else:
        flash(gettext("These times were published already."))
    return go(url_for(".show_week", week=first))


@bp.get("/schedule/removal")
@casts_only
def show_removal() -> Answer:
    """What would be taken back: the confirmation before it (C34), and why a booked slot stays."""
    span = _span(request.args)
    slots = week.slots_of(me().id, span, now=clock.now())
    context = {"span": span, "slots": slots, "first": _first_of(span)}
    if wants_fragment():
        return render_template("cast_room/_removal.html", **context)
    return render_template("cast_room/removal.html", call=_call(), **context)


@bp.post("/schedule/removal")
@casts_only
def remove() -> Answer:
    """Take free time back (C32)."""
    span = _span(request.form)
    gone = schedule.remove(me().id, span, now=clock.now())
    flash(ngettext("%(num)s free slot was removed.", "%(num)s free slots were removed.", gone))
    return go(url_for(".show_week", week=_first_of(span)))


@bp.post("/schedule/copies")
@casts_only
def repeat() -> Answer:
    """Copy a week into those after it; then the next one is shown."""
    form, now = RepeatForm(), clock.now()
    first, until = _first(request.form.get("week", "")), form.until.data
    problems: Sequence[Problem] = ()
    if form.validate():
        problems = schedule.why_not_repeat(me().id, first=first, until=until, now=now)
    if form.errors or problems:
        return form_again(PAGE, page=PAGE, problems=problems, form=form, **_shown(first))
    made = schedule.repeat_week(me().id, first=first, until=until, now=now)
    if made:
        words = ngettext("%(num)s slot is new.", "%(num)s slots are new.", made)
        flash(gettext("The week was repeated. %(words)s", words=words))
    else:
        flash(gettext("Nothing is new: those times were published already, or there were none."))
    return go(url_for(".show_week", week=first + schedule.WEEK))


_UNREADABLE = Problem(code="unreadable", about="at", text=N_("Please choose the times anew."))


def _shown(first: date, *, ticked: Sequence[str] = ()) -> dict[str, object]:
    """A week with its neighbours; a neighbour too far away is none."""
    now = clock.now()
    before, after = first - schedule.WEEK, first + schedule.WEEK
    days = week.days_of(me().id, first, now=now)
    return {
        "call": _call(),
        "first": first,
        "days": days,
        "ticked": set(ticked),
        "today": now.astimezone(clock.JAPAN).date(),
        "is_this_week": first == week.this_week(now),
        "before": before if week.is_shown(before, now=now) else None,
        "after": after if week.is_shown(after, now=now) else None,
        "is_published": any(half.published for day in days for half in day.halves),
    }


def _repeat_form(first: date) -> RepeatForm:
    """Unless told otherwise, up to the Sunday of the next week."""
    return RepeatForm(formdata=None, until=first + timedelta(days=2 * week.DAYS - 1))


def _first(asked: str) -> date:
    """The Monday of an asked day; this week's where it is no date or too far away."""
    now = clock.now()
    try:
        first = week.first_of(date.fromisoformat(asked))
    except ValueError:
        return week.this_week(now)
    return first if week.is_shown(first, now=now) else week.this_week(now)


def _first_of(span: Span) -> date:
    return week.first_of(span.start.astimezone(clock.JAPAN).date())


def _spans(ticked: Sequence[str]) -> list[Span] | None:
    """The half hours that were ticked; None where one of them is no time, or they are too many."""
    starts = [_moment(each) for each in ticked]
    if None in starts or len(starts) > week.DAYS * week.HALVES:
        return None
    return [Span(start, start + week.HALF_HOUR) for start in starts if start]


def _span(given: dict[str, str]) -> Span:
    """A span within half an hour, on the grid. Anything else does not exist."""
    start, end = _moment(given.get("start", "")), _moment(given.get("end", ""))
    if not start or not end or not week.is_part(Span(start, end)):
        abort(404)
    return Span(start, end)


def _moment(text: str) -> datetime | None:
    """A moment with its zone, in the years that calendars reach."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and 2000 <= at.year <= 9000 else None


def _length(slots: int) -> str:
    """So many slots as hours and minutes."""
    hours, minutes = divmod(slots * policy.SLOT_MINUTES, 60)
    in_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
    in_minutes = ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if hours and minutes:
        return str(gettext("%(hours)s %(minutes)s", hours=in_hours, minutes=in_minutes))
    return str(in_hours if hours else in_minutes)


def _call() -> calling.Call:
    return calling.call_of(me().id, now=clock.now())
