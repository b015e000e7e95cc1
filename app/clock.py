"""The one door to the time of day.

The database and the rules know UTC; people see Japan time. On a laptop or in a test the product's
clock may run faster than the world's (CLOCK_SPEED); production refuses anything but 1.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")
SPEED = float(os.environ.get("CLOCK_SPEED", "1"))
_EPOCH = float(os.environ.get("CLOCK_EPOCH", "0"))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from a start to its end."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def now() -> datetime:
    """The moment it is, aware and in UTC."""
    seconds = time.time()
    if SPEED != 1:
        seconds = _EPOCH + (seconds - _EPOCH) * SPEED
    return datetime.fromtimestamp(seconds, UTC)


def start_of(day: date) -> datetime:
    """Midnight in Japan, with which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=JAPAN)


def real_seconds(product_seconds: float) -> float:
    """How long a span of product time takes on the wall."""
    return product_seconds / SPEED
