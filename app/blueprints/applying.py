"""Becoming a cast: the application in steps that can be left and gone on with (C6 to C14).

The key in a mailed link is what opens an application, on any device; nobody is signed in.
"""

from collections.abc import Callable
from functools import wraps

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale, gettext

from app import clock, entry_letters, policy
from app.blueprints.applying_forms import DOCUMENT_KINDS, ConsentForm, StartForm
from app.blueprints.casts import category_names
from app.entry import documents, opening, sending
from app.entry.models import Application, ApplicationState
from app.errors import Problem, Refused
from app.guards import limiter
from app.people import terms
from app.pictures import keeping
from app.web import Answer, form_again, undone

View = Callable[..., Answer]

bp = Blueprint("applying", __name__)

STEPS = {
    "person": "applying_steps.person",
    "profile": "applying_steps.profile",
    "picture": "applying_photographs.picture",
    "documents": "applying_photographs.documents",
    "review": "applying.review",
}


def by_link(view: View) -> View:
    """Open the application whose mailed link this is, or say kindly that the link is over.

    Held for whoever changes it. Nothing of it is kept by a browser or a search engine.
    """

    @wraps(view)
    def opened(key: str, **values: str) -> Answer:
        find = opening.find if request.method == "GET" else opening.get_locked
        application = find(key, now=clock.now())
        if application is None:
            return render_template("applying/link_over.html"), 410
        response = make_response(view(application, **values))
        response.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
        return response

    return opened


def drafts_only(view: View) -> View:
    """What was sent cannot be filled in any more; its page says how it stands."""

    @wraps(view)
    def filled(application: Application, **values: str) -> Answer:
        if application.state is not ApplicationState.DRAFT:
            return redirect(url_for("applying.show", key=application.key), code=303)
        return view(application, **values)

    return filled


def go_on(application: Application, done: str) -> Answer:
    """To the next step after this one."""
    names = list(STEPS)
    following = names[names.index(done) + 1]
    return redirect(url_for(STEPS[following], key=application.key), code=303)


def shown(application: Application, step: str) -> dict[str, object]:
    """What every page of an application needs."""
    missing = sending.whats_missing(application, now=clock.now())
    lacking = {each.about for each in missing} - {"consents"}
    done = [each for each in STEPS if each not in {*lacking, "review"}]
    return {"application": application, "steps": STEPS, "step": step, "done": done}


@bp.get("/cast/entry")
def start() -> Answer:
    return render_template("applying/start.html", form=StartForm(), **_terms())


@bp.post("/cast/entry")
@limiter.limit(policy.REGISTRATION_TRIES)
def ask() -> Answer:
    """Mail a link; the answer is the same whoever is at that address."""
    form, now = StartForm(), clock.now()
    if not form.validate():
        page = "applying/start.html"
        return form_again(page, page=page, form=form, **_terms())
    asked = opening.ask(
        form.email.data,
        consents=terms.read(form.version.data),
        locale=str(get_locale()),
        now=now,
    )
    entry_letters.asked(asked, now=now)
    session["applied"] = form.email.data.strip()
    return redirect(url_for(".sent"), code=303)


@bp.get("/cast/entry/sent")
def sent() -> Answer:
    return render_template("applying/sent.html", email=session.get("applied"))


@bp.get("/cast/entry/<key>")
@by_link
def show(application: Application) -> Answer:
    """How far it is, or how it stands."""
    if application.state is ApplicationState.DRAFT:
        return render_template("applying/show.html", **shown(application, ""))
    return render_template("applying/state.html", **_state(application))


@bp.get("/cast/entry/<key>/review")
@by_link
@drafts_only
def review(application: Application) -> Answer:
    facts = _reviewed(application)
    return render_template("applying/review.html", form=ConsentForm(), problems=[], **facts)


@bp.post("/cast/entry/<key>/consents")
@by_link
@drafts_only
def consent(application: Application) -> Answer:
    form, page = ConsentForm(), "applying/review.html"
    if not form.validate():
        return form_again(page, page=page, form=form, **_reviewed(application))
    opening.agree(application, consents=terms.read(form.version.data))
    return redirect(url_for(".review", key=application.key), code=303)


@bp.post("/cast/entry/<key>/sending")
@by_link
def send(application: Application) -> Answer:
    """Send it to the office, once; or again, with the pictures that the office asked for."""
    now, again = clock.now(), application.state is ApplicationState.MORE_DOCUMENTS
    try:
        first = (sending.send_again if again else sending.send)(application, now=now)
    except Refused as refusal:
        return _not_sent(application, undone(refusal), again=again)
    if first:
        entry_letters.received(application, now=now)
        flash(gettext("We received your application. Thank you!"))
    return redirect(url_for(".show", key=application.key), code=303)


def _not_sent(application: Application, problems: list[Problem], *, again: bool) -> Answer:
    if again:
        facts = {**_state(application), "problems": problems}
        return render_template("applying/state.html", **facts), 422
    facts = {**_reviewed(application), "problems": problems}
    return render_template("applying/review.html", form=ConsentForm(), **facts), 422


def _reviewed(application: Application) -> dict[str, object]:
    missing = sending.whats_missing(application, now=clock.now())
    return {
        "missing": missing,
        "has_old_consents": any(each.about == "consents" for each in missing),
        "picture": keeping.portrait_of(application.picture_id),
        "received": documents.received(application),
        "category_names": category_names(),
        "kinds": DOCUMENT_KINDS,
        **_terms(),
        **shown(application, "review"),
    }


def _state(application: Application) -> dict[str, object]:
    waits = application.state is ApplicationState.APPLIED
    return {
        "application": application,
        "problems": [],
        "asked": documents.last_request(application),
        "received": documents.received(application),
        "until": sending.promised_until(application) if waits else None,
    }


def _terms() -> dict[str, object]:
    return {"terms": terms.current(terms.OF_CASTS, now=clock.now())}
