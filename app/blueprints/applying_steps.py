"""The first two steps of an application: who somebody is, and how guests will see them (C6, C8, C14)."""

from datetime import date, datetime

from flask import Blueprint, render_template, session
from wtforms.fields.choices import SelectChoice

from app import clock, policy
from app.blueprints.applying import by_link, drafts_only, go_on, shown
from app.blueprints.applying_forms import PersonForm, ProfileForm
from app.blueprints.casts import category_names
from app.blueprints.guest_forms import picker_of
from app.casts import ranks
from app.casts.models import Rank
from app.entry import steps
from app.entry.models import Application
from app.errors import Problem
from app.people import registration
from app.web import Answer, form_again

bp = Blueprint("applying_steps", __name__)

PERSON, PROFILE = "applying/person.html", "applying/profile.html"


@bp.get("/cast/entry/<key>/person")
@by_link
@drafts_only
def person(application: Application) -> Answer:
    form = PersonForm(obj=application, data={"no_pupil": application.born_on is not None})
    return render_template(PERSON, form=form, problems=[], **_person_facts(application))


@bp.post("/cast/entry/<key>/person")
@by_link
@drafts_only
def keep_person(application: Application) -> Answer:
    form, now = PersonForm(), clock.now()
    today = now.astimezone(clock.JAPAN).date()
    real_names = {name: form[name].data or "" for name in steps.REAL_NAMES}
    fine, problems = form.validate(), _why_not_person(form, real_names, today=today, now=now)
    if problems or not fine:
        facts = _person_facts(application)
        return form_again(PERSON, page=PERSON, form=form, problems=problems, **facts)
    steps.keep_person(application, real_names, born_on=form.born_on.data, today=today)
    return go_on(application, "person")


@bp.get("/cast/entry/<key>/profile")
@by_link
@drafts_only
def profile(application: Application) -> Answer:
    form = _profile_form(application)
    return render_template(PROFILE, form=form, problems=[], **_profile_facts(application))


@bp.post("/cast/entry/<key>/profile")
@by_link
@drafts_only
def keep_profile(application: Application) -> Answer:
    form = _profile_form(application)
    given = {
        "cast_name": form.cast_name.data or "",
        "categories": form.categories.data or [],
        "wished_rank": _rank(form.wished_rank.data),
        "introduction": form.introduction.data or "",
    }
    fine = form.validate()
    why_not = steps.why_not_profile(application, **given)
    problems = [each for each in why_not if not form[each.about].errors]
    if problems or not fine:
        facts = _profile_facts(application)
        return form_again(PROFILE, page=PROFILE, form=form, problems=problems, **facts)
    steps.keep_profile(application, **given)
    return go_on(application, "profile")


def _why_not_person(
    form: PersonForm, real_names: dict[str, str], *, today: date, now: datetime
) -> list[Problem]:
    """A browser that told of a minor's birthday does not get on with another one (D29)."""
    problems = steps.why_not_person(real_names, born_on=form.born_on.data, today=today)
    if session.get("minor_until", 0) > now.timestamp():
        problems = [each for each in problems if each.about != "born_on"]
        problems.append(registration.too_young())
    elif any(each.code == "not_adult" for each in problems):
        session["minor_until"] = (now + policy.MINOR_LOCK).timestamp()
    return [each for each in problems if not form[each.about].errors]


def _person_facts(application: Application) -> dict[str, object]:
    today = clock.now().astimezone(clock.JAPAN).date()
    picker = picker_of(today)
    return {"picker": picker, "adult_years": policy.ADULT_YEARS, **shown(application, "person")}


def _profile_form(application: Application) -> ProfileForm:
    form = ProfileForm(obj=application)
    form.categories.choices = [SelectChoice(slug) for slug in category_names()]
    form.wished_rank.choices = [SelectChoice(rank.value) for rank in steps.FIRST_RANKS]
    return form


def _profile_facts(application: Application) -> dict[str, object]:
    today = clock.now().astimezone(clock.JAPAN).date()
    prices = {rank.value: ranks.price_of(rank, today=today) for rank in steps.FIRST_RANKS}
    return {"prices": prices, "category_names": category_names(), **shown(application, "profile")}


def _rank(word: str | None) -> Rank | None:
    return Rank(word) if word in set(Rank) else None
