"""A cast's statements of what was paid (支払通知書)."""

from flask import abort, render_template

from app import clock
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.statement_files import KINDS, answer_with
from app.guards import casts_only, me
from app.payouts import statements as papers
from app.payouts.statements import Statement
from app.talks import calling
from app.web import Answer


@bp.get("/statements")
@casts_only
def statements() -> Answer:
    call = calling.call_of(me().id, now=clock.now())
    return render_template("cast_room/statements.html", call=call, paid=papers.of_cast(me().id))


@bp.get("/statements/<public_id>")
@casts_only
def statement(public_id: str) -> Answer:
    return render_template(
        "cast_room/statement.html",
        call=calling.call_of(me().id, now=clock.now()),
        statement=_statement(public_id),
        kinds=KINDS,
    )


@bp.get("/statements/<public_id>/file")
@casts_only
def statement_file(public_id: str) -> Answer:
    return answer_with(_statement(public_id))


def _statement(public_id: str) -> Statement:
    """One of this cast. To everyone else it does not exist."""
    return papers.find(public_id, cast_id=me().id) or abort(404)
