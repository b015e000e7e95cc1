"""The completion report (完了報告): how a talk was, by its cast (C47–C50)."""

from datetime import datetime

from app import policy
from app.bookings import notices, settlements
from app.bookings.models import Booking, BookingState, Completion, CompletionKind, Outcome
from app.db import session
from app.errors import N_, Problem, Refused

IMPRESSION_LENGTH = 500  # characters
STARS = range(1, 6)


def why_not_file(booking: Booking, *, now: datetime) -> list[Problem]:
    """Why no report can be filed; an empty list where one can."""
    if booking.state is BookingState.CANCELLED:
        return [Problem(code="cancelled", text=N_("A cancelled talk needs no report."))]
    if now < booking.talk_ends_at:
        text = N_("The report can be filed once the talk is over.")
        return [Problem(code="not_over", text=text)]
    if find(booking) is not None:
        return [Problem(code="filed", text=N_("This report has been filed already. Thank you."))]
    if now > booking.report_until + policy.OBJECTION_OPEN:
        return [Problem(code="too_late", text=N_("The time for this report is over."))]
    return []


def is_in_time(booking: Booking, *, now: datetime) -> bool:
    """Does a report still count for the settlement (C50)? The last moment does."""
    return now <= booking.report_until and booking.state is BookingState.CONFIRMED


def file(
    booking_id: int, *, kind: CompletionKind, impression: str, stars: int, now: datetime
) -> Completion:
    """Keep a report, once. A late one is a comment: the talk was judged without it (D21).

    Raises Refused.
    """
    booking = settlements.get_locked(booking_id)
    problems = why_not_file(booking, now=now)
    if not impression.strip():
        text = N_("Please write a word about the talk.")
        problems.append(Problem(code="no_impression", about="impression", text=text))
    if stars not in STARS:
        text = N_("Please choose 1 to 5 stars.")
        problems.append(Problem(code="no_stars", about="stars", text=text))
    if problems:
        raise Refused(*problems)
    report = Completion(
        booking_id=booking_id,
        kind=kind,
        impression=impression.strip()[:IMPRESSION_LENGTH],
        stars=stars,
        filed_at=now,
        late=not is_in_time(booking, now=now),
    )
    session.add(report)
    session.flush()
    notices.withdraw_report_due(booking_id, now=now)
    return report


def suggested(seen: Outcome) -> CompletionKind:
    """The kind that fits what evidence shows; the form is filled in with it (scenario 7)."""
    return {
        Outcome.GUEST_ABSENT: CompletionKind.NOT_HELD,
        Outcome.CAST_ABSENT: CompletionKind.TROUBLE,
        Outcome.BOTH_ABSENT: CompletionKind.TROUBLE,
    }.get(seen, CompletionKind.DONE)


def find(booking: Booking) -> Completion | None:
    return session.get(Completion, booking.id)
