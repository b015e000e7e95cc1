"""Two operators at the same instant over real connections."""

from functools import partial

import pytest
from sqlalchemy import func, select

from app.casts.models import Cast, Rank
from app.db import session
from app.entry import screening
from app.entry.models import Application, ApplicationState, ScreeningStep, StepKind
from app.errors import Refused
from app.people.models import Account, Role
from tests.factories import NOON, make_operator
from tests.screenings import checked, look_at_all, make_application

pytestmark = pytest.mark.committed


@pytest.fixture
def ids():
    """An application whose picture both operators have opened."""
    application, operators = make_application(), [make_operator(), make_operator()]
    for operator in operators:
        look_at_all(application, operator)
    return application.id, *[operator.id for operator in operators]


def passing(application_id, by, *, rank=Rank.BLUE, people=1):
    return screening.admit(
        application_id,
        rank=rank,
        checked=checked("12345678"),
        knows_number=False,
        people=people,
        seen=0,
        by=by,
        now=NOON,
    ).id


def refusing(application_id, by):
    return screening.refuse(application_id, words="。", seen=0, by=by, now=NOON).id


def told(answers):
    """Of two: one that holds, and what the other was told."""
    [refusal] = [each for each in answers if isinstance(each, Refused)]
    return refusal.codes


def test_of_two_who_decide_otherwise_the_first_holds_and_the_second_is_told(at_once, ids):
    application_id, one, two = ids

    answers = at_once(partial(passing, application_id, one), partial(refusing, application_id, two))

    assert told(answers) == {"decided"}
    [step] = session.scalars(select(ScreeningStep)).all()
    state = session.get_one(Application, application_id).state
    is_passed = step.kind is StepKind.PASSED
    assert state is (ApplicationState.PASSED if is_passed else ApplicationState.FAILED)
    assert session.scalar(select(func.count()).select_from(Cast)) == is_passed


def test_two_who_pass_it_at_once_make_one_cast(at_once, ids):
    application_id, one, two = ids

    answers = at_once(
        partial(passing, application_id, one, rank=Rank.GOLD),
        partial(passing, application_id, two, rank=Rank.BLUE),
    )

    assert told(answers) == {"decided"}
    [cast] = session.scalars(select(Cast)).all()
    [step] = session.scalars(select(ScreeningStep)).all()
    assert cast.rank is step.rank


def test_a_double_press_passes_once(at_once, ids):
    application_id, one, _two = ids

    first, second = at_once(*[partial(passing, application_id, one)] * 2)

    assert first == second
    casts = select(func.count()).select_from(Account).filter_by(role=Role.CAST)
    assert session.scalar(casts) == 1


def test_of_two_proposals_at_once_one_stands(at_once, ids):
    application_id, one, two = ids

    answers = at_once(
        partial(passing, application_id, one, people=2),
        partial(passing, application_id, two, people=2),
    )

    assert told(answers) == {"changed"}
    [step] = session.scalars(select(ScreeningStep)).all()
    assert step.kind is StepKind.PROPOSED_PASS
