"""Who was here before, or is here twice."""

from datetime import date

import pytest

from app.casts.models import LegalName
from app.db import session
from app.entry.duplicates import Same, twins_of
from app.entry.models import ApplicationState
from app.people.models import Account
from tests.factories import make_cast, make_guest, make_operator
from tests.screenings import add_picture, admit, checked, make_application, refuse


@pytest.fixture
def operator():
    return make_operator()


def twins(application):
    found = twins_of([application])[application.id]
    return [(each.same, each.application_id, each.was_refused) for each in found]


def test_an_application_like_no_other_has_no_flag():
    application = make_application()
    make_application()
    make_cast()

    assert twins(application) == []


@pytest.mark.req("D44")
def test_the_same_person_is_seen_whatever_the_width_and_spaces(operator):
    first = make_application(family="山田", given="Ｊane", born_on=date(1990, 1, 2))
    second = make_application(family="山田 ", given="jane", born_on=date(1990, 1, 2))
    make_application(family="山田", given="jane", born_on=date(1990, 1, 3))

    assert twins(first) == [(Same.PERSON, second.id, False)]
    assert twins(second) == [(Same.PERSON, first.id, False)]


@pytest.mark.req("D44")
def test_a_former_refusal_is_told_by_person_and_by_address(operator):
    first = make_application(family="佐藤", email="again@example.com")
    refuse(first, operator)

    again = make_application(family="佐藤", email="again@example.com", name=first.cast_name)

    assert twins(again) == [(Same.PERSON, first.id, True), (Same.EMAIL, first.id, True)]


@pytest.mark.req("D44")
def test_the_same_file_is_seen_again_and_flagged_once():
    first, second = make_application(pictures=2), make_application()
    mark = add_picture(first).mark
    for _ in range(2):
        add_picture(second).mark = mark
    session.flush()

    assert twins(second) == [(Same.FILE, first.id, False)]


@pytest.mark.req("D44")
def test_the_same_documents_number_is_seen_again(operator):
    first, second = make_application(), make_application()
    admit(first, operator, found=checked("A1234567"))
    admit(second, operator, found=checked("a 1234567"), knows_number=True)

    assert twins(second) == [(Same.NUMBER, first.id, False)]


@pytest.mark.req("D44")
def test_a_cast_of_the_same_name_or_person_is_seen(operator):
    application = make_application(name="ゆき", family="鈴木", born_on=date(1990, 1, 1))
    cast = make_cast(name="ゆき")
    legal = session.get_one(LegalName, cast.account_id)
    legal.family_name, legal.given_name = "鈴木", "花子"
    session.flush()

    assert twins(application) == [(Same.NAME, None, False), (Same.PERSON, None, False)]


def test_a_cast_who_came_by_an_application_is_flagged_by_that_one_only(operator):
    first = make_application(family="高橋")
    admit(first, operator)
    second = make_application(family="高橋", name=f" {first.cast_name}")
    session.flush()

    assert twins(second) == [(Same.NAME, first.id, False), (Same.PERSON, first.id, False)]


def test_the_same_address_of_a_guest_is_fine():
    make_guest(email="both@example.com")

    assert twins(make_application(email="both@example.com")) == []


def test_a_cast_of_the_same_address_is_seen():
    cast = make_cast()
    email = session.get_one(Account, cast.account_id).email

    assert twins(make_application(email=email)) == [(Same.EMAIL, None, False)]


def test_what_somebody_only_began_tells_nothing():
    draft = make_application(family="田中")
    draft.state, draft.submitted_at = ApplicationState.DRAFT, None
    session.flush()

    assert twins(make_application(family="田中")) == []
