"""The reserved talk, for either of its two people: going into its room, and going on for a slot."""

from flask import Blueprint, abort, g, render_template, request, url_for

from app import clock
from app.blueprints.own_bookings import own_account, own_booking
from app.blueprints.talks import own_talk
from app.bookings import notices
from app.people.models import Role
from app.talks import extending, reserved
from app.talks.meter import meter_of
from app.talks.models import Party, TalkState
from app.web import Answer, answer, go, wants_fragment

bp = Blueprint("reserved", __name__)


@bp.post("/bookings/<public_id>/entry")
def enter(public_id: str) -> Answer:
    """Go into the room; whoever comes first opens it. Coming back leads into the same one."""
    booking = own_booking(public_id)
    talk = reserved.enter(booking.id, now=clock.now())
    return go(url_for("talks.room", public_id=talk.public_id))


@bp.post("/talks/<public_id>/extension")
def extend(public_id: str) -> Answer:
    """One tap for one more slot; with the other's tap the talk goes on."""
    talk = own_talk(public_id)
    if talk.booking_id is None or talk.state is not TalkState.RUNNING:
        abort(404)
    party, now = Party(g.account.role.value), clock.now()
    extended = request.form.get("extended", default=0, type=int)
    extending.want(talk.booking_id, by=party, extended=extended, now=now)
    if not wants_fragment():
        return go(url_for("talks.room", public_id=public_id))
    again = own_talk(public_id)
    meter = meter_of(again, party=party, now=now)
    return render_template("talks/_meter.html", talk=again, party=party.value, meter=meter)


@bp.post("/bookings/notices/reading")
def put_away() -> Answer:
    """The notices of the page have been read."""
    account = own_account()
    shown = request.form.getlist("shown", type=int)
    notices.put_away(account.id, shown=shown, now=clock.now())
    home = "cast_room.bookings" if account.role is Role.CAST else "bookings.index"
    return answer("bookings/_notices.html", otherwise=url_for(home), notices=[], party="")
