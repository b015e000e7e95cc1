"""Reserved talks that wait to be settled, and what each must come to.

Run as a program it puts them into a house, and prints what a test needs to know.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

from app import clock, create_app, policy
from app.bookings import completions
from app.bookings.models import Booking, CompletionKind
from app.jobs import transaction
from tests import factories
from tests.reservations import attend, make_booking

BOOKINGS = 48
AGO = timedelta(minutes=40)  # all of them are over, and so is the time of their reports
THERE = [(0, 330)]  # of a booking of two slots

# Who was there, what was reported; and outcome, points returned, yen earned.
WAYS = (
    (THERE, THERE, None, ("completed", 0, 300)),
    ([], THERE, None, ("guest_absent", 0, 300)),
    (THERE, [], None, ("cast_absent", 600, 0)),
    ([], [], None, ("both_absent", 600, 0)),
    (THERE, [(60, 330)], None, ("cast_late", 60, 270)),
    (THERE, THERE, CompletionKind.NOT_HELD, ("unclear", 0, 0)),
)


def make_reservations(*, now: datetime) -> dict[str, object]:
    wanted, noted = {}, []
    slot = policy.SLOT.total_seconds()
    start = datetime.fromtimestamp((now - AGO).timestamp() // slot * slot, UTC)
    for number in range(BOOKINGS):
        guest, cast, report, outcome = WAYS[number % len(WAYS)]
        booking = make_booking(slots=2, start=start, now=start - timedelta(hours=1))
        attend(booking, guest=guest, cast=cast)
        if report:
            file(booking, report)
        wanted[booking.id] = outcome
        noted += [booking.guest_id, booking.cast_id]
    return {"settlements": wanted, "people": noted}


def file(booking: Booking, kind: CompletionKind) -> None:
    completions.file(
        booking.id, kind=kind, impression="現れませんでした。", stars=3, now=booking.report_until
    )


if __name__ == "__main__":
    [_, nth] = sys.argv
    factories._number = count(10_000 * int(nth))  # nobody of an earlier evening again
    with create_app().app_context(), transaction():
        made = make_reservations(now=clock.now())
    print(json.dumps(made))  # noqa: T201
