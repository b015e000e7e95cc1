"""The people of a laptop's house: drawn, invented, and never put into production.

Everything is made by the rooms' own verbs, and the history of talks by signed presence events as
a video server sends them, so the demo's books agree like any others.
"""

from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from sqlalchemy import select

from app.casts import favourites, profiles, ranks
from app.casts.models import Cast, Category, LegalName, Rank
from app.db import session
from app.demo import (
    accounts,
    albums,
    applications,
    bank_accounts,
    bookings,
    commissions,
    desks,
    drafts,
    evenings,
    letterbox,
    objections,
    paydays,
    purses,
    transfers,
    weeks,
)
from app.demo.people import CASTS, CATEGORIES, GUESTS, DemoCast
from app.payouts import registrations
from app.people import passwords, terms
from app.people.models import Account, Consent, Role

PASSWORD = "sashitalk-demo"  # noqa: S105 - printed by `make run`; production refuses the demo
LOGINS = {
    Role.GUEST: "guest@example.com",
    Role.CAST: "cast@example.com",
    Role.OPERATOR: "operator@example.com",
}
SECOND_OPERATOR = "operator2@example.com"  # what one has made, another one approves


def fill(*, now: datetime) -> bool:
    """Fill an empty house; says whether it did. A house with anybody in it stays as it is."""
    if session.scalar(select(Account.id).limit(1)):
        return False
    dice = Random(20)  # noqa: S311 - the same evening on every laptop
    opened_at = now - timedelta(days=90)
    operator = _account(Role.OPERATOR, LOGINS[Role.OPERATOR], "運営", now=opened_at)
    second = _account(Role.OPERATOR, SECOND_OPERATOR, "経理", now=opened_at)
    casts = _casts(opened_at)
    transfers.settle(casts, operator=operator, now=opened_at)
    commissions.begin(operator_id=operator.id, now=now - timedelta(days=60))
    guests = [
        _account(
            Role.GUEST,
            LOGINS[Role.GUEST] if number == 0 else f"guest{number}@example.com",
            guest.nickname,
            now=opened_at,
        )
        for number, guest in enumerate(GUESTS)
    ]
    for guest in guests:
        purses.give(guest, 10_000, now=now - timedelta(days=40))
    registrations.enter(
        casts[0].account_id,
        "T6912345678901",  # of a form that fits, and nobody's
        holds_from=date(2026, 4, 1),
        by=casts[0].account_id,
        now=now - timedelta(days=30),
    )
    albums.fill(casts, now=now - timedelta(days=30))
    paydays.earn(guests, casts, now=now)
    evenings.spend(guests, casts, dice=dice, now=now)
    weeks.publish(casts, dice=dice, now=now)
    for guest in guests[:3]:
        purses.give(guest, 3_000, now=now - timedelta(days=14))
    bookings.keep(guests, casts, operator=operator, now=now)
    applications.send(operator=operator, now=now)
    letterbox.fill(guests, casts, operator=operator, now=now)
    purses.give(guests[0], 3_000, now=now - timedelta(days=2))
    drafts.begin(now=now)
    drafts.mail_links(now=now)
    for number, cast in enumerate(casts[:4]):
        favourites.add(guests[0].id, cast.account_id, now=now)
        favourites.tell(guests[0].id, cast.account_id, wanted=number % 2 == 1, now=now)
    seen = (guests[0], session.get_one(Account, casts[0].account_id), operator)
    accounts.keep(seen, guests[1], password=PASSWORD, new_email="kohaku@example.org", now=now)
    desks.fill(guests, casts, operator=operator, now=now)
    commissions.change(casts[0], operator_id=operator.id, now=now - timedelta(hours=5))
    objections.write(guests, casts, operator=operator, now=now)
    paydays.pay(guests, casts, operator=operator, second=second, now=now)
    return True


def _casts(opened_at: datetime) -> list[Cast]:
    ranks.set_first_prices(date(2026, 1, 1))
    for position, each in enumerate(CATEGORIES):
        session.add(
            Category(slug=each.slug, name_ja=each.name_ja, name_en=each.name_en, position=position)
        )
    return [
        _cast(cast, number, joined_at=opened_at + timedelta(days=2 * number))
        for number, cast in enumerate(CASTS)
    ]


def _cast(cast: DemoCast, number: int, *, joined_at: datetime) -> Cast:
    email = LOGINS[Role.CAST] if number == 0 else f"{cast.key}@example.com"
    account = _account(Role.CAST, email, cast.name, now=joined_at)
    opened = profiles.open_profile(
        account,
        name=cast.name,
        legal=LegalName(
            family_name="見本", given_name="花子", family_kana="ミホン", given_kana="ハナコ"
        ),
        rank=Rank(cast.rank),
        portrait=cast.portrait,
        age_band=cast.age_band,
        categories=list(cast.categories),
        tagline=cast.tagline,
        profile=cast.profile,
        career=cast.career,
        now=joined_at,
    )
    bank_accounts.open_account(opened, number, now=joined_at)
    return opened


def _account(role: Role, email: str, nickname: str, *, now: datetime) -> Account:
    account = Account(
        role=role,
        email=email,
        password_hash=_password_hash(),
        nickname=nickname,
        born_on=date(1990, 4, 1),
        confirmed_at=now,
        created_at=now,
    )
    session.add(account)
    session.flush()
    for name, version in terms.current(terms.OF_ROLE[role], now=now).items():
        session.add(Consent(account_id=account.id, terms=name, version=version, at=now))
    return account


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)
