"""Reporting a talk. It ends one that runs; who reported is known to the operator only."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, policy
from app.db import session
from app.errors import N_, Problem, Refused
from app.talks import endings
from app.talks.models import EndedBy, Party, ReportReason, Talk, TalkReport, TalkState

WORDS_LENGTH = 500  # characters
LATELY = 20  # reports


def why_not_report(talk: Talk, *, now: datetime) -> list[Problem]:
    """Why this talk cannot be reported; an empty list where it can."""
    if talk.state is TalkState.RUNNING:
        return []
    if talk.ended_at is None:
        text = N_("Only a talk that has begun can be reported.")
        return [Problem(code="not_begun", text=text)]
    if now > talk.ended_at + policy.REPORT_OPEN:
        text = N_("A talk can be reported until %(hours)s hours after its end.")
        hours = policy.REPORT_OPEN // timedelta(hours=1)
        return [Problem(code="too_late", text=text, values={"hours": hours})]
    return []


def report(
    talk_id: int, *, by: Party, person: int, reason: ReportReason, words: str, now: datetime
) -> TalkReport:
    """Keep what one of the two reports, once, and end the talk if it runs. Raises Refused.

    The minute that is cut short goes back to the guest, whoever reports: it is no leaving (D4).
    """
    # The talk's row comes first in the order of locks, and a second press waits here.
    talk = session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
    if before := find(talk, by=by):
        return before
    if problems := why_not_report(talk, now=now):
        raise Refused(*problems)
    kept = words.strip()[:WORDS_LENGTH]
    report = TalkReport(talk_id=talk_id, party=by, reason=reason, words=kept, at=now)
    session.add(report)
    about = f"talk:{talk_id}"
    audit.note("talk.reported", about=about, by=person, now=now, reason=reason.value)
    endings.end(talk_id, by=EndedBy.REPORT, now=now)
    session.flush()
    return report


def find(talk: Talk, *, by: Party) -> TalkReport | None:
    """What this one of the two has reported; the other's report is not for them."""
    return session.scalars(select(TalkReport).filter_by(talk_id=talk.id, party=by)).one_or_none()


def of_talk(talk: Talk) -> list[TalkReport]:
    """For the operator: both people's reports."""
    wanted = select(TalkReport).filter_by(talk_id=talk.id).order_by(TalkReport.id)
    return list(session.scalars(wanted))


def lately() -> list[TalkReport]:
    """For the operator: the newest reports of all talks, with their talks."""
    talk = joinedload(TalkReport.talk)
    wanted = select(TalkReport).options(talk.joinedload(Talk.guest), talk.joinedload(Talk.cast))
    return list(session.scalars(wanted.order_by(TalkReport.id.desc()).limit(LATELY)))
