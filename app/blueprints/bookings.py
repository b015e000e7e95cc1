"""A guest's reservations: choosing a time, the final screen, the list, one booking, cancelling."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import clock, policy
from app.blueprints import booking_page
from app.blueprints.booking_screen import BookingScreen, per_minute
from app.blueprints.calendars import feed_address
from app.blueprints.consents import agreed_first
from app.blueprints.forms import CancelForm, RatingForm
from app.blueprints.own_bookings import own_booking
from app.bookings import cancelling, diary, notices, offer, openings, reserving, settlements
from app.bookings.models import Booking
from app.bookings.terms import Terms, opens_at
from app.casts import profiles
from app.casts.models import Cast
from app.errors import Problem, Refused
from app.guards import guests_only, me
from app.jobs import later
from app.purchases.packs import pack_for
from app.talks import jobs as talk_jobs
from app.web import Answer, form_again, go, moment, undone

bp = Blueprint("bookings", __name__)

USUAL_SLOTS = 2  # chosen first, where so many are free


@bp.get("/casts/<public_id>/booking")
@guests_only
@agreed_first
def choose(public_id: str) -> Answer:
    """How long, from the chosen start: each length with talk time and price."""
    cast, starts_at = _cast(public_id), _start()
    run = offer.free_run(cast.account_id, starts_at)
    lengths = [_terms(cast, starts_at, slots) for slots in range(1, run + 1)]
    return render_template(
        "bookings/choose.html",
        cast=cast,
        starts_at=starts_at,
        lengths=lengths,
        usual=min(USUAL_SLOTS, run),
        minute_points={terms.slots: per_minute(terms) for terms in lengths},
        problems=[] if run else reserving.why_not_at(starts_at, slots=1, now=clock.now()),
    )


@bp.get("/casts/<public_id>/booking/confirmation")
@guests_only
@agreed_first
def confirmation(public_id: str) -> Answer:
    """The final screen; its button books."""
    cast, starts_at = _cast(public_id), _start()
    slots = request.args.get("slots", default=0, type=int)
    if not 1 <= slots <= policy.MOST_SLOTS:
        return redirect(url_for(".choose", public_id=public_id, start=starts_at.isoformat()), 303)
    return _confirm(cast, _terms(cast, starts_at, slots))


@bp.post("/casts/<public_id>/bookings")
@guests_only
@agreed_first
def reserve(public_id: str) -> Answer:
    """Book what the final screen said. Pressing twice books once."""
    now = clock.now()
    screen = BookingScreen.read(request.form.get("form_key", ""), _secret(), person=me(), now=now)
    if screen is None or screen.cast != public_id:
        flash(gettext("That page was open for too long. Please choose the time again."))
        return go(url_for("casts.show", public_id=public_id))
    cast = _cast(public_id)
    starts_at = datetime.fromtimestamp(screen.starts_at, UTC)
    try:
        booking_id = reserving.reserve(
            me().id,
            cast.account_id,
            starts_at=starts_at,
            slots=screen.slots,
            price_points=screen.price_points,
            form_key=screen.key,
            shown=screen.shown,
            now=now,
        )
    except Refused as refusal:
        problems = undone(refusal)  # shown on the very screen, which says what to do about it
        terms = _terms(cast, starts_at, screen.slots)
        return _confirm(cast, terms, problems=problems), Refused.status
    later(talk_jobs.bind)
    return go(url_for(".show", public_id=reserving.get(booking_id).public_id))


@bp.post("/casts/<public_id>/openings")
@guests_only
def call_when_open(public_id: str) -> Answer:
    """「受付開始を知らせる」: a mail when booking opens for this time."""
    cast, starts_at = _cast(public_id), _start()
    openings.ask(me().id, cast.account_id, starts_at=starts_at, now=clock.now())
    flash(gettext("We will mail you at %(at)s.", at=moment(opens_at(starts_at))))
    return go(url_for("casts.show", public_id=public_id, _anchor="cast-schedule"))


@bp.get("/bookings")
@guests_only
def index() -> Answer:
    """予約一覧: what is ahead, and what was."""
    now = clock.now()
    before = diary.find(request.args.get("before", ""), of=me())
    behind = diary.behind(me(), now=now, before=before)
    ahead = [] if before else diary.ahead(me(), now=now)
    return render_template(
        "bookings/index.html",
        ahead=ahead,
        behind=behind,
        settled=settlements.by_booking([each.id for each in behind]),
        before=behind[-1] if len(behind) == diary.PAGE else None,
        notices=notices.unseen_of(me().id, now=now),
        feed=feed_address(me()),
    )


@bp.get("/bookings/<public_id>")
@guests_only
def show(public_id: str) -> Answer:
    facts = booking_page.facts_of(own_booking(public_id), me())
    return render_template("bookings/show.html", form=RatingForm(formdata=None), **facts)


@bp.get("/bookings/<public_id>/cancellation")
@guests_only
def cancellation(public_id: str) -> Answer:
    """What cancelling means at this moment, before it is done."""
    facts = _cancelling(own_booking(public_id))
    return render_template("bookings/cancellation.html", form=CancelForm(), problems=[], **facts)


@bp.post("/bookings/<public_id>/cancellation")
@guests_only
def cancel(public_id: str) -> Answer:
    booking, form = own_booking(public_id), CancelForm()
    accepts = bool(form.accepts_loss.data)
    try:
        settlement = cancelling.by_guest(booking.id, accepts_loss=accepts, now=clock.now())
    except Refused as refusal:
        return form_again(
            "bookings/_cancellation.html",
            page="bookings/cancellation.html",
            form=form,
            problems=undone(refusal),
            **_cancelling(own_booking(public_id)),
        )
    later(talk_jobs.bind)
    back = settlement.returned_points
    if back:
        flash(gettext("Cancelled. %(points)s pt have been returned.", points=f"{back:,}"))
    else:
        flash(gettext("Cancelled. No points were returned."))
    return go(url_for(".show", public_id=public_id))


def _cast(public_id: str) -> Cast:
    return profiles.find_for(public_id, me()) or abort(404)


def _start() -> datetime:
    """The start that the address or the form names; 404 for what is no moment."""
    try:
        at = datetime.fromisoformat(request.values.get("start", ""))
    except ValueError:
        abort(404)
    return at if at.tzinfo and 2000 <= at.year <= 9000 else abort(404)


def _terms(cast: Cast, starts_at: datetime, slots: int) -> Terms:
    return Terms(
        starts_at=starts_at,
        slots=slots,
        price_points=cast.slot_points,
        reward_yen=cast.slot_reward_yen,
    )


def _confirm(cast: Cast, terms: Terms, *, problems: Sequence[Problem] | None = None) -> str:
    """The final screen, with everything that is in the way of its button."""
    now = clock.now()
    screen = BookingScreen.of(terms, cast=cast, guest=me(), now=now)
    facts = reserving.facts_of(
        me().id, cast.account_id, starts_at=terms.starts_at, slots=terms.slots, now=now
    )
    if problems is None:
        problems = reserving.why_not_reserve(terms, facts, now=now)
    return render_template(
        "bookings/confirmation.html",
        cast=cast,
        terms=terms,
        screen=screen,
        signed=screen.sign(_secret()),
        problems=problems,
        points=facts.points,
        pack=pack_for(max(terms.points - facts.points, 0)),
    )


def _cancelling(booking: Booking) -> dict[str, object]:
    now = clock.now()
    return {
        "booking": booking,
        "why_not": cancelling.why_not_cancel(booking, now=now),
        "gets_points_back": cancelling.gets_points_back(booking, now=now),
    }


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)
