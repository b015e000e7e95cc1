"""The operator's cases: the queue, one case with all that is known of it, and its decision."""

from datetime import timedelta

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, Length

from app import clock, policy
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Lines
from app.blueprints.forms import COMPLETION_KINDS, REPORT_REASONS
from app.bookings import completions
from app.cases import deciding, queue
from app.cases.models import Case, CaseKind
from app.desk import casefile, timeline
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.talks import rating, reports, reserved, settling
from app.web import Answer, form_again, go, say

KINDS = {
    CaseKind.UNCLEAR: _("Unclear record"),
    CaseKind.EMERGENCY: _("Emergency of the cast"),
    CaseKind.OBJECTION: _("Objection"),
}


class Amount(IntegerField):
    """Whole points or yen."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Please give a whole number.")) from None


class DecisionForm(FlaskForm):  # type: ignore[misc]
    returned_points = Amount(
        _("Points returned to the guest, in all"),
        validators=[InputRequired(_("Please give a whole number."))],
    )
    earned_yen = Amount(
        _("Yen earned by the cast, in all"),
        validators=[InputRequired(_("Please give a whole number."))],
    )
    said = Lines(
        _("What we tell both"),
        description=_("Both read it on the page of their talk. It can be changed freely."),
        validators=[
            InputRequired(_("Please say in a sentence why; both read it.")),
            Length(max=deciding.SAID_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )


@bp.context_processor
def _open_cases() -> dict[str, object]:
    """The side list of every operator's page counts what waits; asked for only there."""
    return {"count_open_cases": queue.count_open}


@bp.get("/cases")
@operators_only
def case_queue() -> Answer:
    """What waits for a decision, the oldest first, and what was decided lately."""
    kind = _kind()
    return render_template(
        "admin/cases.html",
        waiting=queue.waiting(clock.now(), kind=kind),
        decided=queue.decided_lately(kind=kind),
        kind=kind,
        **WORDS,
    )


@bp.get("/cases/<public_id>")
@operators_only
def show_case(public_id: str) -> Answer:
    case = _case(public_id)
    facts = _facts(case)
    proposal = facts["proposal"]
    form = DecisionForm(
        formdata=None,
        returned_points=proposal.returned_points,
        earned_yen=proposal.earned_yen,
        said=_suggested(proposal.because),
    )
    return render_template("admin/case.html", form=form, problems=[], **facts)


@bp.post("/cases/<public_id>/decision")
@operators_only
def decide_case(public_id: str) -> Answer:
    """Decide a case. A second press, or another operator's, gets the first decision."""
    case, form = _case(public_id), DecisionForm()
    if not form.validate():
        return _again(case, form)
    try:
        decided = deciding.decide(
            case.id,
            returned_points=form.returned_points.data,
            earned_yen=form.earned_yen.data,
            said=form.said.data,
            by=me().id,
            now=clock.now(),
        )
    except Refused as refusal:
        return _again(_case(public_id), form, *refusal.problems)
    if decided.decided_by != me().id:
        flash(gettext("Somebody else has decided this case meanwhile. It stands as they decided."))
    else:
        flash(gettext("Decided. Both have been told."))
    return go(url_for(".show_case", public_id=public_id))


def age_of(age: timedelta) -> str:
    """How long something has waited, in two words."""
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    if age.days:
        return str(gettext("%(days)s d %(hours)s h", days=age.days, hours=hours % 24))
    return str(gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes))


WORDS: dict[str, object] = {
    "kinds": KINDS,
    "ages": age_of,
    "promise_days": policy.CASE_PROMISE_DAYS,
    "escalate_days": policy.CASE_ESCALATE_DAYS,
}


def _case(public_id: str) -> Case:
    return queue.find(public_id) or abort(404)


def _kind() -> CaseKind | None:
    """The kind that the address asks for; 404 for what is none."""
    named = request.args.get("kind")
    if not named:
        return None
    return CaseKind(named) if named in set(CaseKind) else abort(404)


def _suggested(because: Problem) -> str:
    """A sentence for both to begin with, in the operator's language."""
    return str(gettext("We have looked at the record. %(because)s", because=say(because)))


def _again(case: Case, form: DecisionForm, *problems: Problem) -> Answer:
    facts = _facts(case) | {"problems": problems}
    return form_again("admin/_decision.html", page="admin/case.html", form=form, **facts)


def _facts(case: Case) -> dict[str, object]:
    """Everything that is known of a case, for its page."""
    booking, now = case.booking, clock.now()
    talk = reserved.find_talk(booking)
    log = casefile.log_of(booking)
    presence = settling.presence_of(booking)
    return {
        "case": case,
        "booking": booking,
        "standing": queue.standing(case, now=now),
        "settlement": deciding.settlement_of(case),
        "proposal": deciding.proposal_of(case),
        "drawn": timeline.of_booking(booking, presence, ticks=casefile.ticks_of(log)),
        "log": log,
        "talk": talk,
        "report": completions.find(booking),
        "rating": rating.find(talk) if talk else None,
        "talk_reports": reports.of_talk(talk) if talk else [],
        "others": [each for each in queue.of_booking(booking) if each.id != case.id],
        "next_case": next(
            (each.case for each in queue.waiting(now) if each.case.id != case.id), None
        ),
        "completion_kinds": COMPLETION_KINDS,
        "reasons": REPORT_REASONS,
        **WORDS,
    }
