from datetime import timedelta
from itertools import count, permutations

import pytest

from app.clock import Span
from app.talks.models import Party
from app.talks.presence import Sighting, read, word_of
from tests.evidence import at

GUEST, CAST = Party.GUEST, Party.CAST
_numbers = count(1)


def sighting(kind, second, *people, boot="first", seq=None):
    """People as "guest" or "guest-2"; with a ! behind they are not live, or left by accident."""
    seen = tuple(
        (Party(each.rstrip("!").partition("-")[0]), each.rstrip("!"), not each.endswith("!"))
        for each in people
    )
    return Sighting(at(second), boot, seq or next(_numbers), kind, seen)


def joined(second, *people, **more):
    return sighting("joined", second, *people, **more)


def left(second, *people, **more):
    return sighting("left", second, *people, **more)


def beat(second, *people, **more):
    return sighting("heartbeat", second, *people, **more)


def seconds(presence, until=None):
    return presence.shared(until=until and at(until)).total_seconds()


def spans(*pairs):
    return tuple(Span(at(start), at(end)) for start, end in pairs)


def test_nothing_seen_is_nothing_shared():
    presence = read([])

    assert seconds(presence) == 0
    assert (presence.missing, presence.evidence_at, presence.running_since) == ("both", None, None)


def test_shared_time_begins_when_the_second_has_come():
    presence = read([joined(0, "guest"), beat(10, "guest"), joined(15, "cast")])
    assert (seconds(presence), presence.running_since) == (0, at(15))

    presence = read([joined(0, "guest"), joined(15, "cast"), beat(20, "guest", "cast")])
    assert presence.spans == spans((15, 20))


def test_evidence_reaches_to_the_last_moment_that_showed_both():
    presence = read([joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")])

    assert seconds(presence) == 10
    assert presence.evidence_at == at(10)
    assert presence.running_since == at(0)


def test_whoever_leaves_was_there_until_then():
    presence = read([joined(0, "guest"), joined(0, "cast"), left(7, "guest"), beat(10, "cast")])

    assert seconds(presence) == 7
    assert (presence.left_by, presence.left_at, presence.missing) == (GUEST, at(7), "guest")


def test_a_lost_connection_counts_to_its_last_sign_and_is_no_leaving():
    both = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]

    presence = read([*both, left(17, "cast!")])

    assert seconds(presence) == 10
    assert (presence.left_by, presence.missing) == (None, "cast")


@pytest.mark.parametrize("person", ["cast!", ""])
def test_a_heartbeat_without_a_live_cast_stops_the_clock_at_the_one_before(person):
    both = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]

    presence = read([*both, beat(20, *filter(None, ["guest", person])), beat(30, "guest")])

    assert presence.spans == spans((0, 10))
    assert (presence.missing, presence.evidence_at) == ("cast", at(10))


def test_who_comes_back_goes_on_after_the_gap():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]
    evening += [beat(20, "guest", "cast!"), beat(30, "guest", "cast"), beat(40, "guest", "cast")]

    presence = read(evening)

    assert presence.spans == spans((0, 10), (30, 40))
    assert presence.running_since == at(30)
    assert presence.before_current_run() == timedelta(seconds=10)


def test_a_heartbeat_alone_shows_people_whose_coming_was_lost():
    presence = read([beat(10, "guest", "cast"), beat(20, "guest", "cast")])

    assert presence.spans == spans((10, 20))


def test_a_hole_of_more_than_a_minute_between_two_signs_is_nobodys_time():
    both = [joined(0, "guest"), joined(0, "cast")]

    assert seconds(read([*both, beat(60, "guest", "cast")])) == 60
    assert seconds(read([*both, beat(61, "guest", "cast")])) == 0
    assert seconds(read([*both, beat(61, "guest", "cast"), beat(71, "guest", "cast")])) == 10
    assert seconds(read([*both, left(61, "guest"), beat(61, "cast")])) == 0


