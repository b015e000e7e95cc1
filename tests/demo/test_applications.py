"""The demo's applications: something to screen in every state."""

from sqlalchemy import select

from app import demo
from app.db import session
from app.entry import duplicates, queue
from app.entry.duplicates import Same
from app.entry.models import OPEN_STATES, Application, ApplicationState
from app.mail import Mail
from tests.factories import NOON


def test_the_demo_has_applications_in_every_state_one_of_them_overdue_and_one_a_twin():
    demo.fill(now=NOON)

    states = set(session.scalars(select(Application.state)))
    assert states == set(ApplicationState)
    waiting = queue.waiting(NOON)
    assert waiting[0].standing.is_overdue and not waiting[-1].standing.is_overdue
    twins = duplicates.twins_of([each.application for each in waiting])
    assert {twin.same for found in twins.values() for twin in found} == {Same.PERSON}


def test_the_mailbox_has_the_links_of_the_draft_and_of_those_that_wait():
    demo.fill(now=NOON)

    open_ones = select(Application).where(Application.state.in_(OPEN_STATES))
    links = {f"/cast/entry/{each.key}" for each in session.scalars(open_ones)}
    bodies = "".join(session.scalars(select(Mail.body)))
    assert len(links) == 6 and all(link in bodies for link in links)
