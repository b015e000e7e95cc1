"""A cast's bookings: the page of each, which the schedule leads to."""

from flask import abort

from app.blueprints.cast_room.dashboard import bp
from app.guards import casts_only
from app.web import Answer


@bp.get("/bookings/<public_id>")
@casts_only
def booking(public_id: str) -> Answer:  # noqa: ARG001 - the page itself comes with its part
    return abort(404)
