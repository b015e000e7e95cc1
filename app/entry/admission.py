"""An application becomes a cast, whole or not at all (C23)."""

import re
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit
from app.casts import profiles
from app.casts.models import Cast, LegalName, Rank
from app.clock import JAPAN
from app.db import session
from app.entry.models import Application
from app.errors import N_, Problem, Refused
from app.people import holding, registration
from app.people.models import Account, Role
from app.people.registration import age_on, find_account
from app.pictures.models import Picture

TAGLINE_LENGTH = 40  # characters; the cast writes a better one later
SENTENCE = re.compile(r".*?[。!?！？.](?=\s|$|\S)|.+", re.DOTALL)
BANDS = (20, 60)  # the youngest and oldest decade that guests choose from


def why_not_admit(application: Application, *, now: datetime) -> list[Problem]:
    """Why no cast can be made of this application; an empty list where one can."""
    problems = []
    if is_name_taken(application):
        problems.append(_name_taken(application))
    if find_account(application.email, Role.CAST) or _is_held(application, now=now):
        problems.append(_address_taken())
    if application.picture_id is None:
        text = N_("The profile picture is missing. Please ask for it.")
        problems.append(Problem(code="no_picture", text=text))
    return problems


def is_name_taken(application: Application) -> bool:
    """Has a cast this name meanwhile (D44)?"""
    wanted = select(Cast.account_id).filter_by(folded_name=application.folded_name)
    return session.scalar(wanted) is not None


def make_cast(application: Application, *, rank: Rank, now: datetime) -> Account:
    """The cast's account and profile, at the rank that the office gives. Raises Refused."""
    account = registration.admit_cast(
        email=application.email,
        nickname=application.cast_name,
        born_on=application.born_on,
        consents=application.consents,
        agreed_at=application.submitted_at or now,
        locale=application.locale,
        now=now,
    )
    if account is None:
        raise Refused(_address_taken())
    try:
        with session.begin_nested():
            _open_profile(application, account, rank=rank, now=now)
    except IntegrityError:  # a cast took the name at the same moment
        raise Refused(_name_taken(application)) from None
    facts = {"application": application.id}
    audit.note("account.admitted", about=f"account:{account.id}", by=None, now=now, **facts)
    return account


def _is_held(application: Application, *, now: datetime) -> bool:
    """May a cast who has changed their address still come back to this one (G40)?"""
    return holding.holder_of(application.email, Role.CAST, now=now) is not None


def _open_profile(application: Application, account: Account, *, rank: Rank, now: datetime) -> None:
    picture = session.get_one(Picture, application.picture_id)
    assert application.born_on, "checked before"
    profiles.open_profile(
        account,
        name=application.cast_name,
        legal=LegalName(
            family_name=application.family_name,
            given_name=application.given_name,
            family_kana=application.family_kana,
            given_kana=application.given_kana,
        ),
        rank=rank,
        portrait=f"pictures/{picture.public_id}",
        age_band=age_band_of(application.born_on, today=now.astimezone(JAPAN).date()),
        categories=application.categories,
        tagline=tagline_of(application.introduction),
        profile=application.introduction,
        career="",
        now=now,
    )


def age_band_of(born_on: date, *, today: date) -> str:
    """A decade as guests choose it: nineteen counts as the twenties, and eighty as the sixties."""
    youngest, oldest = BANDS
    decade = age_on(today, born_on) // 10 * 10
    return f"{min(max(decade, youngest), oldest)}s"


def tagline_of(introduction: str) -> str:
    """The first sentence, for the list; cut where it is long."""
    line = introduction.strip().partition("\n")[0]
    found = SENTENCE.match(line)
    first = found[0].strip() if found else ""
    return first if len(first) <= TAGLINE_LENGTH else f"{first[: TAGLINE_LENGTH - 1]}…"


def _name_taken(application: Application) -> Problem:
    text = N_("Another cast is called %(name)s meanwhile. Please ask for another name.")
    return Problem(code="name_taken", text=text, values={"name": application.cast_name})


def _address_taken() -> Problem:
    text = N_("A cast with this e-mail address is there already.")
    return Problem(code="address_taken", text=text)
