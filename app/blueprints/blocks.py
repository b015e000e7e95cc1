"""Blocking somebody, and taking it back: for guests and casts alike."""

from flask import Blueprint, flash, g, render_template, url_for
from flask_babel import gettext

from app import clock
from app.blueprints.known_people import known_person, name_of, names_of
from app.blueprints.own_bookings import own_account
from app.bookings import diary
from app.people import blocks
from app.people.models import Account, Role
from app.talks import calling
from app.talks.entering import live_talk_of_cast, live_talk_of_guest
from app.web import Answer, go

bp = Blueprint("blocks", __name__)


@bp.get("/blocks")
def index() -> Answer:
    """Whom one has blocked; who has blocked oneself stands nowhere."""
    account = own_account()
    found = blocks.of_account(account)
    names = names_of(other for _, other in found)
    mine = [(block, other, names[other.id]) for block, other in found]
    return render_template("blocks/index.html", mine=mine, **_frame(account))


@bp.get("/blocks/<named>")
def show(named: str) -> Answer:
    """What a block means, and what it leaves as it is, before it is done."""
    account = own_account()
    other = known_person(named, to=account)
    return render_template(
        "blocks/show.html", named=named, **_facts(account, other), **_frame(account)
    )


@bp.post("/blocks/<named>")
def block(named: str) -> Answer:
    """Block. Pressing twice blocks once."""
    account = own_account()
    other = known_person(named, to=account)
    blocks.block(account, other, now=clock.now())
    flash(gettext("Blocked. You do not meet %(name)s any more.", name=name_of(other)))
    return go(url_for(".index"))


@bp.post("/blocks/<named>/end")
def unblock(named: str) -> Answer:
    account = own_account()
    if other := blocks.unblock(named, by=account, now=clock.now()):
        flash(gettext("%(name)s is not blocked any more.", name=name_of(other)))
    return go(url_for(".index"))


def _facts(account: Account, other: Account) -> dict[str, object]:
    now = clock.now()
    is_cast = account.role is Role.CAST
    guest_id, cast_id = (other.id, account.id) if is_cast else (account.id, other.id)
    talk = live_talk_of_cast(cast_id) if is_cast else live_talk_of_guest(guest_id)
    return {
        "other": other,
        "name": name_of(other),
        "is_blocked": blocks.has_blocked(account.id, other.id),
        "bookings": [
            each
            for each in diary.ahead(account, now=now)
            if (each.guest_id, each.cast_id) == (guest_id, cast_id)
        ],
        "talks_now": bool(talk and (talk.guest_id, talk.cast_id) == (guest_id, cast_id)),
    }


def _frame(account: Account) -> dict[str, object]:
    """A cast keeps the side list, and is heard being rung here, too."""
    is_cast = g.account.role is Role.CAST
    call = calling.call_of(account.id, now=clock.now()) if is_cast else None
    return {"is_cast": is_cast, "call": call}
