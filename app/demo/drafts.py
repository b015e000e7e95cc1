"""A demo's applicant who has begun and lacks a picture; and links to those that wait, in the mailbox."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import entry_letters
from app.casts.models import Rank
from app.clock import JAPAN
from app.db import session
from app.demo.papers import Sitter, card
from app.entry import documents, opening, steps
from app.entry.models import WAITING_STATES, Application, DocumentKind
from app.entry.opening import Asked
from app.people import terms

EMAIL = "mihon-begun@example.com"
SITTER = Sitter(ground="#dfe9e4", hair="#3a2a22", skin="#f1d0b4", clothes="#7a5b86")


def begin(*, now: datetime) -> None:
    """One draft since yesterday, and the mail with its link."""
    yesterday = now - timedelta(days=1)
    consents = terms.current(terms.OF_CASTS, now=now)
    asked = opening.ask(EMAIL, consents=consents, locale="ja", now=yesterday)
    application = asked.application
    assert application, "the demo's house was not empty"
    steps.keep_person(
        application,
        dict(zip(steps.REAL_NAMES, ("見本", "遥", "ミホン", "ハルカ"), strict=True)),
        born_on=date(1991, 9, 14),
        today=yesterday.astimezone(JAPAN).date(),
    )
    steps.keep_profile(
        application,
        cast_name="はるか",
        categories=["parenting", "housewife", "listening"],
        wished_rank=Rank.SILVER,
        introduction="二児の母です。子育ての愚痴、夫婦のこと、なんでもお聞きします。",
    )
    documents.choose_kind(application, DocumentKind.PASSPORT)
    passport = card("Passport", ("MIHON / HARUKA", "14 SEP 1991", "JPN"), SITTER)
    documents.add(application, documents.read([("passport.jpg", passport)]), now=yesterday)
    entry_letters.asked(asked, now=yesterday)


def mail_links(*, now: datetime) -> None:
    """To each application that waits, as if its applicant had asked how it stands."""
    waiting = select(Application).where(Application.state.in_(WAITING_STATES))
    for application in session.scalars(waiting.order_by(Application.id)):
        entry_letters.asked(Asked(application=application), now=now)
