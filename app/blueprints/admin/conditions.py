"""The office reads the written conditions of a cast, as the cast has them."""

from flask import abort, render_template

from app import clock
from app.blueprints.admin.talks import bp
from app.blueprints.conditions_paper import STANDINGS, on, paper_of
from app.casts import profiles
from app.guards import operators_only
from app.payouts import condition_reading
from app.web import Answer


@bp.context_processor
def _conditions() -> dict[str, object]:
    """For the page of a cast, which lists them."""
    now = clock.now()
    return {
        "conditions_of": lambda cast_id: condition_reading.told_to(cast_id, now=now),
        "condition_standings": STANDINGS,
        "on": on,
    }


@bp.get("/casts/<public_id>/conditions/<notice_id>")
@operators_only
def conditions(public_id: str, notice_id: str) -> Answer:
    cast = profiles.find(public_id) or abort(404)
    told = condition_reading.find(notice_id, cast_id=cast.account_id, now=clock.now())
    if told is None:
        abort(404)
    return render_template("admin/conditions.html", cast=cast, told=told, **paper_of(told))
