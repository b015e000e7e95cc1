from datetime import timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.audit import AuditEntry
from app.casts.models import Category
from app.db import session
from app.entry import opening, sending
from app.entry.models import Application, ApplicationState
from app.errors import Refused
from tests.applications import add_document, make_applied, make_asked, make_draft, make_filled
from tests.factories import MINUTE, NOON, japan, make_cast, make_operator

STEPS = ["person", "profile", "picture", "documents"]


def lacking(application, now=NOON):
    return [each.about for each in sending.whats_missing(application, now=now)]


@pytest.mark.req("C6", "C9")
def test_a_new_draft_lacks_every_step():
    assert lacking(make_draft()) == STEPS


@pytest.mark.req("C9")
@pytest.mark.parametrize("step", STEPS)
def test_one_step_that_is_missing_holds_it_back(step):
    application = make_filled(lacks=step)

    with pytest.raises(Refused) as refused:
        sending.send(application, now=NOON)

    assert [each.about for each in refused.value.problems] == [step]
    assert application.state is ApplicationState.DRAFT


@pytest.mark.req("C6", "C21")
def test_a_whole_application_is_sent_once():
    application = make_filled()
    assert lacking(application) == []

    assert [sending.send(application, now=NOON + n * MINUTE) for n in range(2)] == [True, False]

    assert (application.state, application.submitted_at) == (ApplicationState.APPLIED, NOON)
    noted = select(AuditEntry.did).where(AuditEntry.about == f"application:{application.id}")
    assert list(session.scalars(noted.order_by(AuditEntry.id))) == [
        "application.begun",
        "application.sent",
    ]


@pytest.mark.req("C7")
def test_new_terms_are_agreed_to_before_it_is_sent():
    application = make_filled()
    application.consents = {**application.consents, "cast_terms": "2020-01-01"}

    assert lacking(application) == ["consents"]


@pytest.mark.req("D44")
def test_a_name_that_a_cast_took_meanwhile_is_told():
    application = make_filled(cast_name="あおい")
    make_cast(name="あおい")

    assert lacking(application) == ["profile"]


def test_a_category_that_is_gone_is_told():
    application = make_filled()
    session.delete(session.get(Category, "chat"))
    session.flush()

    assert lacking(application) == ["profile"]


@pytest.mark.req("C21")
def test_the_promise_names_the_last_business_day():
    # NOON is Sunday 22 November 2026; Monday 23 is a holiday.
    assert sending.promised_until(make_applied()) == japan(2026, 12, 2)


def test_the_link_holds_on_after_sending():
    application = make_filled()
    late = NOON + policy.APPLICATION_OPEN - MINUTE

    sending.send(application, now=late)

    assert application.key_until == late + policy.APPLICATION_OPEN


@pytest.mark.req("D28")
def test_what_was_asked_for_is_sent_with_a_picture_only():
    application = make_asked(make_operator())
    with pytest.raises(Refused) as refused:
        sending.send_again(application, now=NOON)
    assert refused.value.codes == {"no_documents"}

    add_document(application, now=NOON + MINUTE)
    later = NOON + timedelta(days=3)

    assert [sending.send_again(application, now=later) for _ in range(2)] == [True, False]
    assert (application.state, application.submitted_at) == (ApplicationState.APPLIED, later)


def test_what_was_never_sent_is_not_sent_again():
    assert not sending.send_again(make_filled(), now=NOON)


@pytest.mark.committed
@pytest.mark.req("D44")
def test_two_applications_of_one_name_at_once_leave_one(at_once):
    keys = [make_filled(cast_name=name).key for name in ("あおい AOI", "あおい ａｏｉ")]

    def send(key):
        return lambda: sending.send(opening.get_locked(key, now=NOON), now=NOON)

    outcomes = at_once(*map(send, keys))

    assert True in outcomes
    [refusal] = [each for each in outcomes if each is not True]
    assert (refusal.codes, refusal.problems[0].about) == ({"cast_name_taken"}, "profile")
    assert sorted(session.scalars(select(Application.state))) == ["applied", "draft"]


@pytest.mark.committed
def test_a_double_press_at_once_sends_once(at_once):
    key = make_filled().key

    outcomes = at_once(*[lambda: sending.send(opening.get_locked(key, now=NOON), now=NOON)] * 4)

    assert sorted(outcomes) == [False] * 3 + [True]
