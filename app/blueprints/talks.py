"""Talking: the page before entering, the room, its meter, hanging up, and the receipt."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from sqlalchemy import Row

from app import clock
from app.blueprints import booking_page, strips
from app.blueprints.casts import category_names
from app.blueprints.consents import agreed_first
from app.blueprints.forms import EnterForm, RatingForm
from app.blueprints.objection_line import line_of_talk
from app.blueprints.own_bookings import own_account, own_booking, path_of
from app.casts import profiles, search
from app.casts.models import Cast
from app.errors import Refused
from app.guards import guests_only, me
from app.people.models import Role
from app.purchases.packs import pack_for
from app.talks import endings, entering, history, rating, receipts, reports
from app.talks.doorway import Doorway, doorway_of
from app.talks.meter import meter_of
from app.talks.models import EndedBy, Party, Talk, TalkState
from app.video import tokens
from app.web import Answer, answer, form_again, go, may_frame, points, wants_fragment

bp = Blueprint("talks", __name__)

NO_PRICE = 0  # what a form without a price has seen
SUGGESTED = 4  # casts


@bp.get("/casts/<public_id>/entry")
@guests_only
@agreed_first
def entry(public_id: str) -> Answer:
    """Before entering: whom, the price, the free minute, the balance, how long it lasts (G17)."""
    cast = _cast(public_id)
    door = doorway_of(me(), cast, now=clock.now())
    if door.live and door.live.cast_id == cast.account_id:
        return go(url_for(".show", public_id=door.live.public_id))
    return render_template("talks/enter.html", form=_enter_form(cast), **_entry(cast, door))


@bp.post("/casts/<public_id>/talks")
@guests_only
@agreed_first
def ask(public_id: str) -> Answer:
    """Ring at the cast, at the price that the guest saw. Pressing twice rings once."""
    cast, now = _cast(public_id), clock.now()
    form = EnterForm()
    price_points = form.price_points.data if form.validate() else NO_PRICE
    door = doorway_of(me(), cast, price_points=price_points, now=now)
    pressed_before = door.live and door.live.cast_id == cast.account_id
    if door.problems and not pressed_before:
        template = "talks/_entry.html" if wants_fragment() else "talks/enter.html"
        said = render_template(template, form=_enter_form(cast), **_entry(cast, door))
        return said, Refused.status
    talk = entering.ask(me(), cast.account_id, price_points=price_points, now=now)
    return go(url_for(".show", public_id=talk.public_id))


@bp.get("/talks")
@guests_only
def index() -> Answer:
    """The guest's talks, newest first; `before` names the last one of the page above."""
    before = request.args.get("before")
    last = history.find(before, of=me()) if before else None
    talks = history.page(me(), before=last.id if last else None)
    return render_template(
        "talks/_list.html" if request.args.get("part") else "talks/index.html",
        talks=talks,
        before=talks[-1].public_id if len(talks) == history.PAGE else None,
    )


@bp.get("/talks/<public_id>")
def show(public_id: str) -> Answer:
    """Where a talk stands now: the ring, the room, the kind word, or the receipt."""
    talk = own_talk(public_id)
    if talk.state is TalkState.RUNNING:
        return redirect(url_for(".room", public_id=public_id), code=303)
    if talk.booking:
        return redirect(path_of(talk.booking, viewer=g.account), code=303)
    if g.account.role is Role.CAST:
        return redirect(url_for("cast_room.talk", public_id=public_id), code=303)
    if talk.state is TalkState.ENDED:
        return redirect(url_for(".receipt", public_id=public_id), code=303)
    if talk.state is TalkState.RINGING:
        return render_template("talks/ring.html", talk=talk)
    return render_template(
        "talks/unanswered.html",
        talk=talk,
        others=_others_online(talk.cast),
        category_names=category_names(),
    )


@bp.get("/talks/<public_id>/ring")
@guests_only
def ring(public_id: str) -> Answer:
    """The waiting guest's fragment; when the ring is over it sends the browser on."""
    talk = own_talk(public_id)
    if talk.state is not TalkState.RINGING:
        return go(url_for(".show", public_id=public_id))
    return render_template("talks/_ring.html", talk=talk)


@bp.post("/talks/<public_id>/withdrawal")
@guests_only
def withdraw(public_id: str) -> Answer:
    talk = own_talk(public_id, lock=True)
    entering.withdraw(talk, now=clock.now())
    return go(url_for(".show", public_id=public_id))


@bp.get("/talks/<public_id>/room")
def room(public_id: str) -> Answer:
    """The room. Its page gets in with a ticket for this person, this room and the next minutes."""
    talk = own_talk(public_id)
    if talk.state is not TalkState.RUNNING:
        return redirect(url_for(".show", public_id=public_id), code=303)
    may_frame(current_app.config["SETTINGS"].jitsi_origin)
    return render_template(
        "talks/room.html",
        talk=talk,
        party=g.account.role.value,
        meter=meter_of(talk, party=_party(), now=clock.now()),
        ticket=_ticket(talk),
    )


