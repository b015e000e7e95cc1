"""The mails about walk-ins that the office has decided about, to guest and cast."""

from datetime import datetime

from app.cases import walk_ins
from app.cases.models import Case
from app.db import session
from app.jobs import periodic
from app.letters import link, tell_each, write
from app.payouts.claim_lists import counted_yen
from app.people.models import Account
from app.talks.models import Talk


@periodic
def tell_of_walk_ins() -> None:
    """Mail what was decided about walk-ins."""
    tell_each(lambda _now: walk_ins.untold(), _case)


def _case(case: Case, *, now: datetime) -> None:
    walk_in_decided(case, now=now)
    walk_ins.mark_told(case, now=now)


def walk_in_decided(case: Case, *, now: datetime) -> None:
    """What the office decided about a walk-in, to each of the two with their own amount (G31)."""
    talk = case.talk
    assert talk
    _decided(case, talk, "talks.receipt", to=talk.guest, other=talk.cast.name, now=now)
    cast = session.get_one(Account, talk.cast_id)
    _decided(case, talk, "cast_room.talk", to=cast, other=talk.guest.nickname, now=now)


def _decided(case: Case, talk: Talk, page: str, *, to: Account, other: str, now: datetime) -> None:
    write(
        "walk_in_decided",
        to=to,
        key=f"case:{case.id}:decided:{to.id}",
        now=now,
        case=case,
        talk=talk,
        earned_yen=counted_yen(talk.earned_yen, talk_id=talk.id),
        is_guest=to.id == talk.guest_id,
        other=other,
        link=link(page, public_id=talk.public_id),
    )
