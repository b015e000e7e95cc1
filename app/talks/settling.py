"""Settling reserved talks: ten minutes after the end, from evidence and report, each once (D17, D21)."""

from datetime import datetime

from sqlalchemy import exists, select

from app import policy
from app.bookings import completions, settlements
from app.bookings.models import Booking, BookingState, CompletionKind, Settlement
from app.db import session
from app.talks import judging, recording, reserved
from app.talks.judging import Verdict
from app.talks.models import EndedBy, Talk, TalkState
from app.talks.presence import Presence
from app.video import reconciling
from app.video.models import VideoEvent
from app.video.server import server

BATCH = 200
CUT_SHORT = {EndedBy.REPORT, EndedBy.OPERATOR}


def is_blind(*, now: datetime) -> bool:
    """Is there evidence that has not been read, or not reached us? Then nobody is judged yet.

    What happens at this moment, in whatever room, is no evidence of a talk that ended minutes ago.
    """
    of_then = VideoEvent.at <= now - policy.REPORT_WINDOW
    unread = session.scalar(select(exists().where(VideoEvent.drained_at.is_(None), of_then)))
    return bool(unread) or (server.is_elsewhere and reconciling.is_behind(now=now))


def due_ids(now: datetime) -> list[int]:
    """A batch of bookings whose report time is over; `settle` holds each before it looks."""
    running = exists().where(Talk.booking_id == Booking.id, Talk.state == TalkState.RUNNING)
    due = (
        select(Booking.id)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Booking.starts_at < now,  # whose index leads to the few that have begun
            Booking.report_until < now,
            ~running,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(BATCH)
    )
    return list(session.scalars(due))


def settle(booking_id: int, *, now: datetime) -> Settlement:
    """Judge a booking and end it; one that has ended already stays as it is."""
    booking = settlements.get_locked(booking_id)
    if booking.state is not BookingState.CONFIRMED:
        settled = settlements.find(booking_id)
        assert settled
        return settled
    reserved.find_talk_locked(booking)  # what is read from now on comes too late
    verdict = judge(booking)
    return settlements.settle(
        booking,
        verdict.outcome,
        returned_points=verdict.returned_points,
        earned_yen=verdict.earned_yen,
        missed=verdict.missed,
        now=now,
    )


def judge(booking: Booking) -> Verdict:
    """What evidence and report say of a booking: the same at any time (promise 2)."""
    talk = reserved.find_talk(booking)
    return judging.judge(
        booking,
        presence_of(booking),
        report=_report_of(booking),
        cut_short=talk is not None and talk.ended_by in CUT_SHORT,
    )


def by_evidence(booking: Booking) -> Verdict:
    """What evidence alone would decide, whatever was reported: a proposal for the office."""
    outcome, missed = judging.see(booking, presence_of(booking))
    return judging.verdict_of(booking, outcome, missed=missed)


def presence_of(booking: Booking) -> Presence | None:
    """Who was in the room when; None where nobody opened it."""
    talk = reserved.find_talk(booking)
    return recording.presence_of(talk) if talk else None


def problems() -> list[str]:
    """Every settled booking that would be judged otherwise today, in words."""
    judged = select(Settlement, Booking).join(Booking, Booking.id == Settlement.booking_id)
    found = []
    for settlement, booking in session.execute(judged):
        if settlement.outcome in settlements.CANCELLED:
            continue
        verdict = judge(booking)
        if settlement.outcome != verdict.outcome:
            found.append(
                f"{booking.about}: is settled as {settlement.outcome},"
                f" but its evidence shows {verdict.outcome}"
            )
        stands = (settlement.returned_points, settlement.earned_yen)
        due = (verdict.returned_points, verdict.earned_yen)
        if stands != due and not settlement.decided_at:  # an operator decides about the amounts
            found.append(f"{booking.about}: returned and earned {stands}, but due are {due}")
    return found


def _report_of(booking: Booking) -> CompletionKind | None:
    report = completions.find(booking)
    return report.kind if report and not report.late else None