@bp.get("/talks/<public_id>/meter")
def meter(public_id: str) -> Answer:
    """Time, clock and points of a running talk; of one that is over, where to go on."""
    talk = own_talk(public_id)
    if not talk.is_live:
        return render_template("talks/_ended.html", talk=talk)
    shown = meter_of(talk, party=_party(), now=clock.now())
    return render_template("talks/_meter.html", talk=talk, party=g.account.role.value, meter=shown)


@bp.get("/talks/<public_id>/ticket")
def ticket(public_id: str) -> Answer:
    """A fresh ticket for a page that comes back after a lock screen."""
    talk = own_talk(public_id)
    if talk.state is not TalkState.RUNNING:
        abort(404)
    return current_app.json.response({"ticket": _ticket(talk)})


@bp.post("/talks/<public_id>/ending")
def end(public_id: str) -> Answer:
    """Hang up: the server ends the talk and closes the room.

    A reserved talk goes on to its time, so that whoever goes out may come in again.
    """
    talk = own_talk(public_id)
    if talk.booking:
        return go(path_of(talk.booking, viewer=g.account))
    by = EndedBy.CAST if g.account.role is Role.CAST else EndedBy.GUEST
    if talk.state is TalkState.RINGING:
        return withdraw(public_id)
    endings.end(talk.id, by=by, now=clock.now())
    return go(url_for(".show", public_id=public_id))


@bp.get("/talks/<public_id>/receipt")
@guests_only
def receipt(public_id: str) -> Answer:
    talk = _ended(public_id)
    return render_template("talks/receipt.html", form=RatingForm(), **_receipt(talk))


@bp.get("/talks/<public_id>/receipt/facts")
@guests_only
def receipt_facts(public_id: str) -> Answer:
    """The facts and the wallet, while the last presence of a talk that ended is on its way."""
    return render_template("talks/_settled.html", **_receipt(_ended(public_id)))


@bp.post("/talks/<public_id>/rating")
@guests_only
def rate(public_id: str) -> Answer:
    talk, form = own_talk(public_id, lock=True), RatingForm()
    if talk.state is not TalkState.ENDED:
        abort(404)
    page, facts = "talks/receipt.html", partial(_receipt, talk)
    otherwise = url_for(".receipt", public_id=public_id)
    if booking := talk.booking:
        page, facts = "bookings/show.html", partial(_booked, booking.public_id)
        otherwise = path_of(booking, viewer=me())
    if not form.validate():
        return form_again("talks/_rating.html", page=page, form=form, **facts())
    rating.rate(talk, stars=int(form.stars.data), line=form.line.data or "", now=clock.now())
    return answer("talks/_rating.html", otherwise=otherwise, form=form, **facts())


def _booked(public_id: str) -> dict[str, object]:
    """The facts of a reserved talk's page, which shows its rating."""
    return booking_page.facts_of(own_booking(public_id), me())


def _cast(public_id: str) -> Cast:
    cast = profiles.find_for(public_id, me())
    return cast or abort(404)


def own_talk(public_id: str, *, lock: bool = False) -> Talk:
    """A talk of the signed-in guest or cast. To everyone else it does not exist."""
    return history.find(public_id, of=own_account(), lock=lock) or abort(404)


def _ended(public_id: str) -> Talk:
    """A walk-in that is over; what a reserved one came to stands on its booking's page."""
    talk = own_talk(public_id)
    return talk if talk.state is TalkState.ENDED and not talk.booking else abort(404)


def _party() -> Party:
    return Party(g.account.role.value)


def _enter_form(cast: Cast) -> EnterForm:
    """The form at today's price, whatever was sent."""
    return EnterForm(formdata=None, price_points=cast.price_points)


def _entry(cast: Cast, door: Doorway) -> dict[str, object]:
    return {"cast": cast, "door": door, "pack": pack_for(door.missing_points)}


def _others_online(cast: Cast) -> list[Row[Any]]:
    """A few casts who can talk now, apart from the one who could not."""
    online = search.find(search.Search(ready=True), reader_id=me().id).casts
    return [each for each in online if each.account_id != cast.account_id][:SUGGESTED]


def _receipt(talk: Talk) -> dict[str, object]:
    now = clock.now()
    receipt = receipts.receipt_of(talk, now=now)
    return {
        "talk": talk,
        "receipt": receipt,
        "cells": strips.cells_of(receipt, worth=points(talk.price_points)),
        "notes": strips.notes_of(receipt, viewer=Party.GUEST),
        "free": strips.span(receipt.free.total_seconds()),
        "ending": strips.ending_of(talk, viewer=Party.GUEST),
        "rating": rating.find(talk),
        "may_rate": not rating.why_not_rate(talk, now=now),
        "reported": reports.find(talk, by=Party.GUEST),
        "may_report": not reports.why_not_report(talk, now=now),
        "party": Party.GUEST.value,
        "objection": line_of_talk(talk, viewer=Party.GUEST),
    }


def _ticket(talk: Talk) -> str:
    assert talk.room
    return tokens.issue(
        room=talk.room,
        person=g.account.public_id,
        nickname=g.account.nickname,
        secret=current_app.config["SETTINGS"].video_token_secret,
        now=clock.now(),
    )
