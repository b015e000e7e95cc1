"""Walk-ins that are objected to, counted and decided at the same instant, over real connections."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app import leaving, policy
from app.cases import walk_ins
from app.cases.models import Case
from app.db import session
from app.errors import Refused
from app.people.models import Account
from app.points.models import PointEntry, Reason
from app.talks import draining
from app.talks.models import Talk
from tests import wages
from tests.evidence import CAST, at, hang_up, make_room, points_of, post
from tests.factories import NOON, make_cast, make_guest, make_operator

pytestmark = pytest.mark.committed

LATER = NOON + timedelta(hours=3)


def object_to(talk_id, words="音が聞こえませんでした。"):
    return walk_ins.object_to(talk_id, words=words, now=LATER).id


def decide(case_id, minutes, *, by, now=LATER):
    decided = walk_ins.decide(
        case_id, minutes=minutes, keeps_reward=False, said=f"{minutes} min", by=by, now=now
    )
    return decided.said


def returned_points():
    entries = select(PointEntry.delta).filter_by(reason=Reason.MINUTE_RETURNED)
    return sum(session.scalars(entries))


@pytest.mark.req("G31")
def test_of_two_operators_who_decide_at_the_same_instant_one_has_decided(at_once):
    talk_id = wages.talk_for(make_cast(), minutes=3).id
    case_id = object_to(talk_id)
    operators = {minutes: make_operator().id for minutes in (1, 3)}

    first, second = at_once(
        *[partial(decide, case_id, minutes, by=by) for minutes, by in operators.items()]
    )

    assert first == second  # both are shown the one decision
    talk, case = session.get_one(Talk, talk_id), session.get_one(Case, case_id)
    assert case.decided_by == operators[talk.minutes_refunded]
    assert case.returned_points == returned_points() == 100 * talk.minutes_refunded


def test_objections_at_the_same_instant_open_one_case(at_once):
    talk_id = wages.talk_for(make_cast()).id

    outcomes = at_once(*[partial(object_to, talk_id, f"{number}") for number in range(6)])

    refused = [each.codes for each in outcomes if isinstance(each, Refused)]
    assert len(refused) == 5
    assert {code for codes in refused for code in codes} == {"objected"}
    assert len(session.scalars(select(Case)).all()) == 1


@pytest.mark.parametrize("minutes", [1, 2])
def test_late_evidence_and_a_decision_at_the_same_instant_agree_with_the_record(at_once, minutes):
    """The evidence was in time, the decision a moment after that time; either holds the row first."""
    room = make_room()
    room.talk_until(110)
    room.leave(CAST, at=111)
    late, room.untold = room.untold, []
    room.join(CAST, at=118)
    room.beats(118, 126)
    room.tell()
    hang_up(room.talk, at_second=126)
    assert room.talk.minutes_kept == 2
    room_id, before = room.talk_id, points_of(room.talk)
    case_id = walk_ins.object_to(room_id, words="。", now=at(130)).id
    by, over = make_operator().id, at(126) + policy.LATE_EVIDENCE
    post(late, now=over)

    works = [
        partial(decide, case_id, minutes, by=by, now=over + timedelta(seconds=1)),
        partial(draining.drain, over),
    ]
    decided, _ = at_once(*works)

    talk = session.get_one(Talk, room_id)
    case = session.get_one(Case, case_id)
    if isinstance(decided, Refused):  # the evidence came first and took a minute back
        assert (minutes, decided.codes, case.decided_at) == (2, {"no_minutes"}, None)
        assert (talk.minutes_returned, talk.minutes_refunded) == (1, 0)
    else:
        assert case.returned_points == 100 * minutes
        assert talk.minutes_returned == 2
        assert talk.minutes_measured == 1
    assert points_of(talk) == before + 100 * talk.minutes_returned


def test_a_guest_who_leaves_and_objects_at_the_same_instant_does_one_of_them(at_once):
    guest_id = make_guest(points=500).id
    talk_id = talk_of(guest_id)

    leave = partial(leaving.leave, guest_id, points_seen=300, accepts_loss=True, now=LATER)
    outcomes = at_once(leave, partial(object_to, talk_id))

    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert len(refused) == 1
    assert set(refused[0].codes) <= {"open_case", "closed"}


def talk_of(guest_id):
    room = make_room(guest=session.get_one(Account, guest_id))
    room.talk_until(170)
    hang_up(room.talk, at_second=170)
    return room.talk_id
