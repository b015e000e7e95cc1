"""Everything that is known of a case, for its page: of a reservation or of a walk-in."""

from typing import Any

from app import clock
from app.blueprints.forms import COMPLETION_KINDS, REPORT_REASONS
from app.bookings import completions
from app.bookings.models import Booking
from app.cases import deciding, queue, walk_ins
from app.cases.models import Case
from app.desk import casefile, timeline, watching
from app.payouts.claim_lists import claimed_yen
from app.talks import impressions, rating, receipts, recording, reports, reserved, settling
from app.talks.models import Talk


def facts_of(case: Case) -> dict[str, Any]:
    now = clock.now()
    about = case.subject
    is_walk_in = isinstance(about, Talk)
    talk = about if is_walk_in else reserved.find_talk(about)
    waiting = queue.waiting(now)
    return {
        "case": case,
        "standing": queue.standing(case, now=now),
        "talk": talk,
        "rating": rating.find(talk) if talk else None,
        "talk_reports": reports.of_talk(talk) if talk else [],
        "next_case": next((each.case for each in waiting if each.case.id != case.id), None),
        "completion_kinds": COMPLETION_KINDS,
        "reasons": REPORT_REASONS,
        **(_of_walk_in(about) if is_walk_in else _of_booking(case, about)),
    }


def _of_booking(case: Case, booking: Booking) -> dict[str, Any]:
    log = casefile.log_of(booking)
    presence = settling.presence_of(booking)
    settlement = deciding.settlement_of(case)
    return {
        "booking": booking,
        "settlement": settlement,
        "proposal": deciding.proposal_of(case),
        "drawn": timeline.of_booking(booking, presence, ticks=casefile.ticks_of(log)),
        "log": log,
        "report": completions.find(booking),
        "impression": None,
        "others": [each for each in queue.of_booking(booking) if each.id != case.id],
        "returned_points": settlement.returned_points,
        "earned_yen": settlement.earned_yen,
        "full_reward_yen": booking.full_reward_yen,
        "claimed_yen": claimed_yen(booking_id=booking.id),
    }


def _of_walk_in(talk: Talk) -> dict[str, Any]:
    receipt = receipts.receipt_of(talk, now=clock.now())
    return {
        "booking": None,
        "settlement": None,
        "proposal": walk_ins.proposal_of(talk),
        "drawn": timeline.timeline_of(receipt, recording.presence_of(talk)),
        "log": watching.log_of(talk),
        "report": None,
        "impression": impressions.find(talk),
        "others": [],
        "returned_points": talk.points_returned,
        "earned_yen": talk.earned_yen,
        "full_reward_yen": talk.minutes_charged * talk.reward_yen,
        "claimed_yen": claimed_yen(talk_id=talk.id),
    }
