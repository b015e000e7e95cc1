"""Identity documents go when their time is over, and leave a certificate."""

from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from app import policy, workdays
from app.audit import AuditEntry
from app.clock import JAPAN
from app.db import session
from app.entry import checks, deletion, history
from app.entry.deletion import delete_documents
from app.entry.models import IdentityPicture
from app.timetable import TIMETABLE
from tests.factories import NOON, SECOND, japan, make_operator
from tests.screenings import admit, look_at_all, make_application, pictures_of, refuse

DAY = timedelta(days=1)


@pytest.fixture
def operator():
    return make_operator()


def kept():
    raw = type_coerce(IdentityPicture.jpeg, LargeBinary)
    return [jpeg for jpeg in session.scalars(select(raw)) if jpeg is not None]


def delete(now):
    while deletion.delete_due(now):
        pass
    session.expire_all()


@pytest.mark.req("C20")
def test_after_a_pass_the_pixels_stay_thirty_days(operator):
    admit(make_application(pictures=2), operator)

    delete(NOON + 30 * DAY - SECOND)
    assert len(kept()) == 2
    delete(NOON + 30 * DAY)
    assert kept() == []


@pytest.mark.req("C20")
def test_after_a_refusal_fourteen(operator):
    refuse(make_application(), operator)

    delete(NOON + 14 * DAY - SECOND)
    assert len(kept()) == 1
    delete(NOON + 14 * DAY)
    assert kept() == []


def test_while_nothing_is_decided_they_stay(operator):
    make_application()

    delete(NOON + 365 * DAY)

    assert len(kept()) == 1


def test_each_picture_leaves_a_certificate_and_once(operator, monkeypatch):
    monkeypatch.setattr(deletion, "BATCH", 1)
    application = make_application(pictures=2)
    admit(application, operator)

    for _ in range(2):
        delete(NOON + 30 * DAY)

    entries = session.scalars(select(AuditEntry).filter_by(did="identity.deleted")).all()
    assert [each.facts["picture"] for each in entries] == [
        picture.id for picture in pictures_of(application)
    ]
    assert {each.about for each in entries} == {f"application:{application.id}"}
    assert entries[0].facts["kind"] == "licence"
    assert [each.deleted_at for each in pictures_of(application)] == [NOON + 30 * DAY] * 2


def test_what_was_checked_stays(operator):
    application = make_application()
    admit(application, operator)

    delete(NOON + 31 * DAY)

    check = checks.find(application)
    assert check and check.address_ok and check.by == operator.id


@pytest.mark.req("C20", "C21", "D28", "D43")
def test_passed_on_business_day_3_a_picture_is_gone_on_day_33_with_its_log_complete(
    operator, queue, at
):
    sent_at = japan(2026, 11, 19, 15)  # a Thursday; the Monday after it is a holiday
    application = make_application(now=sent_at)
    assert workdays.after(sent_at.date(), 3) == japan(2026, 11, 25).date()
    passed_at = japan(2026, 11, 25, 11)
    for now in (sent_at + DAY, passed_at):
        look_at_all(application, operator, now=now)
    admit(application, operator, look=False, now=passed_at)

    for hour in range(34 * 24):
        now = passed_at + timedelta(hours=hour)
        if deletion.delete_due(now):
            break

    assert now.astimezone(JAPAN).date() - passed_at.date() == policy.DOCUMENTS_KEPT
    session.expire_all()
    assert kept() == []
    told = [(each.did, each.at) for each in history.of(application)]
    assert told == [
        ("added", sent_at),
        ("application.sent", sent_at),
        ("identity.looked", sent_at + DAY),
        ("identity.looked", passed_at),
        ("passed", passed_at),
        ("identity.deleted", now),
    ]


def test_the_timetable_deletes_them_every_hour(operator, queue, at):
    refuse(make_application(), operator)
    at(NOON + 14 * DAY)

    queue.do(delete_documents)

    assert kept() == []
    [entry] = [each for each in TIMETABLE if each.work is delete_documents]
    assert entry.every_seconds == 3600
