import pytest

from app import policy
from app.casts import standby
from app.db import session
from app.talks import calling, entering
from tests.factories import MINUTE, NOON, SECOND, make_cast, make_guest, make_talk, ring


def call_of(cast, now=NOON):
    session.flush()
    return calling.call_of(cast.account_id, now=now)


def test_nobody_calls_a_cast_who_stands_by():
    call = call_of(make_cast())

    assert (call.talk, call.rings, call.running, call.stands_by) == (None, False, False, True)


def test_a_guest_who_rings_is_named_while_there_is_time_to_answer():
    cast = make_cast()
    ring(make_guest(points=1000, nickname="みずいろ"), cast)

    call = call_of(cast)

    assert (call.rings, call.guest_name) == (True, "みずいろ")
    assert not call_of(cast, NOON + policy.RING_TIME + SECOND).rings


def test_a_talk_that_runs_is_shown_before_a_ring_that_was_missed():
    cast = make_cast()
    ring(make_guest(points=1000), cast)
    entering.miss_due(NOON + policy.RING_TIME)
    talk = make_talk(cast=cast, now=NOON + MINUTE)

    call = call_of(cast, NOON + MINUTE)

    assert (call.talk, call.running, call.missed) == (talk, True, False)


def test_a_missed_ring_is_told_of_for_two_minutes():
    cast = make_cast()
    ring(make_guest(points=1000), cast)
    entering.miss_due(NOON + policy.RING_TIME)

    assert call_of(cast, NOON + MINUTE).missed
    assert not call_of(cast, NOON + 3 * MINUTE).missed


def test_a_guest_who_did_not_wait_is_told_of():
    cast = make_cast()
    entering.withdraw(ring(make_guest(points=1000), cast), now=NOON)

    assert call_of(cast).withdrawn


def test_the_word_changes_with_everything_that_a_page_shows():
    cast = make_cast(online=False)
    words = [call_of(cast).word]

    standby.begin(cast.account_id, now=NOON)
    words.append(call_of(cast).word)
    talk = ring(make_guest(points=1000), cast)
    words += [call_of(cast).word, call_of(cast, NOON + policy.RING_TIME + SECOND).word]
    entering.accept(talk, now=NOON)
    words.append(call_of(cast).word)
    standby.stop(cast.account_id)
    words.append(call_of(cast).word)

    assert len(set(words)) == 6


@pytest.mark.parametrize("seconds", [1, 3, 10])
def test_the_word_stays_while_nothing_happens(seconds):
    cast = make_cast()

    assert call_of(cast).word == call_of(cast, NOON + seconds * SECOND).word
