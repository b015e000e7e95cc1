"""What follows from a start and a number of slots: end, talk time, price and every deadline. Pure."""

from dataclasses import dataclass
from datetime import datetime

from app import policy


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of one reserved talk, at today's rules; a booking keeps them as they are (D9)."""

    starts_at: datetime
    slots: int
    price_points: int  # for each slot
    reward_yen: int  # for each slot

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.slots * policy.SLOT

    @property
    def talk_starts_at(self) -> datetime:
        return self.starts_at + policy.PAD

    @property
    def talk_ends_at(self) -> datetime:
        return self.ends_at - policy.PAD

    @property
    def talk_minutes(self) -> int:
        """3n − 1: the margins stand around the talk, not around each slot (D13)."""
        return (self.talk_ends_at - self.talk_starts_at) // policy.MINUTE

    @property
    def points(self) -> int:
        return self.slots * self.price_points

    @property
    def opens_at(self) -> datetime:
        """The first moment at which it can be booked (G23, D1)."""
        return opens_at(self.starts_at)

    @property
    def closes_at(self) -> datetime:
        """The last moment at which it can be booked (D2)."""
        return closes_at(self.starts_at)

    @property
    def free_cancel_until(self) -> datetime:
        """The last moment at which a cancelling guest gets all points back (G24)."""
        return self.starts_at - policy.GUEST_CANCEL

    @property
    def cast_cancel_until(self) -> datetime:
        """The last moment at which a cast cancels without an emergency (C39)."""
        return self.starts_at - policy.CAST_CANCEL

    @property
    def report_until(self) -> datetime:
        """The last moment of the completion report (C50, D22)."""
        return self.ends_at + policy.REPORT_WINDOW


def talk_minutes(slots: int) -> int:
    """Minutes of talk in so many slots."""
    return (slots * policy.SLOT - 2 * policy.PAD) // policy.MINUTE


def opens_at(starts_at: datetime) -> datetime:
    return starts_at - policy.BOOKING_OPENS


def closes_at(starts_at: datetime) -> datetime:
    return starts_at - policy.BOOKING_CLOSES


def is_on_grid(at: datetime) -> bool:
    """Slots begin at whole threes of minutes."""
    return at.timestamp() % policy.SLOT.total_seconds() == 0


def part_of(whole: int, *, part: int, of: int) -> int:
    """The part of points or yen that falls to so much of something, rounded up."""
    return -(-whole * part // of)
