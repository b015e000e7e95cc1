"""Judging a reserved talk by evidence: who was there, what follows, and who gets what (D16–D21).

Pure, so that anyone can judge any booking again at any time (promise 2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app import policy
from app.bookings.models import Booking, CompletionKind, Outcome
from app.bookings.settlements import earned_after
from app.bookings.terms import part_of
from app.clock import Span
from app.talks.presence import Presence, overlap

NOTHING = timedelta(0)

# Which evidence each kind of report agrees with; anything else is for the office.
AGREES = {
    CompletionKind.DONE: {Outcome.COMPLETED, Outcome.CAST_LATE},
    CompletionKind.NOT_HELD: {Outcome.GUEST_ABSENT},
    CompletionKind.TROUBLE: {Outcome.CAST_ABSENT, Outcome.BOTH_ABSENT, Outcome.CAST_LATE},
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is decided about a booking, in points for the guest and yen for the cast."""

    outcome: Outcome
    returned_points: int
    earned_yen: int
    missed: timedelta  # of the talk, by the cast, while the guest was there or waited


def judge(
    booking: Booking,
    presence: Presence | None,
    *,
    report: CompletionKind | None,
    cut_short: bool = False,
) -> Verdict:
    """The verdict on a booking that is over. `presence` is None where nobody came.

    `cut_short`: a report of abuse or the operator ended it before its time. Report and evidence
    that disagree are unclear: nothing moves until somebody has decided.
    """
    seen, missed = see(booking, presence)
    if cut_short or (report and seen not in AGREES[report]):
        return verdict_of(booking, Outcome.UNCLEAR)
    if report is CompletionKind.TROUBLE:
        return verdict_of(booking, Outcome.TROUBLE, missed=missed)
    return verdict_of(booking, seen, missed=missed)


def verdict_of(booking: Booking, outcome: Outcome, *, missed: timedelta = NOTHING) -> Verdict:
    """What an outcome means in points and yen (D16, D18, D19, D20)."""
    points, yen = booking.points, booking.full_reward_yen
    length = booking.talk_ends_at - booking.talk_starts_at
    match outcome:
        case Outcome.COMPLETED | Outcome.GUEST_ABSENT:
            returned, earned = 0, yen
        case Outcome.CAST_LATE:
            returned = part_of(points, part=_micro(missed), of=_micro(length))
            earned = earned_after(booking, returned)
        case Outcome.UNCLEAR:
            returned, earned = 0, 0
        case _:
            returned, earned = points, 0
    return Verdict(outcome=outcome, returned_points=returned, earned_yen=earned, missed=missed)


def see(
    booking: Booking, presence: Presence | None, *, until: datetime | None = None
) -> tuple[Outcome, timedelta]:
    """What presence alone shows of the talk, or of its time `until` then; what the cast missed of it."""
    window = Span(booking.talk_starts_at, until or booking.talk_ends_at)
    guest = within(presence.guest if presence else (), window)
    cast = within(presence.cast if presence else (), window)
    if not cast:
        return (Outcome.CAST_ABSENT, window.length) if guest else (Outcome.BOTH_ABSENT, NOTHING)
    if not guest:
        waited = policy.PAID_PRESENCE * length_of(cast) >= window.length
        return (Outcome.GUEST_ABSENT if waited else Outcome.UNCLEAR), NOTHING
    together = overlap(guest, cast)
    if not together:
        return Outcome.UNCLEAR, NOTHING  # they missed each other
    if _broke_off(guest, cast, window) and 2 * length_of(together) < window.length:
        return Outcome.UNCLEAR, NOTHING  # an outage, or who left first cannot be told
    missed = _missed(guest, cast, window)
    return (Outcome.CAST_LATE if missed else Outcome.COMPLETED), missed


def within(spans: Iterable[Span], window: Span) -> list[Span]:
    """What of these spans lies inside the window."""
    cut = (Span(max(each.start, window.start), min(each.end, window.end)) for each in spans)
    return [each for each in cut if each.start < each.end]


def length_of(spans: Iterable[Span]) -> timedelta:
    return sum((each.length for each in spans), NOTHING)


def _broke_off(guest: Sequence[Span], cast: Sequence[Span], window: Span) -> bool:
    """Were both gone at about the same moment, well before the end?"""
    ends = sorted([guest[-1].end, cast[-1].end])
    return ends[1] - ends[0] <= policy.LEAVE_GRACE < window.end - ends[1]


def _missed(guest: Sequence[Span], cast: Sequence[Span], window: Span) -> timedelta:
    """How long the guest waited for the cast at first and at last, and was alone in between.

    Who has come once waits from then on, connected or not; and so does who was left, to the end.
    Being alone for as long as a page takes to reload is no absence. In whole seconds.
    """
    late = max(cast[0].start - guest[0].start, NOTHING)
    gaps = [Span(one.end, next_.start) for one, next_ in pairwise(cast)]
    alone = [each.length for each in overlap(guest, gaps) if each.length > policy.LEAVE_GRACE]
    went = cast[-1].end
    left = window.end - went if guest[-1].end - went > policy.LEAVE_GRACE else NOTHING
    missed = late + sum(alone, NOTHING) + left
    return missed - missed % timedelta(seconds=1)


def _micro(span: timedelta) -> int:
    return span // timedelta.resolution
