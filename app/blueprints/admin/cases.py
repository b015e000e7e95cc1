"""The operator's cases: the queue, one case with all that is known of it, and its decision."""

from datetime import timedelta

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import clock, policy
from app.blueprints.admin import case_page
from app.blueprints.admin.decision_forms import DecisionForm, RefundForm
from app.blueprints.admin.talks import bp
from app.cases import queue
from app.cases.models import Case, CaseKind
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.web import Answer, form_again, go

KINDS = {
    CaseKind.UNCLEAR: _("Unclear record"),
    CaseKind.EMERGENCY: _("Emergency of the cast"),
    CaseKind.OBJECTION: _("Objection"),
}


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
    facts = case_page.facts_of(case)
    form = RefundForm.proposed(facts) if case.talk else DecisionForm.proposed(facts)
    return render_template("admin/case.html", form=form, problems=[], **facts, **WORDS)


@bp.post("/cases/<public_id>/decision")
@operators_only
def decide_case(public_id: str) -> Answer:
    """Decide a case. A second press, or another operator's, gets the first decision."""
    case = _case(public_id)
    form = RefundForm() if case.talk else DecisionForm()
    if not form.validate():
        return _again(case, form)
    try:
        decided = form.decide(case, by=me().id, now=clock.now())
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


def _again(case: Case, form: DecisionForm | RefundForm, *problems: Problem) -> Answer:
    facts = {**case_page.facts_of(case), **WORDS, "problems": problems}
    return form_again("admin/_decision.html", page="admin/case.html", form=form, **facts)
