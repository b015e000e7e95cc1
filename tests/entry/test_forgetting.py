from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import policy
from app.audit import AuditEntry
from app.db import session
from app.entry import forgetting, jobs
from app.entry.models import Application, IdentityPicture
from app.pictures.models import Picture, PictureSize
from tests.applications import make_applied, make_filled
from tests.factories import NOON, SECOND

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

    queue.do(jobs.forget_drafts)

    assert count(Application) == 0
