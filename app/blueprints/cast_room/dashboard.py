"""The cast's dashboard: the stand-by switch, the bell that every page of a cast carries, the yen."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app import clock, policy
from app.blueprints.consents import agreed_first
from app.blueprints.pads import memo_pad
from app.blueprints.reward_words import SAID
from app.bookings import diary, notices
from app.casts import invitations, memos, prices, standby
from app.casts.models import InvitationState, RankInvitation
from app.guards import casts_only, me
from app.messages import thread as messages
from app.notices import office_notices
from app.payouts import earned, ledger
from app.people import devices
from app.talks import calling, history
from app.talks.calling import Call
from app.web import Answer, answer, wants_fragment

bp = Blueprint("cast_room", __name__, url_prefix="/cast-room")

TALKS_SHOWN = 5
BOOKINGS_SHOWN = 5


@bp.get("")
@casts_only
def show() -> Answer:
    """Today at one glance (C25, C51)."""
    now = clock.now()
    ahead = diary.ahead(me(), now=now)[:BOOKINGS_SHOWN]
    invitation, call = _invitation(), _call()
    talks = history.page(me())[:TALKS_SHOWN]
    return render_template(
        "cast_room/show.html",
        call=call,
        planned=prices.planned(call.cast.rank, today=now.astimezone(clock.JAPAN).date()),
        begins=clock.start_of,
        earned=earned.earned_by(me().id, now=now),
        payable_yen=ledger.yen_of(ledger.claimable(me().id, now=now)),
        talks=talks,
        rewards=ledger.by_talk(me().id, [talk.id for talk in talks], now=now),
        **SAID,
        ahead=ahead,
        noted=memos.words_on(me().id, [booking.guest_id for booking in ahead]),
        unreported=diary.unreported(me().id, now=now),
        unread=messages.unread_by_booking(me()),
        notices=notices.unseen_of(me().id, now=now),
        held=office_notices.holding(me(), now=now),
        invitation=invitation,
        invitation_until=clock.start_of(invitation.last_day) if invitation else None,
        check=devices.last_of(me().id),
        tested=devices.last_passed(me().id, since=now - policy.DEVICE_TEST_HOLDS),
        pad=memo_pad(),
    )


@bp.get("/standby")
@casts_only
def standing() -> Answer:
    """The switch as it stands now; the bell asks for it when something has changed."""
    return render_template("cast_room/_standby.html", call=_call())


@bp.post("/standby")
@casts_only
@agreed_first
def stand_by() -> Answer:
    standby.begin(me().id, now=clock.now())
    return answer("cast_room/_standby.html", otherwise=url_for(".show"), call=_call())


@bp.post("/standby/end")
@casts_only
def stop() -> Answer:
    standby.stop(me().id)
    return answer("cast_room/_standby.html", otherwise=url_for(".show"), call=_call())


@bp.post("/beat")
@casts_only
def beat() -> Answer | Response:
    """The page is open. Answers with the bell only where something has changed since."""
    standby.beat(me().id, now=clock.now())
    call = _call()
    if wants_fragment() and request.form.get("seen") == call.word:
        return "", 204
    return bell_changed(call)


def bell_changed(call: Call) -> Response:
    """The bell as it is now; the switch, where the page has one, hears of it and looks again."""
    changed = make_response(
        answer("cast_room/_bell.html", otherwise=url_for("cast_room.show"), call=call)
    )
    changed.headers["HX-Trigger"] = "standby-changed"
    return changed


def _invitation() -> RankInvitation | None:
    """The one that waits for an answer."""
    ahead = invitations.ahead_of(me().id)
    return ahead if ahead and ahead.state is InvitationState.OPEN else None


def _call() -> Call:
    return calling.call_of(me().id, now=clock.now())
