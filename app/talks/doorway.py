"""What a guest reads before entering: price, free time, points, how long they last, and what is in the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.casts.models import Cast
from app.errors import Problem
from app.people.models import Account
from app.points.lots import purse_of
from app.policy import MINUTE
from app.talks import bounds, entering, metering
from app.talks.models import Talk


@dataclass(frozen=True, kw_only=True)
class Doorway:
    problems: list[Problem]
    live: Talk | None  # the guest's talk that rings or runs already
    points: int
    needed_points: int  # to be let in
    goes_on: bool  # coming back within five minutes: the old counter goes on (D5)
    free: timedelta  # what is left of the free time
    uncharged: timedelta  # from entering to the next charge
    lasts: timedelta  # with the points at hand
    lasts_until: datetime
    ends_by: datetime | None  # a reservation ahead, where it is what ends the talk (D11)

    @property
    def is_open(self) -> bool:
        """Can the guest ring, at the price that stands here now?"""
        return all(problem.code == "price_changed" for problem in self.problems)

    @property
    def missing_points(self) -> int:
        return max(self.needed_points - self.points, 0)

    @property
    def lasts_minutes(self) -> int:
        return self.lasts // MINUTE


def doorway_of(
    guest: Account, cast: Cast, *, now: datetime, price_points: int | None = None
) -> Doorway:
    """The facts at this cast's door; `price_points` is the price that the guest saw before."""
    points = purse_of(guest.id, now=now).points
    counter = entering.counter_of(guest.id, cast.account_id, now=now)
    lasts = metering.lasts(counter.shared, points, cast.price_points)
    bound = bounds.bound_of(guest.id, cast.account_id, now=now)
    is_bound = bound is not None and bound < now + lasts
    if bound and is_bound:
        lasts = max(bound - now, timedelta(0))
    price_seen = cast.price_points if price_points is None else price_points
    return Doorway(
        problems=entering.why_not_ask(guest, cast, points=points, price_points=price_seen, now=now),
        live=entering.live_talk_of_guest(guest.id),
        points=points,
        needed_points=entering.points_needed(cast),
        goes_on=bool(counter.shared),
        free=metering.free_left(counter.shared),
        uncharged=metering.lasts(counter.shared, 0, cast.price_points),
        lasts=lasts,
        lasts_until=now + lasts,
        ends_by=bound if is_bound else None,
    )
