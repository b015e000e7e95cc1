from datetime import timedelta

import pytest

from app.talks import minutes
from app.talks.models import EndedBy


def time(seconds):
    return timedelta(seconds=seconds)


@pytest.mark.req("G14", "G15")
@pytest.mark.parametrize(
    ("seconds", "started", "delivered"),
    [
        (0, 0, 0),
        (59.999999, 0, 0),
        (60, 1, 0),
        (119.999999, 1, 0),
        (120, 2, 1),
        (140, 2, 1),
        (360, 6, 5),
    ],
)
def test_a_minute_starts_at_its_very_second_and_is_delivered_whole_at_the_next(
    seconds, started, delivered
):
    assert minutes.started(time(seconds)) == started
    assert minutes.delivered(time(seconds)) == delivered


@pytest.mark.parametrize("nth", [1, 2, 3, 60])
def test_a_minute_has_started_at_its_start_and_not_before(nth):
    start = minutes.start_of(nth)

    assert minutes.started(start) == nth
    assert minutes.started(start - timedelta.resolution) == nth - 1


@pytest.mark.parametrize("ended_by", EndedBy)
def test_only_a_guest_who_leaves_lets_the_running_minute_stand(ended_by):
    assert minutes.stand(time(90), ended_by) == (1 if ended_by is EndedBy.GUEST else 0)


def test_in_a_running_talk_every_started_minute_stands():
    assert minutes.stand(time(90), None) == 1


@pytest.mark.parametrize("ended_by", EndedBy)
def test_what_is_left_of_the_free_minute_can_be_used_later(ended_by):
    assert minutes.carried_on(time(45), ended_by) == time(45)


@pytest.mark.parametrize("ended_by", EndedBy)
def test_a_minute_that_was_given_back_begins_anew(ended_by):
    goes_on_at = 130 if ended_by is EndedBy.GUEST else 120

    assert minutes.carried_on(time(130), ended_by) == time(goes_on_at)
