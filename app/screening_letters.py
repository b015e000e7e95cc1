"""The mails of the screening: more is asked for, passed, refused (C22)."""

from datetime import datetime

from flask import current_app

from app import policy
from app.db import session
from app.entry.models import Application, ScreeningStep, StepKind
from app.letters import link, write_at
from app.people import recovery
from app.people.models import Account


def tell(application: Application, step: ScreeningStep, *, now: datetime) -> None:
    """Mail the applicant what an operator did, once for each act; a proposal is nobody's yet."""
    match step.kind:
        case StepKind.ASKED:
            url = link("applying.show", key=application.key)
            _write("application_more", application, step, now=now, link=url)
        case StepKind.PASSED:
            _write(
                "application_passed", application, step, now=now, **_first_login(application, now)
            )
        case StepKind.REFUSED:
            _write("application_refused", application, step, now=now, link=link("inquiries.ask"))
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


def _write(
    name: str, application: Application, step: ScreeningStep, *, now: datetime, **context: object
) -> None:
    write_at(
        application.email,
        name,
        to=application,
        key=f"application:{application.id}:step:{step.id}",
        now=now,
        not_after=None,
        application=application,
        step=step,
        **context,
    )
