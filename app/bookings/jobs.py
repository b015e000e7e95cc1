"""The jobs of bookings."""

from app import clock, policy
from app.bookings import diary, notices
from app.casts import standby
from app.jobs import periodic, transaction


@periodic
def mark_soon() -> None:
    """Casts who stand by and have a reservation in a few minutes are shown so (D10)."""
    now = clock.now()
    with transaction():
        standby.set_soon(diary.engaged_casts(now=now, until=now + policy.SOON_RESERVED))


@periodic
def remind() -> None:
    """Reminders of talks, of device tests and of reports, each once."""
    with transaction():
        notices.remind_due(clock.now())
