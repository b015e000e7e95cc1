"""The demo's applications: something to screen in every state."""

from sqlalchemy import select

from app import demo
from app.db import session
from app.entry import duplicates, queue
from app.entry.duplicates import Same
from app.entry.models import Application, ApplicationState
from tests.factories import NOON


def test_the_demo_has_applications_in_every_state_one_of_them_overdue_and_one_a_twin():
    demo.fill(now=NOON)

    states = set(session.scalars(select(Application.state)))
    assert states == set(ApplicationState) - {ApplicationState.DRAFT}
    waiting = queue.waiting(NOON)
    assert waiting[0].standing.is_overdue and not waiting[-1].standing.is_overdue
    twins = duplicates.twins_of([each.application for each in waiting])
    assert {twin.same for found in twins.values() for twin in found} == {Same.PERSON}
