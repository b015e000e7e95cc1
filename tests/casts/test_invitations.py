from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.casts import invitations, jobs
from app.casts.models import Cast, InvitationState, Rank, RankInvitation
from app.db import session
from app.errors import Refused
from tests.factories import (
    NOON,
    book,
    japan,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    publish,
)

TODAY = date(2026, 11, 22)
MONDAY = TODAY + timedelta(days=1)
MIDNIGHT = japan(2026, 11, 23)


def invite(cast, *, rank=Rank.PLATINUM, day=MONDAY, by=None, now=NOON):
    by = by or make_operator().id
    return invitations.invite(
        cast.account_id, rank=rank, holds_from=day, words="ぜひ。", by=by, now=now
    )


def answer(invitation, *, accepts=True, now=NOON):
    return invitations.answer(invitation.id, accepts=accepts, by=invitation.cast_id, now=now)


def refused(work, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        work(*args, **kwargs)
    return refusal.value.codes


@pytest.mark.req("C16", "D9")
def test_an_accepted_rank_holds_from_its_day_with_its_price(at, queue):
    cast, guest = make_cast(), make_guest(points=1000)
    talk = make_talk(cast=cast)
    publish(cast, japan(2026, 11, 23, 10))
    booking = book(guest, cast, japan(2026, 11, 23, 10))
    answer(invite(cast))

    at(MIDNIGHT - timedelta(seconds=1))
    queue.do(jobs.apply_prices)
    session.refresh(cast)
    assert (cast.rank, cast.price_points) == (Rank.BLUE, 100)

    at(MIDNIGHT)
    queue.do(jobs.apply_prices)
    for row in (cast, talk, booking):
        session.refresh(row)
    assert (cast.rank, cast.price_points, cast.reward_yen) == (Rank.PLATINUM, 300, 165)
    assert (cast.slot_points, cast.slot_reward_yen) == (900, 495)
    assert (talk.price_points, talk.reward_yen) == (100, 50)
    assert (booking.price_points, booking.reward_yen) == (300, 150)
    assert invitations.ahead_of(cast.account_id) is None
    assert session.scalars(select(RankInvitation.applied_at)).one() == MIDNIGHT


@pytest.mark.req("C16")
@pytest.mark.parametrize("how", ["nothing", "declined", "withdrawn"])
def test_without_the_casts_yes_no_rank_changes(how):
    cast = make_cast()
    invitation = invite(cast)
    if how == "declined":
        answer(invitation, accepts=False)
    if how == "withdrawn":
        invitations.withdraw(invitation.id, by=make_operator().id, now=NOON)

    invitations.apply_due(MIDNIGHT)

    assert cast.rank is Rank.BLUE
    expected = {"nothing": "expired"}.get(how, how)
    assert invitation.state == expected
    assert invitation.applied_at is None


def test_downwards_too_only_the_cast_can_say_yes():
    cast = make_cast(rank=Rank.GOLD)

    invitation = invite(cast, rank=Rank.BLUE)
    invitations.apply_due(MIDNIGHT)

    assert (cast.rank, invitation.state) == (Rank.GOLD, InvitationState.EXPIRED)


def test_a_cast_has_one_invitation_ahead_at_a_time_also_when_it_is_accepted():
    cast = make_cast()
    first = invite(cast)
    assert refused(invite, cast, rank=Rank.GOLD) == {"one_at_a_time"}

    answer(first)
    assert refused(invite, cast, rank=Rank.GOLD) == {"one_at_a_time"}

    invitations.apply_due(MIDNIGHT)
    assert invite(cast, rank=Rank.GOLD, day=MONDAY + timedelta(days=2), now=MIDNIGHT).id


def test_an_invitation_to_the_same_rank_or_for_today_is_none():
    cast = make_cast()

    assert refused(invite, cast, rank=Rank.BLUE) == {"same_rank"}
    assert refused(invite, cast, day=TODAY) == {"too_soon"}
    assert session.scalars(select(RankInvitation)).all() == []


def test_the_last_second_to_answer_is_before_midnight():
    first, second = invite(make_cast()), invite(make_cast())

    assert answer(first, now=MIDNIGHT - timedelta(seconds=1)).state is InvitationState.ACCEPTED
    assert refused(answer, second, now=MIDNIGHT) == {"expired"}


def test_an_answer_stands_and_the_same_again_changes_nothing():
    invitation = invite(make_cast())
    answer(invitation)

    assert answer(invitation).state is InvitationState.ACCEPTED
    assert refused(answer, invitation, accepts=False) == {"accepted"}
    assert refused(invitations.withdraw, invitation.id, by=make_operator().id, now=NOON) == {
        "accepted"
    }
    of_ranks = select(AuditEntry.did).where(AuditEntry.did.startswith("rank_invitation"))
    did = session.scalars(of_ranks.order_by(AuditEntry.id)).all()
    assert did == ["rank_invitation.invited", "rank_invitation.accepted"]


def test_the_job_twice_applies_once():
    cast = make_cast()
    answer(invite(cast))

    assert [invitations.apply_due(MIDNIGHT) for _ in range(2)] == [1, 0]


@pytest.mark.committed
@pytest.mark.req("C16")
def test_accepted_and_withdrawn_at_the_same_instant_one_of_the_two_holds(at_once):
    invitation = invite(make_cast())
    operator, cast_id = make_operator().id, invitation.cast_id
    works = [
        partial(invitations.answer, invitation.id, accepts=True, by=cast_id, now=NOON),
        partial(invitations.withdraw, invitation.id, by=operator, now=NOON),
    ]

    accepted, withdrawn = at_once(*works)

    [refusal] = [each for each in (accepted, withdrawn) if isinstance(each, Refused)]
    found = session.scalars(select(RankInvitation)).one()
    assert refusal.codes == {found.state.value}
    assert (found.state is InvitationState.WITHDRAWN) == (refusal is accepted)


@pytest.mark.committed
def test_of_two_operators_who_invite_at_the_same_instant_one_does(at_once):
    cast, operator = make_cast(), make_operator().id
    works = [partial(invite, cast, rank=rank, by=operator) for rank in (Rank.GOLD, Rank.BLACK)]
    session.flush()
    session.expunge(cast)

    outcomes = at_once(*works)

    [refusal] = [each for each in outcomes if isinstance(each, Refused)]
    assert refusal.codes == {"one_at_a_time"}
    assert len(session.scalars(select(RankInvitation)).all()) == 1


@pytest.mark.committed
def test_two_workers_apply_an_invitation_once(at_once):
    cast = make_cast()
    answer(invite(cast))

    at_once(*[partial(invitations.apply_due, MIDNIGHT)] * 2)

    assert session.scalars(select(Cast.rank)).one() is Rank.PLATINUM
    applied = select(AuditEntry.id).filter_by(did="rank_invitation.applied")
    assert len(session.scalars(applied).all()) == 1
