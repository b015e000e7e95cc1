"""A cast's reservations: the list (トーク一覧), one of them (トーク詳細), cancelling, the report."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from app import clock
from app.blueprints import booking_page
from app.blueprints.calendars import feed_address
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.forms import CompletionForm, WordsForm
from app.blueprints.own_bookings import own_booking
from app.blueprints.pads import note_pad
from app.blueprints.reward_words import SAID
from app.bookings import cancelling, completions, diary, notices, settlements
from app.bookings.models import CompletionKind
from app.errors import Refused
from app.guards import casts_only, me
from app.jobs import later
from app.payouts import ledger
from app.talks import calling, settling
from app.talks import jobs as talk_jobs
from app.web import Answer, form_again, go, undone


@bp.get("/bookings")
@casts_only
def bookings() -> Answer:
    now = clock.now()
    before = diary.find(request.args.get("before", ""), of=me())
    behind = diary.behind(me(), now=now, before=before)
    return render_template(
        "cast_room/bookings.html",
        call=calling.call_of(me().id, now=now),
        ahead=[] if before else diary.ahead(me(), now=now),
        behind=behind,
        before=behind[-1] if len(behind) == diary.PAGE else None,
        settled=settlements.by_booking([each.id for each in behind]),
        rewards=ledger.by_booking(me().id, [each.id for each in behind], now=now),
        notices=notices.unseen_of(me().id, now=now),
        feed=feed_address(me()),
    )


@bp.get("/bookings/<public_id>")
@casts_only
def booking(public_id: str) -> Answer:
    return render_template(
        "cast_room/booking.html", form=_report_form(public_id), problems=[], **_facts(public_id)
    )


@bp.post("/bookings/<public_id>/report")
@casts_only
def report(public_id: str) -> Answer:
    """File the completion report (完了報告); a late one is kept as a comment."""
    booking, form = own_booking(public_id), CompletionForm()
    page = {"page": "cast_room/booking.html", "form": form}
    if not form.validate():
        return form_again("cast_room/_report.html", **page, **_facts(public_id))
    try:
        completions.file(
            booking.id,
            kind=CompletionKind(form.kind.data),
            impression=form.impression.data,
            stars=int(form.stars.data),
            now=clock.now(),
        )
    except Refused as refusal:
        problems = undone(refusal)
        return form_again("cast_room/_report.html", **page, **_facts(public_id), problems=problems)
    flash(gettext("The report is filed. Thank you for the talk."))
    return go(url_for(".booking", public_id=public_id))


@bp.get("/bookings/<public_id>/cancellation")
@casts_only
def cancellation(public_id: str) -> Answer:
    return render_template(
        "cast_room/cancellation.html", form=WordsForm(), problems=[], **_cancelling(public_id)
    )


@bp.post("/bookings/<public_id>/cancellation")
@casts_only
def cancel(public_id: str) -> Answer:
    """Cancel in time, or in the last hour as an emergency with a reason (C39, C40, D38)."""
    booking, form, now = own_booking(public_id), WordsForm(), clock.now()
    page = {"page": "cast_room/cancellation.html", "form": form}
    if not form.validate():
        return form_again("cast_room/_cancellation.html", **page, **_cancelling(public_id))
    # What was pressed counts, so that nobody reports an emergency without having read of it.
    in_time = cancelling.may_cast_cancel(booking, now=now) or "emergency" not in request.form
    try:
        rule = cancelling.by_cast if in_time else cancelling.in_emergency
        rule(booking.id, words=form.words.data or "", now=now)
    except Refused as refusal:
        problems, facts = undone(refusal), _cancelling(public_id)
        return form_again("cast_room/_cancellation.html", **page, **facts, problems=problems)
    later(talk_jobs.bind)
    flash(gettext("Cancelled. The guest has been told and got all points back."))
    return go(url_for(".booking", public_id=public_id))


def _facts(public_id: str) -> dict[str, object]:
    booking = own_booking(public_id)
    now = clock.now()
    call = calling.call_of(me().id, now=now)
    rewards = ledger.of_these(me().id, booking_ids=[booking.id], now=now)
    pad = note_pad(booking.guest, "cast_room.note_of_booking", "cast_room.booking", public_id)
    return {
        "call": call,
        "pad": pad,
        "reward": rewards[0] if rewards else None,
        **SAID,
        **booking_page.facts_of(booking, me()),
    }


def _report_form(public_id: str) -> CompletionForm:
    """The report, filled in as the record of who was there suggests."""
    seen = settling.by_evidence(own_booking(public_id)).outcome
    return CompletionForm(formdata=None, kind=completions.suggested(seen))


def _cancelling(public_id: str) -> dict[str, object]:
    booking, now = own_booking(public_id), clock.now()
    return {
        "booking": booking,
        "call": calling.call_of(me().id, now=now),
        "why_not": cancelling.why_not_cancel(booking, now=now),
        "in_time": cancelling.may_cast_cancel(booking, now=now),
    }
