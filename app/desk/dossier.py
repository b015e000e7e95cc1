"""The figures of one person's conduct, and the cases and inquiries they stand in."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.bookings.models import Booking
from app.cases import queue
from app.cases.models import Case
from app.db import session
from app.desk import moderation
from app.desk.inquiry_tables import Inquiry
from app.people import blocks
from app.people.models import Account
from app.talks.models import Talk, TalkState

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Dossier:
    talks: int
    bookings: int
    blocks_against: int
    blocks_by: int
    reports_by: int
    cases: list[Case]
    inquiries: list[Inquiry]


def of(account: Account) -> Dossier:
    talks = select(func.count()).where(
        or_(Talk.guest_id == account.id, Talk.cast_id == account.id),
        Talk.state == TalkState.ENDED,
    )
    theirs = or_(Booking.guest_id == account.id, Booking.cast_id == account.id)
    cases = (
        select(Case)
        .outerjoin(Booking, Booking.id == Case.booking_id)
        .outerjoin(Talk, Talk.id == Case.talk_id)
        .options(*queue.with_both())
        .where(or_(theirs, Talk.guest_id == account.id, Talk.cast_id == account.id))
        .order_by(Case.id.desc())
        .limit(SHOWN)
    )
    asked = select(Inquiry).filter_by(account_id=account.id).order_by(Inquiry.id.desc())
    return Dossier(
        talks=session.scalar(talks) or 0,
        bookings=session.scalar(select(func.count()).where(theirs)) or 0,
        blocks_against=blocks.against([account.id]).get(account.id, 0),
        blocks_by=len(blocks.of_account(account)),
        reports_by=moderation.reports_by(account),
        cases=list(session.scalars(cases)),
        inquiries=list(session.scalars(asked.limit(SHOWN))),
    )
