"""The operator's applications: the queue, one application beside its documents, and its screening."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_babel import format_date
from flask_babel import lazy_gettext as _

from app import casting_letters, clock, entry_letters, policy
from app.blueprints.admin.screening_forms import (
    DOCUMENT_KINDS,
    AdmissionForm,
    QuestionForm,
    RefusalForm,
    SeenForm,
)
from app.blueprints.admin.talks import bp
from app.blueprints.casts import category_names
from app.casts.models import Rank
from app.db import session
from app.entry import applicants, checks, duplicates, history, queue, screening, viewing
from app.entry.duplicates import Same
from app.entry.looks import addresses
from app.entry.models import (
    WAITING_STATES,
    Application,
    ApplicationState,
    ScreeningStep,
    StepKind,
)
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.people.registration import age_on
from app.pictures.models import Picture
from app.web import Answer, answer, form_again, go, undone

View = Callable[..., Answer]

STATES = {
    ApplicationState.APPLIED: _("To be screened"),
    ApplicationState.MORE_DOCUMENTS: _("Waits for the applicant"),
    ApplicationState.PASSED: _("Passed"),
    ApplicationState.FAILED: _("Refused"),
}
SAME = {
    Same.NAME: _("same cast name"),
    Same.PERSON: _("same real name and birthday"),
    Same.FILE: _("same photograph of a document"),
    Same.NUMBER: _("same number of the document"),
    Same.EMAIL: _("same e-mail address"),
}
TOLD = {
    "asked": _("The applicant has been asked by mail."),
    "proposed_pass": _("Proposed. Another operator has to confirm it; nobody is told before."),
    "passed": _("Passed. The new cast has been told by mail."),
    "refused": _("Refused. The applicant has been told by mail."),
}


def unkept(view: View) -> View:
    """What stands on these pages is kept by no browser."""

    @wraps(view)
    def shown(**values: str) -> Answer:
        response = make_response(view(**values))
        response.headers["Cache-Control"] = "no-store"
        return response

    return shown


@bp.context_processor
def _waiting_applications() -> dict[str, object]:
    """For the side list of every operator's page; asked for only there."""
    return {"count_waiting_applications": queue.count_waiting}


@bp.get("/applications")
@operators_only
@unkept
def application_queue() -> Answer:
    """What waits, the oldest first; and what was decided lately."""
    state, now = _state(), clock.now()
    waiting = [] if state in queue.DECIDED else queue.waiting(now, state=state)
    decided = [] if state in WAITING_STATES else queue.decided_lately(state=state)
    applications = [each.application for each in waiting]
    return render_template(
        "admin/applications.html",
        waiting=waiting,
        decided=decided,
        applicants=applicants.of(decided),
        state=state,
        twins=duplicates.twins_of(applications),
        proposed=screening.proposed_among(applications),
        number_of=viewing.number_of,
        **WORDS,
    )


@bp.get("/applications/<public_id>")
@operators_only
@unkept
def show_application(public_id: str) -> Answer:
    return render_template("admin/application.html", problems=[], **_facts(_find(public_id)))


@bp.post("/applications/<public_id>/pictures/<picture_id>/looks")
@operators_only
@unkept
def look(public_id: str, picture_id: str) -> Answer:
    """Open one picture: written down first, then shown once."""
    application = _find(public_id)
    picture = viewing.find(application, picture_id) or abort(404)
    token = viewing.look(picture, by=me(), now=clock.now())
    session.flush()
    return answer(
        "admin/_looked.html",
        otherwise=url_for(".show_application", public_id=public_id, look=token),
        aside=True,
        **_documents(application, token=token),
    )


@bp.get("/looks/<token>.jpg")
@operators_only
@unkept
def looked_picture(token: str) -> Answer:
    """The picture of one look; a second request finds nothing."""
    jpeg = viewing.fetch(token, by=me()) or abort(404)
    return Response(jpeg, mimetype="image/jpeg")


@bp.post("/applications/<public_id>/admission")
@operators_only
@unkept
def admit_application(public_id: str) -> Answer:
    """Pass it with a rank, or propose that, by the setting."""
    application, form = _find(public_id), AdmissionForm()
    people = current_app.config["SETTINGS"].screening_people

    def act() -> ScreeningStep:
        return screening.admit(
            application.id,
            rank=Rank(form.rank.data),
            checked=form.checked(),
            knows_number=form.knows_number.data,
            people=people,
            seen=form.seen.data or 0,
            by=me().id,
            now=clock.now(),
        )

    return _do(application, "admission", form, act)


