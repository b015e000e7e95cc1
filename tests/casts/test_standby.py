import pytest

from app import policy
from app.casts import standby
from app.casts.models import State
from app.db import session
from app.talks import endings, entering
from app.talks.models import EndedBy, TalkState
from tests.factories import MINUTE, NOON, SECOND, make_cast, make_guest, make_talk, ring


def turn(now):
    standby.turn_due(now)
    session.expire_all()


@pytest.mark.req("G8", "D10")
def test_standing_by_makes_a_cast_online():
    cast = make_cast(online=False)

    standby.begin(cast.account_id, now=NOON)

    assert (cast.state, cast.active_at) == (State.ONLINE, NOON)


@pytest.mark.req("G6")
def test_stopping_makes_a_cast_offline():
    cast = make_cast()

    standby.stop(cast.account_id)

    assert cast.state is State.OFFLINE


@pytest.mark.req("D10")
def test_a_page_that_is_gone_is_offline_within_90_seconds():
    cast = make_cast()

    turn(NOON + policy.STANDBY_TTL)
    assert cast.state is State.ONLINE
    turn(NOON + 90 * SECOND)

    assert cast.state is State.OFFLINE


def test_a_page_that_beats_stays_online_for_an_hour():
    cast = make_cast()

    for seconds in range(3, 3600, 3):
        standby.beat(cast.account_id, now=NOON + seconds * SECOND)
    turn(NOON + 3600 * SECOND)

    assert cast.state is State.ONLINE


def test_a_beat_is_written_down_only_now_and_then():
    cast = make_cast()

    written = [standby.beat(cast.account_id, now=NOON + n * 3 * SECOND) for n in range(1, 21)]

    assert sum(written) == 3


def test_a_beat_of_an_offline_page_brings_nobody_online():
    cast = make_cast(online=False)

    assert not standby.beat(cast.account_id, now=NOON)
    assert cast.state is State.OFFLINE


@pytest.mark.req("G9")
def test_a_silent_cast_cannot_be_entered_even_before_the_job_has_run():
    cast, guest = make_cast(), make_guest(points=1000)
    late = NOON + policy.STANDBY_TTL + SECOND

    problems = entering.why_not_enter(guest, cast, points=1000, now=late)

    assert [problem.code for problem in problems] == ["offline"]


def miss_a_ring(cast, *, now):
    talk = ring(make_guest(points=1000), cast, now=now)
    entering.miss_due(now + policy.RING_TIME)
    return talk


def test_one_missed_ring_keeps_the_cast_online():
    cast = make_cast()

    talk = miss_a_ring(cast, now=NOON)

    assert (talk.state, cast.state, cast.misses) == (TalkState.MISSED, State.ONLINE, 1)


def test_a_second_missed_ring_in_a_row_takes_the_cast_offline():
    cast = make_cast()

    miss_a_ring(cast, now=NOON)
    miss_a_ring(cast, now=NOON + MINUTE)

    assert cast.state is State.OFFLINE


def test_declining_is_no_miss_and_ends_the_row_of_misses():
    cast = make_cast()
    miss_a_ring(cast, now=NOON)

    entering.decline(ring(make_guest(points=1000), cast, now=NOON + MINUTE), now=NOON + MINUTE)

    assert (cast.state, cast.misses) == (State.ONLINE, 0)


def test_standing_by_again_forgets_the_misses():
    cast = make_cast()
    miss_a_ring(cast, now=NOON)
    miss_a_ring(cast, now=NOON + MINUTE)

    standby.begin(cast.account_id, now=NOON + 2 * MINUTE)

    assert (cast.state, cast.misses) == (State.ONLINE, 0)


def end_a_talk(*, stopped=False):
    talk = make_talk()
    if stopped:
        standby.stop(talk.cast_id)
    endings.end(talk.id, by=EndedBy.GUEST, now=NOON)
    return standby.get_locked(talk.cast_id)


def test_after_a_talk_a_cast_has_a_minute_to_breathe_and_is_online_again():
    cast = end_a_talk()
    assert (cast.state, cast.wrap_up_until) == (State.WRAP_UP, NOON + policy.WRAP_UP)

    standby.beat(cast.account_id, now=NOON + 59 * SECOND)
    turn(NOON + 59 * SECOND)
    assert cast.state is State.WRAP_UP
    turn(NOON + 60 * SECOND)

    assert (cast.state, cast.wrap_up_until) == (State.ONLINE, None)


def test_a_breath_whose_page_is_gone_ends_offline():
    cast = end_a_talk()

    turn(NOON + 90 * SECOND)

    assert cast.state is State.OFFLINE


def test_standing_by_cuts_the_breath_short():
    cast = end_a_talk()

    standby.begin(cast.account_id, now=NOON + SECOND)

    assert (cast.state, cast.wrap_up_until) == (State.ONLINE, None)


def test_who_stops_during_a_talk_is_offline_after_it():
    assert end_a_talk(stopped=True).state is State.OFFLINE


@pytest.mark.req("G9", "D10")
@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.OFFLINE, "offline"),
        (State.IN_TALK, "in_talk"),
        (State.WRAP_UP, "wrap_up"),
        (State.SOON_RESERVED, "soon_reserved"),
    ],
)
def test_only_an_online_cast_can_be_entered(state, code):
    cast, guest = make_cast(), make_guest(points=1000)
    cast.state = state

    problems = entering.why_not_enter(guest, cast, points=1000, now=NOON)

    assert [problem.code for problem in problems] == [code]
