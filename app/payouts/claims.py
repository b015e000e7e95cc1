"""A claim (請求): a cast asks for exactly what the list before showed (C53–C56)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from app import audit, policy
from app.bookings.models import Booking
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.errors import N_, Problem, Refused
from app.payouts import ledger, payday
from app.payouts.ledger import Earning, State
from app.payouts.models import Claim, ClaimItem, ClaimKind
from app.talks.models import Talk

Shown = Mapping[str, int]  # each talk of a list by its key, with the yen that stood beside it
CHANGES_NAMED = 5  # the others are counted


def shown_of(earnings: Collection[Earning]) -> dict[str, int]:
    """What a list says, as its form has to bring it back."""
    return {earning.key: earning.open_yen for earning in earnings}


def why_not_claim(earnings: Sequence[Earning], *, now: datetime) -> list[Problem]:
    """Why these cannot be claimed now; an empty list where they can (C54)."""
    if not earnings:
        text = N_("There is nothing that you could claim at the moment.")
        return [Problem(code="nothing", text=text)]
    yen = ledger.yen_of(earnings)
    if yen >= policy.CLAIM_LEAST_YEN:
        return []
    text = N_(
        "This is %(yen)s yen, and a claim is possible from %(least)s yen on. You need not do"
        " anything: without a claim it is paid on %(day)s at the latest."
    )
    by = max(ledger.promised(each.served_at, now=now) for each in earnings)
    values = {"yen": f"{yen:,}", "least": f"{policy.CLAIM_LEAST_YEN:,}", "day": f"{by:%Y/%m/%d}"}
    return [Problem(code="too_little", text=text, values=values)]


def claim(cast_id: int, *, shown: Shown, form_key: str, by: int, now: datetime) -> Claim:
    """Claim exactly what was shown, once for each list however often its button is pressed.

    Raises Refused with each talk that is worth something else by now, or is claimed already.
    """
    held = _hold(cast_id, shown, now=now)
    if first := _pressed(form_key):
        if first.cast_id != cast_id:
            raise Refused(_ANEW)
        return first
    if problems := _what_changed(shown, held):
        raise Refused(*problems)
    earnings = [each for each in held if each.key in shown]
    if problems := why_not_claim(earnings, now=now):
        raise Refused(*problems)
    made = _make(cast_id, earnings, form_key=form_key, now=now)
    audit.note("claim.made", about=f"claim:{made.id}", by=by, now=now, yen=made.yen)
    return made


_ANEW = Problem(code="anew", text=N_("The list has changed. Please look at it once more."))


def _hold(cast_id: int, shown: Shown, *, now: datetime) -> list[Earning]:
    """The talks that were shown, as they are now, held with their cast: bookings, walk-ins, cast."""
    public_ids = [key.partition(":")[0] for key in shown]
    booking_ids, talk_ids = (
        session.scalars(
            select(kind.id)
            .where(kind.cast_id == cast_id, kind.public_id.in_(public_ids))
            .order_by(kind.id)
            .with_for_update(key_share=True)
        ).all()
        for kind in (Booking, Talk)
    )
    session.get_one(Cast, cast_id, with_for_update={"key_share": True}, populate_existing=True)
    return ledger.of_these(cast_id, talk_ids=talk_ids, booking_ids=booking_ids, now=now)


def _pressed(form_key: str) -> Claim | None:
    return session.scalars(select(Claim).filter_by(form_key=form_key)).one_or_none()


def _what_changed(shown: Shown, held: Sequence[Earning]) -> list[Problem]:
    """Each talk that is not any more what the list said, by the name of its guest."""
    now = {earning.public_id: earning for earning in held}
    problems = []
    for key, yen in shown.items():
        earning = now.get(key.partition(":")[0])
        if earning is None:
            problems.append(_ANEW)
        elif (earning.state, earning.key, earning.open_yen) != (State.PAYABLE, key, yen):
            problems.append(_changed(earning, yen))
    more = len(problems) - CHANGES_NAMED
    if more > 0:
        text = N_("And %(number)s more talks have changed.")
        rest = Problem(code="more_changed", text=text, values={"number": more})
        return [*problems[:CHANGES_NAMED], rest]
    return problems


def _changed(earning: Earning, shown_yen: int) -> Problem:
    ended_at = earning.served_at.astimezone(JAPAN)
    values: dict[str, object] = {"name": earning.guest, "at": f"{ended_at:%m/%d %H:%M}"}
    if earning.state is State.ON_HOLD:
        text = N_(
            "The talk with %(name)s (%(at)s) is in dispute now. It can be claimed once the office"
            " has decided."
        )
        return Problem(code="on_hold", text=text, values=values)
    if earning.claimed_yen:
        text = N_("The talk with %(name)s (%(at)s) is claimed already.")
        return Problem(code="claimed", text=text, values=values)
    text = N_("The talk with %(name)s (%(at)s) is %(now)s yen now, instead of %(before)s yen.")
    values |= {"now": f"{earning.open_yen:,}", "before": f"{shown_yen:,}"}
    return Problem(code="changed", text=text, values=values)


def _make(cast_id: int, earnings: Sequence[Earning], *, form_key: str, now: datetime) -> Claim:
    made = Claim(
        cast_id=cast_id,
        kind=ClaimKind.ASKED,
        items=len(earnings),
        yen=ledger.yen_of(earnings),
        claimed_at=now,
        pay_on=payday.of_claim(now.astimezone(JAPAN).date()),
        form_key=form_key,
    )
    session.add(made)
    session.flush()
    session.add_all(
        ClaimItem(
            claim_id=made.id,
            talk_id=earning.talk_id,
            booking_id=earning.booking_id,
            case_id=earning.case_id,
            served_at=earning.served_at,
            units=earning.units,
            yen=earning.open_yen,
        )
        for earning in earnings
    )
    session.flush()
    return made
