"""Running talks, and any talk with its records; an operator may end one that runs."""

from flask import Blueprint, abort, render_template, url_for
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from app import clock
from app.blueprints.fields import Line
from app.blueprints.forms import REPORT_REASONS
from app.cases import queue
from app.desk import timeline, watching
from app.guards import me, operators_only
from app.talks import impressions, receipts, recording, replay, reports
from app.talks.models import Talk
from app.web import Answer, form_again, go

bp = Blueprint("admin", __name__, url_prefix="/admin")


class EndingForm(FlaskForm):  # type: ignore[misc]
    because = Line(
        _("Why"),
        description=_("Kept in the record with your name. The two people do not see it."),
        validators=[InputRequired(_("Please say why.")), Length(max=200)],
    )


@bp.get("")
@operators_only
def show() -> Answer:
    """Running talks, those that ended lately, and what was reported."""
    return render_template(
        "admin/show.html",
        watched=watching.running(clock.now()),
        ended=watching.ended_lately(),
        reports=reports.lately(),
        reasons=REPORT_REASONS,
    )


@bp.get("/running")
@operators_only
def running() -> Answer:
    """The running talks alone, for the page that follows them."""
    return render_template("admin/_running.html", watched=watching.running(clock.now()))


@bp.get("/talks/<public_id>")
@operators_only
def talk(public_id: str) -> Answer:
    talk = _talk(public_id)
    return render_template("admin/talk.html", form=EndingForm(), **_records(talk))


@bp.post("/talks/<public_id>/ending")
@operators_only
def end(public_id: str) -> Answer:
    """End a running talk; the minute that was cut short goes back to the guest."""
    talk, form = _talk(public_id), EndingForm()
    if not form.validate():
        return form_again("admin/_ending.html", page="admin/talk.html", form=form, **_records(talk))
    watching.end(talk.id, because=form.because.data, by=me().id, now=clock.now())
    return go(url_for(".talk", public_id=public_id))


def _talk(public_id: str) -> Talk:
    return watching.find(public_id) or abort(404)


def _records(talk: Talk) -> dict[str, object]:
    """Everything that is known of a talk. One that never began has only its log."""
    known = {
        "talk": talk,
        "log": watching.log_of(talk),
        "reports": reports.of_talk(talk),
        "reasons": REPORT_REASONS,
        "case": queue.of_talk(talk),
        "impression": impressions.find(talk),
    }
    if talk.room is None:
        return {**known, "replay": None, "receipt": None, "timeline": None}
    receipt = receipts.receipt_of(talk, now=clock.now())
    return {
        **known,
        "replay": replay.replay(talk),
        "receipt": receipt,
        "timeline": timeline.timeline_of(receipt, recording.presence_of(talk)),
    }
