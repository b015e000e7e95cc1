"""Who applied: by the application, or by the cast's own account once its words were handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.casts.models import Cast, LegalName
from app.db import session
from app.entry.models import Application
from app.people.models import Account

NOBODY = LegalName(family_name="", given_name="", family_kana="", given_kana="")


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """A person as the office sees them on an application."""

    cast_name: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    born_on: date | None
    email: str
    introduction: str
    is_handed_over: bool  # this is how the cast's account reads today


def of(applications: Iterable[Application]) -> dict[int, Applicant]:
    """By the id of the application."""
    found, people = {}, {}
    for each in applications:
        if each.is_handed_over:
            people[each.account_id] = each.id
        else:
            found[each.id] = _read(each, each, cast_name=each.cast_name, words=each.introduction)
    wanted = (
        select(Cast, Account, LegalName)
        .join(Account, Account.id == Cast.account_id)
        .outerjoin(LegalName, LegalName.account_id == Cast.account_id)
        .where(Cast.account_id.in_(people))
    )
    for cast, account, legal in session.execute(wanted):
        found[people[account.id]] = _read(
            account, legal or NOBODY, cast_name=cast.name, words=cast.profile, is_handed_over=True
        )
    return found


def _read(
    person: Application | Account,
    named: Application | LegalName,
    *,
    cast_name: str,
    words: str,
    is_handed_over: bool = False,
) -> Applicant:
    return Applicant(
        cast_name=cast_name,
        family_name=named.family_name,
        given_name=named.given_name,
        family_kana=named.family_kana,
        given_kana=named.given_kana,
        born_on=person.born_on,
        email=person.email,
        introduction=words,
        is_handed_over=is_handed_over,
    )
