"""Talking: the page before entering, the room, its meter, hanging up, and the receipt."""

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from app import clock
from app.blueprints.forms import EnterForm, RatingForm
from app.casts import profiles
from app.casts.models import Cast
from app.guards import find_me, guests_only, me
from app.people.models import Role
from app.points import lots
from app.purchases.packs import pack_for
from app.talks import endings, entering, history, metering, rating, receipts
from app.talks.meter import meter_of
from app.talks.models import EndedBy, Talk, TalkState
from app.video import tokens
from app.web import Answer, answer, form_again, go

bp = Blueprint("talks", __name__)


@bp.get("/casts/<public_id>/entry")
@guests_only
def entry(public_id: str) -> Answer:
    """Before entering: whom, the price, the free minute, the balance, how long it lasts (G17)."""
    cast = _cast(public_id)
    if (live := entering.live_talk_of_guest(me().id)) and live.cast_id == cast.account_id:
        return redirect(url_for(".show", public_id=live.public_id), code=303)
    return render_template("talks/enter.html", form=EnterForm(), **_entry(cast))


@bp.post("/casts/<public_id>/talks")
@guests_only
def ask(public_id: str) -> Answer:
    """Ring at the cast, at the price that the guest saw."""
    cast, form = _cast(public_id), EnterForm()
    if not form.validate():
        facts = _entry(cast)
        return form_again("talks/_entry.html", page="talks/enter.html", form=form, **facts)
    talk = entering.ask(me(), cast.account_id, price_points=form.price_points.data, now=clock.now())
    return go(url_for(".show", public_id=talk.public_id))


@bp.get("/talks")
@guests_only
def index() -> Answer:
    """The guest's talks, newest first."""
    before = request.args.get("before", type=int)
    talks = history.page(me(), before=before)
    return render_template(
        "talks/_list.html" if request.args.get("part") else "talks/index.html",
        talks=talks,
        next_before=talks[-1].id if len(talks) == history.PAGE else None,
    )


@bp.get("/talks/<public_id>")
def show(public_id: str) -> Answer:
    """Where a talk stands now: the ring, the room, the kind word, or the receipt."""
    talk = _talk(public_id)
    if talk.state is TalkState.RUNNING:
        return redirect(url_for(".room", public_id=public_id), code=303)
    if g.account.role is Role.CAST:
        return redirect(url_for("cast_room.talk", public_id=public_id), code=303)
    if talk.state is TalkState.ENDED:
        return redirect(url_for(".receipt", public_id=public_id), code=303)
    return render_template("talks/ring.html", talk=talk)


@bp.get("/talks/<public_id>/ring")
@guests_only
def ring(public_id: str) -> Answer:
    """The waiting guest's fragment; it stops asking when the ring is over."""
    talk = _talk(public_id)
    if talk.state in {TalkState.RUNNING, TalkState.ENDED}:
        return go(url_for(".show", public_id=public_id))
    return render_template("talks/_ring.html", talk=talk)


@bp.post("/talks/<public_id>/withdrawal")
@guests_only
def withdraw(public_id: str) -> Answer:
    talk = _talk(public_id, lock=True)
    entering.withdraw(talk, now=clock.now())
    return go(url_for(".show", public_id=public_id))


@bp.get("/talks/<public_id>/room")
def room(public_id: str) -> Answer:
    """The room, with a new ticket for this person, this room and the next minutes."""
    talk = _talk(public_id)
    if talk.state is not TalkState.RUNNING:
        return redirect(url_for(".show", public_id=public_id), code=303)
    now = clock.now()
    return render_template(
        "talks/room.html",
        talk=talk,
        party=g.account.role.value,
        meter=meter_of(talk, now=now),
        ticket=_ticket(talk),
    )


@bp.get("/talks/<public_id>/meter")
def meter(public_id: str) -> Answer:
    """Time, clock and points of a running talk; of one that is over, where to go on."""
    talk = _talk(public_id)
    if not talk.is_live:
        return render_template("talks/_ended.html", talk=talk)
    shown = meter_of(talk, now=clock.now())
    return render_template("talks/_meter.html", talk=talk, party=g.account.role.value, meter=shown)


@bp.get("/talks/<public_id>/ticket")
def ticket(public_id: str) -> Answer:
    """A fresh ticket for a page that comes back after a lock screen."""
    talk = _talk(public_id)
    if talk.state is not TalkState.RUNNING:
        abort(404)
    return current_app.json.response({"ticket": _ticket(talk)})


@bp.post("/talks/<public_id>/ending")
def end(public_id: str) -> Answer:
    """Hang up: the server ends the talk and closes the room."""
    talk = _talk(public_id)
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
    """The facts alone, while the last presence of a talk that just ended is on its way."""
    return render_template("talks/_facts.html", **_receipt(_ended(public_id)))


@bp.post("/talks/<public_id>/rating")
@guests_only
def rate(public_id: str) -> Answer:
    talk, form = _talk(public_id, lock=True), RatingForm()
    if talk.state is not TalkState.ENDED:
        abort(404)
    if not form.validate():
        return form_again(
            "talks/_rating.html", page="talks/receipt.html", form=form, **_receipt(talk)
        )
    rating.rate(talk, stars=form.stars.data, line=form.line.data or "", now=clock.now())
    otherwise = url_for(".receipt", public_id=public_id)
    return answer("talks/_rating.html", otherwise=otherwise, form=form, **_receipt(talk))


def _cast(public_id: str) -> Cast:
    cast = profiles.find(public_id)
    return cast or abort(404)


def _talk(public_id: str, *, lock: bool = False) -> Talk:
    """A talk of the signed-in guest or cast. To everyone else it does not exist."""
    account = find_me()
    if account is None or account.role is Role.OPERATOR:
        abort(404)
    g.account = account
    return history.find(public_id, of=account, lock=lock) or abort(404)


def _ended(public_id: str) -> Talk:
    talk = _talk(public_id)
    return talk if talk.state is TalkState.ENDED else abort(404)


def _entry(cast: Cast) -> dict[str, object]:
    now = clock.now()
    purse = lots.purse_of(me().id, now=now)
    needed = entering.points_needed(cast)
    counter = entering.counter_of(me().id, cast.account_id, now=now)
    return {
        "cast": cast,
        "problems": entering.why_not_enter(me(), cast, points=purse.points, now=now),
        "wallet_points": purse.points,
        "needed_points": needed,
        "missing_points": max(needed - purse.points, 0),
        "pack": pack_for(needed - purse.points),
        "free_seconds": metering.free_left(counter.shared).total_seconds(),
        "lasts_until": now + metering.lasts(counter.shared, purse.points, cast.price_points),
    }


def _receipt(talk: Talk) -> dict[str, object]:
    now = clock.now()
    return {
        "talk": talk,
        "receipt": receipts.receipt_of(talk, now=now),
        "rating": rating.find(talk),
        "may_rate": not rating.why_not_rate(talk, now=now),
        "wallet_points": lots.purse_of(talk.guest_id, now=now).points,
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