@bp.post("/applications/<public_id>/confirmation")
@operators_only
@unkept
def confirm_application(public_id: str) -> Answer:
    """Confirm what another operator proposes."""
    application, form = _find(public_id), SeenForm()

    def act() -> ScreeningStep:
        seen = form.seen.data or 0
        return screening.confirm(application.id, seen=seen, by=me().id, now=clock.now())

    return _do(application, "confirmation", form, act)


@bp.post("/applications/<public_id>/question")
@operators_only
@unkept
def ask_for_more(public_id: str) -> Answer:
    application, form = _find(public_id), QuestionForm()
    return _do(application, "question", form, lambda: _say(screening.ask, application, form))


@bp.post("/applications/<public_id>/refusal")
@operators_only
@unkept
def refuse_application(public_id: str) -> Answer:
    application, form = _find(public_id), RefusalForm()
    return _do(application, "refusal", form, lambda: _say(screening.refuse, application, form))


def _say(verb: Callable[..., ScreeningStep], application: Application, form: Any) -> ScreeningStep:  # noqa: ANN401 - one of two forms
    return verb(
        application.id,
        words=form.words.data or "",
        seen=form.seen.data or 0,
        by=me().id,
        now=clock.now(),
    )


def _do(
    application: Application, name: str, form: SeenForm, act: Callable[[], ScreeningStep]
) -> Answer:
    """One act of the screening by its form, whose fragment is named like it."""
    public_id = application.public_id
    if not form.validate():
        return _again(public_id, name, form)
    try:
        step = act()
    except Refused as refusal:
        return _again(public_id, name, form, *undone(refusal))
    entry_letters.tell(application, step, now=clock.now())
    if step.kind is StepKind.PASSED and application.account_id:
        casting_letters.give_first_conditions(application.account_id, now=clock.now())
    flash(TOLD[step.kind])
    return go(url_for(".show_application", public_id=public_id))


def _again(public_id: str, name: str, form: SeenForm, *problems: Problem) -> Answer:
    facts = _facts(_find(public_id)) | {name: form}
    return form_again(
        f"admin/_{name}.html",
        page="admin/application.html",
        form=form,
        act=name,
        problems=problems,
        **facts,
    )


def _find(public_id: str) -> Application:
    return screening.find(public_id) or abort(404)


def _state() -> ApplicationState | None:
    """The state that the address asks for; 404 for what is none of the office's."""
    named = request.args.get("state")
    if not named:
        return None
    return ApplicationState(named) if named in set(STATES) else abort(404)


def _facts(application: Application) -> dict[str, object]:
    """Everything that is known of an application, for its page."""
    now = clock.now()
    steps = screening.steps_of(application)
    last = {"seen": steps[-1].id if steps else 0}
    proposal = screening.find_proposal(application)
    before, after = queue.beside(application)
    kind, rank = application.document_kind, application.wished_rank
    applicant = applicants.of([application])[application.id]
    return {
        "standing": queue.standing_of(application, now=now),
        "twins": duplicates.twins_of([application])[application.id],
        "picture": session.get(Picture, application.picture_id or 0),
        "applicant": applicant,
        "age": age_on(now.astimezone(clock.JAPAN).date(), applicant.born_on)
        if applicant.born_on
        else None,
        "check": checks.find(application),
        "proposal": proposal,
        "why_not_confirm": screening.why_not_confirm(application, by=me().id) if proposal else [],
        "is_open": application.state in WAITING_STATES,
        "before": before,
        "after": after,
        "category_names": category_names(),
        "people": current_app.config["SETTINGS"].screening_people,
        "admission": AdmissionForm(formdata=None, data={**last, "kind": kind, "rank": rank}),
        "confirmation": SeenForm(formdata=None, data=last),
        "question": QuestionForm(formdata=None, data=last),
        "refusal": RefusalForm(formdata=None, data=last),
        "long_date": lambda day: format_date(day, "long"),
        **_documents(application, token=request.args.get("look", "")),
        **WORDS,
    }


def _documents(application: Application, *, token: str) -> dict[str, object]:
    """The pictures, the one that is open now, and who looked when."""
    pictures = viewing.pictures_of(application)
    look = addresses.find(token) if token else None
    mine = look if look and look.by == me().id else None
    return {
        "application": application,
        "number": viewing.number_of(application),
        "pictures": pictures,
        "unseen": [each.id for each in viewing.find_unseen(pictures, by=me().id)],
        "token": token,
        "opened": next((each for each in pictures if mine and each.id == mine.picture_id), None),
        "events": history.of(application),
        "document_kinds": DOCUMENT_KINDS,
    }


WORDS: dict[str, object] = {
    "states": STATES,
    "same": SAME,
    "document_kinds": DOCUMENT_KINDS,
    "screening_days": policy.SCREENING_DAYS,
}
