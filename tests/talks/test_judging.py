"""What evidence decides about a reserved talk: pure, of spans of presence."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bookings.models import Booking, CompletionKind, Outcome
from app.clock import Span
from app.talks import judging
from app.talks.presence import Presence
from tests.factories import NOON, SECOND

SLOTS = 2
LENGTH = 300  # seconds of talk in two slots
PRICE, REWARD = 300, 150  # for each slot


def make(slots=SLOTS, price=PRICE, reward=REWARD):
    length = timedelta(minutes=3 * slots)
    return Booking(
        slots=slots,
        price_points=price,
        reward_yen=reward,
        starts_at=NOON,
        ends_at=NOON + length,
        talk_starts_at=NOON + 30 * SECOND,
        talk_ends_at=NOON + length - 30 * SECOND,
    )


def spans(*stays):
    """Stays in seconds of the talk: 0 is its beginning, half a minute after the start."""
    begin = NOON + 30 * SECOND
    return tuple(Span(begin + start * SECOND, begin + end * SECOND) for start, end in stays)


def presence(guest=(), cast=()):
    return Presence(
        guest=spans(*guest),
        cast=spans(*cast),
        spans=(),
        running_since=None,
        evidence_at=None,
        sessions="",
        missing="",
        left_by=None,
        left_at=None,
    )


def judge(guest=(), cast=(), *, report=None, cut_short=False, booking=None):
    verdict = judging.judge(
        booking or make(), presence(guest, cast), report=report, cut_short=cut_short
    )
    return verdict.outcome.value, verdict.returned_points, verdict.earned_yen


WHOLE = [(-30, 300)]


@pytest.mark.req("D16", "D18", "D19", "D20", "G29", "G32", "G34", "G35")
@pytest.mark.parametrize(
    ("guest", "cast", "decided"),
    [
        # both there all the time, whoever came early or stayed on
        (WHOLE, WHOLE, ("completed", 0, 300)),
        ([(0, 300)], [(0, 300)], ("completed", 0, 300)),
        # the guest is late: nothing comes back, the end stays where it was
        ([(120, 300)], WHOLE, ("completed", 0, 300)),
        ([(299, 300)], WHOLE, ("completed", 0, 300)),
        # the guest never came, the cast waited
        ([], WHOLE, ("guest_absent", 0, 300)),
        ([], [(150, 300)], ("guest_absent", 0, 300)),  # exactly half
        ([], [(0, 75), (225, 300)], ("guest_absent", 0, 300)),  # half in two parts
        ([], [(151, 300)], ("unclear", 0, 0)),  # less than half
        # the guest came only to the margins, which are no talk
        ([(-30, 0)], WHOLE, ("guest_absent", 0, 300)),
        # the cast never came, or to the margins only
        (WHOLE, [], ("cast_absent", 600, 0)),
        (WHOLE, [(-30, 0)], ("cast_absent", 600, 0)),
        ([(290, 300)], [], ("cast_absent", 600, 0)),
        # nobody came
        ([], [], ("both_absent", 600, 0)),
        # the cast is late: 30 of 300 seconds are a tenth
        (WHOLE, [(30, 300)], ("cast_late", 60, 270)),
        (WHOLE, [(1, 300)], ("cast_late", 2, 299)),
        (WHOLE, [(299, 300)], ("cast_late", 598, 1)),
        # both are late: only what the guest waited counts
        ([(60, 300)], [(90, 300)], ("cast_late", 60, 270)),
        ([(90, 300)], [(60, 300)], ("completed", 0, 300)),
        # who waited and was cut off for a moment has waited all the same
        ([(0, 10), (100, 300)], [(60, 300)], ("cast_late", 120, 240)),
        # the cast goes in the middle: for good, or longer than a page takes to load
        (WHOLE, [(0, 150)], ("cast_late", 300, 150)),
        (WHOLE, [(0, 100), (160, 300)], ("cast_late", 120, 240)),
        (WHOLE, [(0, 100), (110, 300)], ("completed", 0, 300)),
        (WHOLE, [(0, 100), (111, 300)], ("cast_late", 22, 289)),
        # the guest goes early: as booked
        ([(0, 100)], WHOLE, ("completed", 0, 300)),
        # the cast goes first and does not come back: the rest is missed, whether or not the guest waits
        (WHOLE, [(0, 200)], ("cast_late", 200, 200)),
        ([(0, 170)], [(0, 150)], ("cast_late", 300, 150)),
        # both go within seconds of each other: as booked after half of the talk, unclear before
        ([(0, 158)], [(0, 150)], ("completed", 0, 300)),
        ([(0, 148)], [(0, 149)], ("unclear", 0, 0)),
        ([(0, 5)], [(0, 5)], ("unclear", 0, 0)),
        # a moment is no lateness
        (WHOLE, [(0.4, 300)], ("completed", 0, 300)),
        # nobody was there in the middle: the guest was not, so the cast missed nothing
        ([(0, 100), (200, 300)], [(0, 100), (200, 300)], ("completed", 0, 300)),
        # they missed each other
        ([(0, 100)], [(100, 300)], ("unclear", 0, 0)),
        ([(200, 300)], [(0, 150)], ("unclear", 0, 0)),
    ],
)
def test_who_was_there_decides(guest, cast, decided):
    assert judge(guest, cast) == decided


@pytest.mark.req("C48", "D20", "D21")
@pytest.mark.parametrize(
    ("report", "guest", "cast", "decided"),
    [
        ("done", WHOLE, WHOLE, "completed"),
        ("done", WHOLE, [(30, 300)], "cast_late"),
        ("done", [], WHOLE, "unclear"),
        ("done", WHOLE, [], "unclear"),
        ("done", [], [], "unclear"),
        ("not_held", [], WHOLE, "guest_absent"),
        ("not_held", WHOLE, WHOLE, "unclear"),
        ("not_held", WHOLE, [], "unclear"),
        ("not_held", [], [], "unclear"),
        ("trouble", WHOLE, [], "trouble"),
        ("trouble", [], [], "trouble"),
        ("trouble", WHOLE, [(0, 60)], "trouble"),
        ("trouble", WHOLE, WHOLE, "unclear"),
        ("trouble", [], WHOLE, "unclear"),
    ],
)
def test_a_report_that_fits_is_followed_and_one_against_the_evidence_is_for_the_office(
    report, guest, cast, decided
):
    assert judge(guest, cast, report=CompletionKind(report))[0] == decided


@pytest.mark.req("D20")
def test_a_trouble_gives_everything_back():
    report = CompletionKind.TROUBLE
    assert judge(WHOLE, [(0, 60)], report=report) == ("trouble", 600, 0)


def test_a_talk_that_was_ended_by_a_report_or_the_office_is_for_the_office():
    assert judge(WHOLE, [(0, 60)], cut_short=True) == ("unclear", 0, 0)


@pytest.mark.req("D18")
def test_a_room_that_nobody_opened_was_empty():
    verdict = judging.judge(make(), None, report=None)

    assert (verdict.outcome, verdict.returned_points) == (Outcome.BOTH_ABSENT, 600)


@pytest.mark.req("D16")
@pytest.mark.parametrize(
    ("slots", "late", "returned", "earned"),
    [
        (
            1,
            1,
            3,
            149,
        ),  # 300 × 1/120 = 2.5, up for the guest; 150 × 297/300 = 148.5, up for the cast
        (1, 40, 100, 100),
        (1, 119, 298, 1),
        (3, 7, 14, 443),  # 900 × 7/480 = 13.125
    ],
)
def test_a_part_is_rounded_for_the_guest_and_does_not_cut_the_cast(slots, late, returned, earned):
    length = 180 * slots - 60
    booking = make(slots)

    decided = judge([(0, length)], [(late, length)], booking=booking)

    assert decided == ("cast_late", returned, earned)


@st.composite
def stays(draw):
    """Any coming and going, in order."""
    moments = sorted(draw(st.sets(st.integers(-30, 330), max_size=8)))
    return list(pairwise(moments))[::2]


@pytest.mark.req("D16", "D20")
@given(guest=stays(), cast=stays(), report=st.sampled_from([None, *CompletionKind]))
def test_nobody_gets_more_than_there_is_and_nothing_is_lost(guest, cast, report):
    booking = make()

    verdict = judging.judge(booking, presence(guest, cast), report=report)

    assert 0 <= verdict.returned_points <= booking.points
    assert 0 <= verdict.earned_yen <= booking.full_reward_yen
    if verdict.outcome is not Outcome.UNCLEAR:
        # What does not go back is earned at the cast's rate, to the yen.
        kept = booking.points - verdict.returned_points
        assert 0 <= verdict.earned_yen - kept * REWARD / PRICE < 1
    assert timedelta(0) <= verdict.missed <= LENGTH * SECOND


@pytest.mark.req("D16")
@given(guest=stays(), cast=stays(), more=stays())
def test_a_cast_who_is_there_longer_never_returns_more(guest, cast, more):
    """Presence can only help the cast: adding a stay never raises what goes back."""
    joined = _union(cast, more)

    _, less, _ = judge(guest, cast)
    outcome, returned, _ = judge(guest, joined)

    if outcome != "unclear" and judge(guest, cast)[0] != "unclear":
        assert returned <= less


def _union(one, two):
    merged = []
    for start, end in sorted([*one, *two]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
