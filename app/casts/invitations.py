"""A cast's rank changes by invitation of the office, and only where the cast accepts it (C16).

It holds from its day on. Talks that run and bookings that were made keep their price (D9).
"""

from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app import audit, clock, policy
from app.casts import standby
from app.casts.models import Cast, InvitationState, Rank, RankInvitation
from app.db import session
from app.errors import N_, Problem, Refused


def ahead_of(cast_id: int) -> RankInvitation | None:
    """The one that waits for the cast's answer, or for its day."""
    wanted = select(RankInvitation).where(RankInvitation.cast_id == cast_id, is_ahead())
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def history_of(cast_id: int) -> list[RankInvitation]:
    """All invitations of a cast, the newest first."""
    wanted = select(RankInvitation).filter_by(cast_id=cast_id)
    return list(session.scalars(wanted.order_by(RankInvitation.id.desc())))


def find(public_id: str, *, cast_id: int) -> RankInvitation | None:
    wanted = select(RankInvitation).filter_by(public_id=public_id, cast_id=cast_id)
    return session.scalars(wanted.options(joinedload(RankInvitation.cast))).one_or_none()


def why_not_invite(cast: Cast, *, rank: Rank, holds_from: date, today: date) -> list[Problem]:
    """Why a cast cannot be invited to a rank; an empty list where they can."""
    problems = []
    if ahead_of(cast.account_id):
        text = N_("An invitation of this cast waits for its answer or its day already.")
        problems.append(Problem(code="one_at_a_time", text=text))
    if rank is cast.rank:
        text = N_("The cast has this rank already.")
        problems.append(Problem(code="same_rank", about="rank", text=text))
    if holds_from < today + policy.RANK_CHANGE_NOTICE:
        text = N_("A rank can hold from tomorrow on, so that the cast can answer before.")
        problems.append(Problem(code="too_soon", about="holds_from", text=text))
    return problems


def invite(
    cast_id: int, *, rank: Rank, holds_from: date, words: str, by: int, now: datetime
) -> RankInvitation:
    """Raises Refused. The cast's row is held, so of two operators one invites."""
    cast = standby.get_locked(cast_id)
    problems = why_not_invite(cast, rank=rank, holds_from=holds_from, today=_today(now))
    if problems:
        raise Refused(*problems)
    invitation = RankInvitation(
        cast_id=cast_id,
        cast=cast,
        rank_before=cast.rank,
        rank=rank,
        holds_from=holds_from,
        words=words,
        invited_by=by,
        invited_at=now,
    )
    session.add(invitation)
    session.flush()
    _note("invited", invitation, by=by, now=now)
    return invitation


def why_not_answer(invitation: RankInvitation, *, today: date) -> list[Problem]:
    """Why the cast cannot accept or decline (any more); an empty list where they can."""
    said = {
        InvitationState.ACCEPTED: N_("This invitation has been accepted already."),
        InvitationState.DECLINED: N_("This invitation has been declined already."),
        InvitationState.WITHDRAWN: N_("The office has withdrawn this invitation."),
        InvitationState.EXPIRED: N_("The day of this invitation has come; it is over."),
    }
    state = invitation.state
    if state is InvitationState.OPEN and invitation.holds_from <= today:
        state = InvitationState.EXPIRED  # its job comes in a moment
    return [Problem(code=state.value, text=said[state])] if state in said else []


def answer(invitation_id: int, *, accepts: bool, by: int, now: datetime) -> RankInvitation:
    """The cast accepts or declines, once. The same answer again changes nothing. Raises Refused."""
    state = InvitationState.ACCEPTED if accepts else InvitationState.DECLINED
    return _close(invitation_id, state, by=by, now=now)


def withdraw(invitation_id: int, *, by: int, now: datetime) -> RankInvitation:
    """The office takes back what was not answered yet. Raises Refused."""
    return _close(invitation_id, InvitationState.WITHDRAWN, by=by, now=now)


def apply_due(now: datetime) -> int:
    """Invitations whose day has come: accepted ones hold, unanswered ones are over."""
    due = select(RankInvitation.id).where(is_ahead(), RankInvitation.holds_from <= _today(now))
    ids = session.scalars(due.order_by(RankInvitation.id)).all()
    for invitation_id in ids:
        _apply(_held(invitation_id), now=now)
    session.flush()
    return len(ids)


def _apply(invitation: RankInvitation, *, now: datetime) -> None:
    note = partial(_note, invitation=invitation, by=None, now=now)
    if invitation.state is InvitationState.OPEN:
        invitation.state, invitation.closed_at = InvitationState.EXPIRED, now
        note("expired")
    elif invitation.state is InvitationState.ACCEPTED and invitation.applied_at is None:
        cast = session.get_one(Cast, invitation.cast_id)
        cast.rank, invitation.applied_at = invitation.rank, now
        note("applied")


def _close(invitation_id: int, state: InvitationState, *, by: int, now: datetime) -> RankInvitation:
    invitation = _held(invitation_id)
    if invitation.state is state:
        return invitation
    if problems := why_not_answer(invitation, today=_today(now)):
        raise Refused(*problems)
    invitation.state, invitation.closed_at = state, now
    session.flush()
    _note(state.value, invitation, by=by, now=now)
    return invitation


def _held(invitation_id: int) -> RankInvitation:
    """The invitation as it is now, behind the row of its cast: one thing happens at a time."""
    standby.get_locked(session.get_one(RankInvitation, invitation_id).cast_id)
    return session.get_one(RankInvitation, invitation_id, populate_existing=True)


def is_ahead() -> ColumnElement[bool]:
    """Waits for its answer or its day."""
    accepted = and_(
        RankInvitation.state == InvitationState.ACCEPTED, RankInvitation.applied_at.is_(None)
    )
    return or_(RankInvitation.state == InvitationState.OPEN, accepted)


def _today(now: datetime) -> date:
    return now.astimezone(clock.JAPAN).date()


def _note(did: str, invitation: RankInvitation, *, by: int | None, now: datetime) -> None:
    audit.note(
        f"rank_invitation.{did}",
        about=f"cast:{invitation.cast_id}",
        by=by,
        now=now,
        rank=invitation.rank.value,
        rank_before=invitation.rank_before.value,
        holds_from=invitation.holds_from.isoformat(),
    )
