from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import policy
from app.audit import AuditEntry
from app.db import session
from app.entry import applicants, forgetting, jobs
from app.entry.duplicates import Same, twins_of
from app.entry.models import Application, DocumentCheck, IdentityPicture, ScreeningStep
from app.pictures.models import Picture, PictureSize
from tests.applications import make_applied, make_filled
from tests.factories import NOON, SECOND, make_operator
from tests.screenings import admit, checked, make_application, refuse

END = NOON + policy.APPLICATION_KEPT
TABLES = (Application, IdentityPicture, Picture, PictureSize)


def count(table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_draft_goes_with_all_its_pictures_when_its_time_is_up():
    make_filled()

    assert forgetting.forget_due(END - SECOND) == 0
    assert all(map(count, TABLES))
    assert forgetting.forget_due(END) == 1
    assert [count(table) for table in TABLES] == [0, 0, 0, 0]
    assert session.scalar(select(AuditEntry.did).order_by(AuditEntry.id.desc()).limit(1)) == (
        "application.forgotten"
    )


def test_what_was_sent_stays():
    application = make_applied()

    assert forgetting.forget_due(END + timedelta(days=300)) == 0
    assert session.get(Application, application.id)


def test_a_link_asked_for_again_lengthens_no_draft():
    application = make_filled()
    application.key_until = END + timedelta(days=9)

    assert forgetting.forget_due(END) == 1


@pytest.mark.parametrize("number", [3])
def test_the_job_takes_as_many_batches_as_it_needs(at, monkeypatch, queue, number):
    monkeypatch.setattr(forgetting, "BATCH", 1)
    for _ in range(number):
        make_filled()
    at(END)

    queue.do(jobs.forget_applications)

    assert count(Application) == 0


PARTS = (Application, ScreeningStep, DocumentCheck, IdentityPicture, Picture, PictureSize)
REFUSED_GOES = NOON + policy.REFUSED_APPLICATION_KEPT
HANDED_OVER = NOON + policy.DOCUMENTS_KEPT


def test_a_refused_application_goes_whole_after_half_a_year(at, queue):
    operator = make_operator()
    application = make_application(family="佐藤")
    admit(application, operator, people=2)
    refuse(application, operator)
    assert all(map(count, PARTS))
    at(REFUSED_GOES - SECOND)

    queue.do(jobs.forget_applications)
    assert count(Application) == 1

    at(REFUSED_GOES)
    queue.do(jobs.forget_applications)
    assert [count(table) for table in PARTS] == [0] * len(PARTS)
    again = make_application(family="佐藤")
    assert twins_of([again]) == {}


def personal(application):
    return [
        application.email,
        application.family_name,
        application.given_name,
        application.family_kana,
        application.given_kana,
        application.cast_name,
        application.folded_name,
        application.introduction,
        application.born_on,
        application.consents,
        application.picture_id,
    ]


def test_of_a_passed_one_only_the_casts_account_keeps_who_it_is(at, queue):
    application = make_application(family="山田", name="ひまり", email="himari@example.com")
    admit(application, make_operator())
    before = applicants.of([application])[application.id]
    at(HANDED_OVER - SECOND)

    queue.do(jobs.forget_applications)
    session.refresh(application)
    assert all(personal(application))

    at(HANDED_OVER)
    queue.do(jobs.forget_applications)
    session.refresh(application)
    assert not any(personal(application))
    after = applicants.of([application])[application.id]
    assert vars(after) == vars(before) | {"is_handed_over": True}
    assert count(Picture) == 1  # the cast's portrait


@pytest.mark.req("D44")
def test_who_works_here_is_still_told_by_name_person_address_and_number(at, queue):
    operator, number = make_operator(), "30 1234 567890"
    first = make_application(family="山田", name="ひまり", email="himari@example.com")
    admit(first, operator, found=checked(number))
    at(HANDED_OVER)
    queue.do(jobs.forget_applications)

    again = make_application(family="山田", name="ひまり", email="himari@example.com")
    other = make_application()
    session.add(DocumentCheck(**_check_of(first) | {"application_id": again.id}))
    session.flush()

    found = twins_of([again, other])
    assert {each.same for each in found[again.id]} == {
        Same.NAME,
        Same.PERSON,
        Same.EMAIL,
        Same.NUMBER,
    }
    assert {(each.name, each.application_id) for each in found[again.id]} == {("ひまり", first.id)}
    assert list(found) == [again.id]
    assert {each.same for each in twins_of([first])[first.id]} == {Same.NUMBER}


def _check_of(application):
    check = session.scalars(select(DocumentCheck).filter_by(application_id=application.id)).one()
    return {
        column.key: getattr(check, column.key)
        for column in DocumentCheck.__table__.columns
        if column.key != "id"
    }
