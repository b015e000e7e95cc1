from app.casts.models import Cast, State
from app.db import session
from app.demo import LOGINS, dashboards
from app.people.models import Role
from app.talks.models import TalkState
from tests.factories import NOON, SECOND, make_cast, make_guest, ring

SEAT = LOGINS[Role.CAST]


def of_the_shift():
    """A demo cast whose dashboard is kept open."""
    while True:
        cast = make_cast(online=False)
        if cast.account_id % dashboards.EVERY_NTH < 2:
            return cast


def test_the_demos_casts_stand_by_without_browsers():
    cast = of_the_shift()

    dashboards.keep_open(seat=SEAT, now=NOON)

    assert session.get(Cast, cast.account_id).state is State.ONLINE


def test_a_ring_that_nobody_can_answer_is_declined_after_a_while():
    cast = of_the_shift()
    dashboards.keep_open(seat=SEAT, now=NOON)
    talk = ring(make_guest(points=500), cast)

    dashboards.keep_open(seat=SEAT, now=NOON + 5 * SECOND)
    assert talk.state is TalkState.RINGING

    dashboards.keep_open(seat=SEAT, now=NOON + 9 * SECOND)
    assert talk.state is TalkState.DECLINED
    assert cast.state is State.ONLINE
