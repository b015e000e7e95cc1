"""Sending an application: what it lacks, and the one moment at which it goes to the office (C6, C21)."""

from datetime import datetime, time

from sqlalchemy.exc import IntegrityError

from app import audit, policy, workdays
from app.clock import JAPAN
from app.db import session
from app.entry import documents, names, opening, steps
from app.entry.models import Application, ApplicationState
from app.errors import N_, Problem, Refused
from app.people import terms

SENT, SENT_AGAIN = "application.sent", "application.sent_again"  # in the audit


def whats_missing(application: Application, *, now: datetime) -> list[Problem]:
    """Everything between this application and its sending; `about` is the step that it lies in."""
    problems = _person(application, now=now) + _profile(application)
    if application.picture_id is None:
        problems.append(_lacks("picture", N_("Your profile picture is missing.")))
    if not documents.is_complete(application):
        problems.append(_lacks("documents", N_("A picture of your identity document is missing.")))
    if application.consents != terms.current(terms.OF_CASTS, now=now):
        text = N_("The terms have changed. Please read them again.")
        problems.append(_lacks("consents", text))
    return problems


def send(application: Application, *, now: datetime) -> bool:
    """Hand it to the office, once; a second press changes nothing. Says whether it was the first."""
    if application.state is not ApplicationState.DRAFT:
        return False
    if problems := whats_missing(application, now=now):
        raise Refused(*problems)
    try:
        with session.begin_nested():
            _hand_over(application, now=now)
    except IntegrityError:  # another one with this name was sent at the same moment (D44)
        raise Refused(_of_step("profile", names.taken())) from None
    audit.note(SENT, about=f"application:{application.id}", by=None, now=now)
    return True


def why_not_again(application: Application) -> list[Problem]:
    """The office asked for another picture: is there one? (D28)"""
    if any(each.may_go for each in documents.received(application)):
        return []
    return [_lacks("documents", N_("Please add the picture that we asked for."))]


def send_again(application: Application, *, now: datetime) -> bool:
    """Hand over the pictures that were asked for; the screening goes on."""
    if application.state is not ApplicationState.MORE_DOCUMENTS:
        return False
    if problems := why_not_again(application):
        raise Refused(*problems)
    _hand_over(application, now=now)
    audit.note(SENT_AGAIN, about=f"application:{application.id}", by=None, now=now)
    return True


def promised_until(application: Application) -> datetime:
    """The last business day, in Japan, by which the office decides (C21)."""
    assert application.submitted_at, "nothing is promised before it is sent"
    sent_on = application.submitted_at.astimezone(JAPAN).date()
    return datetime.combine(workdays.after(sent_on, policy.SCREENING_DAYS[1]), time(), JAPAN)


def _hand_over(application: Application, *, now: datetime) -> None:
    application.state, application.submitted_at = ApplicationState.APPLIED, now
    application.key_until = opening.link_end(application, now=now)
    session.flush()


def _person(application: Application, *, now: datetime) -> list[Problem]:
    if not application.family_name:
        return [_lacks("person", N_("Your name and date of birth are missing."))]
    real_names = {each: getattr(application, each) for each in steps.REAL_NAMES}
    today = now.astimezone(JAPAN).date()
    why_not = steps.why_not_person(real_names, born_on=application.born_on, today=today)
    return [_of_step("person", each) for each in why_not]


def _profile(application: Application) -> list[Problem]:
    if not application.cast_name:
        text = N_("Your cast name, categories, rank and introduction are missing.")
        return [_lacks("profile", text)]
    why_not = steps.why_not_profile(
        application,
        cast_name=application.cast_name,
        categories=application.categories,
        wished_rank=application.wished_rank,
        introduction=application.introduction,
    )
    return [_of_step("profile", each) for each in why_not]


def _lacks(step: str, text: str) -> Problem:
    return Problem(code=f"no_{step}", about=step, text=text)


def _of_step(step: str, problem: Problem) -> Problem:
    return Problem(code=problem.code, about=step, text=problem.text, values=problem.values)
