from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import policy
from app.db import session
from app.entry import opening
from app.entry.models import Application, ApplicationState
from app.people import terms
from app.people.models import Role
from tests.applications import make_applied, make_asked, make_draft
from tests.factories import NOON, SECOND, make_account, make_operator

CONSENTS = terms.FIRST
AGAIN = policy.CONFIRMATION_AGAIN


def ask(email="aoi@example.com", *, now=NOON, locale="ja"):
    return opening.ask(email, consents=CONSENTS, locale=locale, now=now)


@pytest.mark.req("C6", "C7")
def test_an_address_begins_one_application_with_its_consents():
    first = ask("Aoi@Example.com ").application

    assert (first.email, first.state) == ("aoi@example.com", ApplicationState.DRAFT)
    assert first.consents == CONSENTS
    assert set(first.consents) == {"terms", "privacy", "cast_terms"}
    assert ask("aoi@example.COM", now=NOON + AGAIN).application is first


def test_a_second_press_mails_nothing_and_kills_no_link():
    application = ask().application
    key = application.key

    again = ask(now=NOON + AGAIN - SECOND)

    assert (again.application, again.cast) == (None, None)
    assert application.key == key


def test_a_new_link_ends_the_old_one():
    application = ask().application
    old = application.key

    ask(now=NOON + AGAIN)

    assert opening.find(old, now=NOON + AGAIN) is None
    assert opening.find(application.key, now=NOON + AGAIN) is application


def test_a_link_holds_for_its_time():
    application = ask().application
    until = NOON + policy.APPLICATION_OPEN

    assert application.key_until == until
    assert opening.find(application.key, now=until) is application
    assert opening.find(application.key, now=until + SECOND) is None
    assert opening.get_locked(application.key, now=until + SECOND) is None
    assert opening.find("nobody", now=NOON) is None


def test_no_link_promises_more_than_the_draft_is_kept():
    application = ask().application

    ask(now=NOON + policy.APPLICATION_KEPT - timedelta(days=1))

    assert application.key_until == NOON + policy.APPLICATION_KEPT


def test_a_draft_whose_time_is_up_is_begun_anew():
    old_id = ask().application.id

    new = ask(now=NOON + policy.APPLICATION_KEPT).application

    assert new.id != old_id
    assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_what_waits_keeps_its_consents_and_language():
    application = make_applied(email="aoi@example.com")
    application.consents = {"terms": "an old one"}

    asked = ask(now=NOON + AGAIN, locale="en")

    assert asked.application is application
    assert (application.consents, application.locale) == ({"terms": "an old one"}, "ja")


@pytest.mark.req("D28")
def test_who_is_asked_for_more_gets_a_link_of_that_time():
    application = make_asked(make_operator())
    later = NOON + policy.MORE_DOCUMENTS_WITHIN + SECOND
    assert opening.find(application.key, now=later) is None

    ask(application.email, now=later)

    assert application.key_until == later + policy.MORE_DOCUMENTS_WITHIN


def test_a_cast_is_told_so_and_no_application_begins():
    cast = make_account(Role.CAST, email="aoi@example.com")

    assert ask("AOI@example.com").cast is cast
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_guest_may_become_a_cast():
    make_account(Role.GUEST, email="aoi@example.com")

    assert ask().application


def test_who_left_may_apply_again():
    make_account(Role.CAST, email="aoi@example.com").closed_at = NOON

    assert ask().application


@pytest.mark.committed
def test_the_same_form_at_the_same_moment_begins_one_application(at_once):
    asked = at_once(*[lambda: ask().application is not None] * 6)

    assert sorted(asked) == [False] * 5 + [True]
    assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_consents_are_renewed_only_while_it_is_a_draft():
    application, sent = make_draft(), make_applied()
    sent.consents = {}

    for each in (application, sent):
        opening.agree(each, consents={"terms": "new"})

    assert (application.consents, sent.consents) == ({"terms": "new"}, {})
