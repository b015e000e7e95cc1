"""The conditions of a cast's work in writing: every notice, and that it was read (facts: Japan 3.9)."""

from flask import abort, flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import clock
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.conditions_paper import STANDINGS, on, paper_of
from app.guards import casts_only, me
from app.payouts import condition_reading
from app.payouts.condition_reading import Told
from app.talks import calling
from app.web import Answer, go

TERMS = {
    "seller": _("who commissions"),
    "rank": _("rank"),
    "reward_yen": _("reward of a minute"),
    "slot_reward_yen": _("reward of a slot"),
    "price_points": _("price of a minute"),
    "slot_points": _("price of a slot"),
    "cast_bears_fee": _("transfer fee"),
}
OTHERS = _("other conditions")
FOLLOWS = {"reward_percent"}  # of the rewards, which are named


@bp.context_processor
def _conditions() -> dict[str, object]:
    """For the dashboard: what is still to be read."""
    now = clock.now()
    return {
        "conditions_waiting": lambda: condition_reading.waiting(me().id, now=now),
        "on": on,
    }


@bp.get("/conditions")
@casts_only
def conditions() -> Answer:
    now = clock.now()
    return render_template(
        "cast_room/conditions.html",
        call=calling.call_of(me().id, now=now),
        told=condition_reading.told_to(me().id, now=now),
        standings=STANDINGS,
        whats_new=whats_new,
    )


@bp.get("/conditions/<public_id>")
@casts_only
def show_conditions(public_id: str) -> Answer:
    told = _own(public_id)
    return render_template(
        "cast_room/condition.html",
        call=calling.call_of(me().id, now=clock.now()),
        told=told,
        standings=STANDINGS,
        **paper_of(told),
    )


@bp.post("/conditions/<public_id>/confirmation")
@casts_only
def confirm_conditions(public_id: str) -> Answer:
    condition_reading.confirm(_own(public_id).notice, now=clock.now())
    flash(gettext("Thank you. It is noted that you have read these conditions."))
    return go(url_for(".show_conditions", public_id=public_id))


def whats_new(told: Told) -> list[str]:
    """What changed, in a few words each."""
    named = [str(words) for name, words in TERMS.items() if name in told.changed]
    return named + [str(OTHERS)] * bool(told.changed - TERMS.keys() - FOLLOWS)


def _own(public_id: str) -> Told:
    return condition_reading.find(public_id, cast_id=me().id, now=clock.now()) or abort(404)
