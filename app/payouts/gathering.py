"""Claiming what many casts have earned, in one statement: nothing is read into this process."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    Executable,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)

from app.casts.models import Cast
from app.clock import JAPAN
from app.db import Base, session, unguessable
from app.payouts import payday
from app.payouts.earnings import EARNED, payable
from app.payouts.looking_back import Reach
from app.payouts.models import Claim, ClaimKind


def claim_for(
    cast_ids: Sequence[int], reach: Reach, *, served_before: datetime, now: datetime
) -> None:
    """Claim what is within reach of what these casts served until then: one claim for each of them.

    Only those who have something are held, so that what they claim themselves comes before or after.
    """
    session.execute(_BY_INDEX)
    casts = list(cast_ids)
    bounds = {
        "casts": casts,
        "since": reach.since,
        "talks": list(reach.talk_ids),
        "bookings": list(reach.booking_ids),
        "served_before": served_before,
        "now": now,
    }
    casts = list(session.scalars(_WITH_SOMETHING, bounds))
    if not casts:
        return
    session.execute(_HOLD, {"casts": casts})
    names = [unguessable() for _ in casts]
    pay_on = payday.of_claim(now.astimezone(JAPAN).date())
    session.execute(_CLAIM, bounds | {"casts": casts, "public_ids": names, "pay_on": pay_on})


# Plans are kept while the tables of claims grow under them: what was planned when there were none, also
# for the checks of foreign keys, would read ever longer tables from their beginning. A batch is small
# beside all that ever was, so an index is right for each of its rows.
_BY_INDEX = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('random_page_cost', '1', true)"
)

_CASTS = bindparam("casts", type_=ARRAY(BigInteger))
_NOW = bindparam("now", type_=DateTime(timezone=True))
_BEFORE = bindparam("served_before", type_=DateTime(timezone=True))
_SINCE = bindparam("since", type_=DateTime(timezone=True))
_DUE = (EARNED.c.cast_id == func.any(_CASTS), EARNED.c.served_at < _BEFORE, *payable(_NOW))


def _due(*columns: ColumnElement[Any]) -> CompoundSelect[*tuple[Any, ...]]:
    """The parts of the reach one by one (looking_back.Reach.parts): each reads by one index."""
    of_before = EARNED.c.served_at < _SINCE
    named = {name: bindparam(name, type_=ARRAY(BigInteger)) for name in ("talks", "bookings")}
    parts = (
        (EARNED.c.served_at >= _SINCE,),
        (of_before, EARNED.c.talk_id == func.any(named["talks"])),
        (of_before, EARNED.c.booking_id == func.any(named["bookings"])),
    )
    return union_all(*(select(*columns).where(*_DUE, *part) for part in parts))


_WITH_SOMETHING = select(_due(EARNED.c.cast_id).subquery().c.cast_id).distinct()
_HOLD = (
    select(Cast.account_id)
    .where(Cast.account_id == func.any(_CASTS))
    .order_by(Cast.account_id)
    .with_for_update(key_share=True)
)


def _claim() -> Executable:
    """The claims and their items. They are read once, so that sums and items cannot differ."""
    due = _due(
        EARNED.c.cast_id,
        EARNED.c.talk_id,
        EARNED.c.booking_id,
        EARNED.c.case_id,
        EARNED.c.served_at,
        EARNED.c.units,
        (EARNED.c.yen - EARNED.c.claimed_yen).label("yen"),
    ).cte("due")
    named = (
        func.unnest(_CASTS, bindparam("public_ids", type_=ARRAY(Text)))
        .table_valued("cast_id", "public_id", name="named")
        .render_derived()
    )
    claims = (
        select(
            named.c.public_id,
            due.c.cast_id,
            literal(ClaimKind.CLOSING, Claim.kind.type),
            func.count(),
            func.sum(due.c.yen),
            _NOW,
            bindparam("pay_on", type_=Date),
        )
        .join_from(due, named, named.c.cast_id == due.c.cast_id)
        .group_by(due.c.cast_id, named.c.public_id)
    )
    columns = ("public_id", "cast_id", "kind", "items", "yen", "claimed_at", "pay_on")
    made = insert(Claim).from_select(columns, claims).returning(Claim.id, Claim.cast_id).cte("made")
    items = ("talk_id", "booking_id", "case_id", "served_at", "units", "yen")
    wanted = select(made.c.id, *(due.c[name] for name in items)).join_from(
        due, made, made.c.cast_id == due.c.cast_id
    )
    return insert(Base.metadata.tables["claim_item"]).from_select(("claim_id", *items), wanted)


_CLAIM = _claim()
