"""What was reported and noted of people goes when no claim can come of it, and not before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.db import session
from app.desk import conduct, jobs, moderation, person_reports
from app.desk.moderation_tables import Look, PersonNote, PersonReport, Verdict
from app.people.models import Account
from app.talks import reports
from app.talks.models import Party, ReportReason
from tests.evidence import at as moment_of
from tests.evidence import finish, make_room
from tests.factories import NOON, SECOND, make_cast, make_guest, make_operator

OVER = NOON + timedelta(days=1) + policy.CONDUCT_KEPT


@pytest.fixture
def operator():
    return make_operator().id


@pytest.fixture
def guest():
    return make_guest()


def report(guest, cast):
    person = session.get_one(Account, cast.account_id)
    reason = ReportReason.OTHER
    return person_reports.report_person(person, by=guest, reason=reason, words="x", now=NOON)


def look(account, operator):
    for item in moderation.about_person(account):
        moderation.look_at(item, verdict=Verdict.FINE, words="見た", by=operator, now=NOON)


def left():
    """How many rows of each are there still."""
    return [len(session.scalars(select(model)).all()) for model in (PersonReport, Look, PersonNote)]


def test_reports_looks_and_notes_stay_three_years_and_not_a_moment_longer(
    guest, operator, queue, at
):
    cast = make_cast()
    report(guest, cast)
    look(session.get_one(Account, cast.account_id), operator)
    conduct.note(guest.id, words="様子を見る", by=operator, now=NOON)
    at(NOON + policy.CONDUCT_KEPT)

    queue.do(jobs.forget_conduct)
    assert left() == [1, 1, 1]

    at(NOON + policy.CONDUCT_KEPT + SECOND)
    queue.do(jobs.forget_conduct)
    assert left() == [0, 0, 0]


def test_what_was_found_of_a_talk_stays_with_its_report(operator, queue, at):
    room = make_room()
    room.talk_until(130)
    finish(room, "guest leaves", 130)
    talk = room.talk
    reason = ReportReason.CONTACT
    reports.report(
        talk.id, by=Party.GUEST, person=talk.guest_id, reason=reason, words="x", now=moment_of(600)
    )
    cast = session.get_one(Account, talk.cast_id)
    look(cast, operator)
    at(OVER)

    queue.do(jobs.forget_conduct)

    assert left() == [0, 1, 0]
    assert [item.look is not None for item in moderation.about_person(cast)] == [True]


def test_notes_stay_while_their_person_is_shut_out(guest, operator, queue, at):
    conduct.suspend(guest.id, because="規約のため", by=operator, now=NOON)
    at(OVER)

    queue.do(jobs.forget_conduct)
    assert left() == [0, 0, 1]

    conduct.lift(guest.id, by=operator, now=OVER)
    queue.do(jobs.forget_conduct)
    assert [note.kind for note in session.scalars(select(PersonNote))] == ["lifted"]
