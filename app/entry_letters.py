"""The mails to applicants: the link, what was received, and how the screening ends (C22)."""

from datetime import datetime

from flask import current_app

from app import policy
from app.db import session
from app.entry import opening, sending
from app.entry.models import Application, ApplicationState, ScreeningStep, StepKind
from app.letters import Reader, link, slice_of, write
from app.people import recovery
from app.people.models import Account


def asked(request: opening.Asked, *, now: datetime) -> None:
    """Who typed an address into the casts' registration hears only by mail what is there."""
    if request.cast:
        write(
            "entry_cast",
            to=request.cast,
            key=f"account:{request.cast.id}:entry:{slice_of(now)}",
            now=now,
            link=link("signing_in.cast_login"),
        )
    if (application := request.application) is None:
        return
    is_draft = application.state is ApplicationState.DRAFT
    write(
        "entry_link" if is_draft else "entry_waiting",
        to=_reader(application),
        application=application,
        key=f"application:{application.id}:link:{slice_of(now)}",
        now=now,
        link=link("applying.show", key=application.key),
    )


def received(application: Application, *, now: datetime) -> None:
    """The office has the application, or the pictures that it asked for (C21)."""
    assert application.submitted_at
    write(
        "entry_received",
        to=_reader(application),
        application=application,
        key=f"application:{application.id}:received:{application.submitted_at.timestamp():.0f}",
        now=now,
        until=sending.promised_until(application),
        link=link("applying.show", key=application.key),
    )


def tell(application: Application, step: ScreeningStep, *, now: datetime) -> None:
    """Mail the applicant what an operator did, once for each act; a proposal is nobody's yet."""
    match step.kind:
        case StepKind.ASKED:
            url = link("applying.show", key=application.key)
            _of_step("application_more", application, step, now=now, link=url)
        case StepKind.PASSED:
            _of_step(
                "application_passed", application, step, now=now, **_first_login(application, now)
            )
        case StepKind.REFUSED:
            _of_step("application_refused", application, step, now=now, link=link("inquiries.ask"))
        case StepKind.PROPOSED_PASS:
            pass


def _first_login(application: Application, now: datetime) -> dict[str, object]:
    """The link through which the new cast chooses a password, and where one goes afterwards."""
    account = session.get_one(Account, application.account_id)
    holds = policy.FIRST_PASSWORD_WITHIN
    secret = current_app.config["SETTINGS"].secret_key
    token = recovery.token_of(account, secret=secret, now=now, holds=holds)
    return {
        "link": link("recovery.choose", token=token),
        "until": now + holds,
        "login_link": link("signing_in.cast_login"),
        "forgotten_link": link("recovery.ask"),
    }


def _of_step(
    name: str, application: Application, step: ScreeningStep, *, now: datetime, **context: object
) -> None:
    write(
        name,
        to=_reader(application),
        key=f"application:{application.id}:step:{step.id}",
        now=now,
        not_after=None,
        application=application,
        step=step,
        **context,
    )


def _reader(application: Application) -> Reader:
    return Reader(
        email=application.email, nickname=application.cast_name, locale=application.locale
    )
