"""A cast's talks: answering the bell, the talks so far, and the facts of each."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import clock, policy
from app.blueprints import strips
from app.blueprints.cast_room.dashboard import bell_changed, bp
from app.blueprints.forms import ImpressionForm
from app.blueprints.objection_line import line_of_talk
from app.blueprints.reward_words import SAID
from app.errors import Refused
from app.guards import casts_only, me
from app.payouts import ledger
from app.talks import calling, entering, history, impressions, receipts, reports
from app.talks.models import Party, Talk, TalkState
from app.web import Answer, form_again, go, undone, yen


@bp.get("/talks")
@casts_only
def index() -> Answer:
    """The talks so far, newest first; `before` names the last one of the page above."""
    last = history.find(request.args["before"], of=me()) if "before" in request.args else None
    talks, now = history.page(me(), before=last.id if last else None), clock.now()
    return render_template(
        "cast_room/talks.html",
        call=calling.call_of(me().id, now=now),
        talks=talks,
        rewards=ledger.by_talk(me().id, [talk.id for talk in talks], now=now),
        **SAID,
        before=talks[-1].public_id if len(talks) == history.PAGE else None,
    )


@bp.get("/talks/<public_id>")
@casts_only
def talk(public_id: str) -> Answer:
    """What came of a talk, from the cast's side."""
    talk = _talk(public_id)
    if talk.state is TalkState.RINGING:
        return redirect(url_for(".show"), code=303)
    if talk.booking:
        return redirect(url_for(".booking", public_id=talk.booking.public_id), code=303)
    return render_template("cast_room/talk.html", form=ImpressionForm(), problems=[], **_page(talk))


@bp.post("/talks/<public_id>/impression")
@casts_only
def say_how_it_was(public_id: str) -> Answer:
    """Stars and words about a walk-in for the office (D23). Pressing twice says it once."""
    talk, form = _talk(public_id), ImpressionForm()
    page = {"page": "cast_room/talk.html", "form": form}
    if not form.validate():
        return form_again("cast_room/_impression.html", **page, problems=[], **_page(talk))
    try:
        impressions.keep(
            talk.id, stars=int(form.stars.data), words=form.words.data or "", now=clock.now()
        )
    except Refused as refusal:
        problems, facts = undone(refusal), _page(_talk(public_id))
        return form_again("cast_room/_impression.html", **page, **facts, problems=problems)
    flash(gettext("We have received it. Thank you for the talk."))
    return go(url_for(".talk", public_id=public_id))


@bp.get("/talks/<public_id>/facts")
@casts_only
def facts(public_id: str) -> Answer:
    """The facts alone, while the last presence of a talk that just ended is on its way."""
    talk = _talk(public_id)
    return render_template("cast_room/_facts.html", **_facts(talk)) if talk.room else abort(404)


@bp.post("/talks/<public_id>/answer")
@casts_only
def accept(public_id: str) -> Answer:
    talk = _talk(public_id, lock=True)
    entering.accept(talk, now=clock.now())
    return go(url_for("talks.room", public_id=public_id))


@bp.post("/talks/<public_id>/refusal")
@casts_only
def decline(public_id: str) -> Response:
    entering.decline(_talk(public_id, lock=True), now=clock.now())
    return bell_changed(calling.call_of(me().id, now=clock.now()))


def _talk(public_id: str, *, lock: bool = False) -> Talk:
    """A talk of this cast. To everyone else it does not exist."""
    return history.find(public_id, of=me(), lock=lock) or abort(404)


def _page(talk: Talk) -> dict[str, object]:
    """Everything on the page of a talk."""
    now = clock.now()
    return {
        **_facts(talk),
        "call": calling.call_of(me().id, now=now),
        "impression": impressions.find(talk),
        "why_not_say": impressions.why_not_keep(talk, now=now),
        "say_until": talk.ended_at and talk.ended_at + policy.IMPRESSION_OPEN,
        "party": Party.CAST.value,
        "objection": line_of_talk(talk, viewer=Party.CAST),
    }


def _facts(talk: Talk) -> dict[str, object]:
    if talk.room is None:
        return {"talk": talk, "receipt": None}
    now = clock.now()
    receipt = receipts.receipt_of(talk, now=now)
    return {
        "talk": talk,
        "receipt": receipt,
        "cells": strips.cells_of(receipt, worth=yen(talk.reward_yen)),
        "notes": strips.notes_of(receipt, viewer=Party.CAST),
        "ending": strips.ending_of(talk, viewer=Party.CAST),
        "reported": reports.find(talk, by=Party.CAST),
        "may_report": not reports.why_not_report(talk, now=now),
        "reward": ledger.by_talk(me().id, [talk.id], now=now).get(talk.id),
        **SAID,
    }