def test_a_new_boot_closes_what_the_old_one_left_open():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]
    evening += [sighting("boot", 14, boot="second")]
    assert read(evening).missing == "both"

    evening += [joined(20, "guest-2", boot="second"), joined(21, "cast-2", boot="second")]
    evening += [beat(30, "guest-2", "cast-2", boot="second")]

    assert read(evening).spans == spans((0, 10), (21, 30))


def test_an_event_of_a_new_boot_closes_the_old_one_even_if_its_boot_event_is_lost():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]

    presence = read([*evening, joined(20, "guest-2", boot="second")])

    assert presence.spans == spans((0, 10))
    assert presence.missing == "cast"


def test_a_person_with_two_sessions_is_there_while_one_of_them_is():
    evening = [joined(0, "guest"), joined(0, "cast"), joined(5, "guest-2"), left(8, "guest")]
    evening += [beat(10, "guest-2", "cast")]

    presence = read(evening)

    assert presence.spans == spans((0, 10))
    assert presence.left_by is None


def test_time_of_two_sessions_counts_once():
    evening = [joined(0, "guest"), joined(0, "guest-2"), joined(0, "cast")]
    evening += [
        beat(10, "guest", "guest-2", "cast"),
        left(15, "guest"),
        beat(20, "guest-2", "cast"),
    ]

    assert seconds(read(evening)) == 20


def test_leaving_and_coming_back_is_no_leaving():
    evening = [joined(0, "guest"), joined(0, "cast"), left(5, "guest"), joined(8, "guest-2")]

    assert read(evening).left_by is None


def test_leaving_with_a_connection_that_was_silent_is_leaving():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest!", "cast"), left(20, "guest")]

    presence = read(evening)

    assert (presence.left_by, presence.left_at) == (GUEST, at(20))
    assert seconds(presence) == 0


def test_of_two_who_left_the_first_one_did_it():
    evening = [joined(0, "guest"), joined(0, "cast"), left(9, "cast"), left(11, "guest")]

    assert (read(evening).left_by, read(evening).left_at) == (CAST, at(9))


def test_whoever_is_live_when_the_room_closes_was_there_until_then():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]

    presence = read([*evening, sighting("closed", 17, "guest", "cast")])
    assert (seconds(presence), presence.missing) == (17, "both")

    presence = read([*evening, sighting("closed", 17, "guest", "cast!")])
    assert seconds(presence) == 10


def test_a_closing_room_lets_nobody_in():
    presence = read([joined(0, "guest"), sighting("closed", 17, "guest", "cast")])

    assert presence.cast == ()


def test_shared_time_can_be_read_up_to_any_moment():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]
    evening += [beat(20, "guest"), beat(30, "guest", "cast"), beat(40, "guest", "cast")]
    presence = read(evening)

    assert [seconds(presence, until) for until in (0.5, 10, 25, 33, 50)] == [0.5, 10, 10, 13, 20]


def test_the_moment_of_a_shared_length_lies_behind_the_gaps():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(10, "guest", "cast")]
    evening += [beat(20, "guest"), beat(30, "guest", "cast"), beat(40, "guest", "cast")]
    presence = read(evening)

    lengths = [timedelta(seconds=each) for each in (10, 11, 20, 21)]
    assert [presence.moment_of(each) for each in lengths] == [at(10), at(31), at(40), None]


def test_a_heartbeat_of_the_same_people_has_the_word_of_the_room():
    presence = read([joined(0, "guest"), joined(0, "cast"), joined(0, "cast-2")])

    assert word_of(beat(10, "cast-2", "guest", "cast")) == presence.sessions
    assert word_of(beat(10, "cast-2!", "guest", "cast")) != presence.sessions
    assert word_of(beat(10, "guest", "cast-2", "cast", boot="second")) != presence.sessions


def test_the_order_of_arrival_changes_nothing():
    evening = [joined(0, "guest"), joined(0, "cast"), beat(0, "guest", "cast")]
    evening += [left(12, "cast!"), joined(12, "cast-2"), left(12, "guest", boot="second")]
    wanted = read(evening)

    assert all(read(order) == wanted for order in permutations(evening))
