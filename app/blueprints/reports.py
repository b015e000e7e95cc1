"""Reporting a talk: a page of its own, and the same as a sheet in the room."""

from flask import Blueprint, g, render_template, url_for

from app import clock
from app.blueprints.forms import ReportForm
from app.blueprints.talks import own_talk
from app.talks import calling, reports
from app.talks.models import Party, ReportReason, Talk
from app.web import Answer, form_again, go, wants_fragment

bp = Blueprint("reports", __name__)


@bp.get("/talks/<public_id>/report")
def show(public_id: str) -> Answer:
    """The form, or what was reported before, or why it cannot be reported any more."""
    talk = own_talk(public_id)
    template = "reports/_form.html" if wants_fragment() else "reports/show.html"
    return render_template(template, form=ReportForm(), **_shown(talk))


@bp.post("/talks/<public_id>/report")
def keep(public_id: str) -> Answer:
    """Keep the report; a talk that runs ends at once. Pressing twice reports once."""
    talk, form = own_talk(public_id), ReportForm()
    if not form.validate():
        return form_again("reports/_form.html", page="reports/show.html", form=form, **_shown(talk))
    reports.report(
        talk.id,
        by=_party(),
        person=g.account.id,
        reason=ReportReason(form.reason.data),
        words=form.words.data,
        now=clock.now(),
    )
    return go(url_for("talks.show", public_id=public_id))


def _party() -> Party:
    return Party(g.account.role.value)


def _shown(talk: Talk) -> dict[str, object]:
    now, party = clock.now(), _party()
    return {
        "talk": talk,
        "party": party,
        "reported": reports.find(talk, by=party),
        "why_not": reports.why_not_report(talk, now=now),
        "call": calling.call_of(talk.cast_id, now=now) if party is Party.CAST else None,
    }
