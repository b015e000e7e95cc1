"""Forgetting what was reported and noted of people, once no claim can come of it any more."""

from datetime import datetime

from sqlalchemy import delete, select

from app import policy
from app.db import session
from app.desk.moderation import Kind
from app.desk.moderation_tables import Look, PersonNote, PersonReport
from app.people.models import Account


def forget_conduct(now: datetime) -> None:
    """Delete reports of people, what the office found of them, and its notes.

    What was found of a talk stays with its report, and the notes of a suspended person stay while
    they are shut out.
    """
    before = now - policy.CONDUCT_KEPT
    of_talk = Look.about.startswith(f"{Kind.TALK}:")
    shut = select(Account.id).where(Account.suspended_at.is_not(None))
    session.execute(delete(PersonReport).where(PersonReport.at < before))
    session.execute(delete(Look).where(Look.at < before, ~of_talk))
    session.execute(
        delete(PersonNote).where(PersonNote.at < before, PersonNote.account_id.not_in(shut))
    )
