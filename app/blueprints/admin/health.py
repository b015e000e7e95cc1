"""How the house is doing, and asking for a check of the books."""

from flask import current_app, render_template, url_for

from app import clock
from app.blueprints.admin.talks import bp
from app.desk import checkups
from app.desk import health as signs
from app.guards import me, operators_only
from app.jobs import bell
from app.texts import publishing
from app.texts.models import TextKind
from app.web import Answer, answer


@bp.get("/health")
@operators_only
def health() -> Answer:
    return render_template(
        "admin/health.html",
        health=_health(),
        texts=publishing.whats_missing(TextKind.COMMERCE, now=clock.now()),
    )


@bp.get("/health/figures")
@operators_only
def figures() -> Answer:
    """The figures alone, for the page that follows them."""
    return render_template("admin/_figures.html", health=_health())


@bp.post("/checkups")
@operators_only
def check_books() -> Answer:
    """Ask for a check; the timetable's next round does it."""
    checkups.ask(by=me().id, now=clock.now())
    return answer("admin/_figures.html", otherwise=url_for(".health"), health=_health())


def _health() -> signs.Health:
    timetable = current_app.config["TIMETABLE"]
    return signs.health(timetable, queue=bell.queue, now=clock.now())
