"""Giving casts their conditions in writing: at the start, and before each change holds (facts: Japan 3.9).

What is to hold is known from the price rows, the accepted invitations and the remitter. It is compared
with what each cast was told, for today and for every later day on which something changes, so it does
not matter what changed, or how often. A plan that is taken back gives a notice that takes its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select, text

from app.casts.invitations import is_ahead
from app.casts.models import Cast, InvitationState, LegalName, Rank, RankInvitation, RankPrice
from app.clock import JAPAN
from app.db import array, rows, session
from app.payouts import remitters
from app.payouts.condition_models import ConditionsNotice
from app.payouts.condition_terms import House, example_of, fingerprint_of, terms_of
from app.texts import publishing
from app.texts.models import TextKind

BATCH = 200  # casts of one transaction, which holds their rows for well under a second

# Of each cast the first day on which other conditions are to hold than they were told.
_DUE = text("""
    WITH planned AS (
        SELECT * FROM unnest(
            CAST(:days AS date[]), CAST(:ranks AS text[]), CAST(:fingerprints AS text[])
        ) AS each (day, rank, fingerprint)
    )
    SELECT DISTINCT ON (talk_cast.account_id) talk_cast.account_id, planned.day, planned.rank
    FROM talk_cast
    JOIN account ON account.id = talk_cast.account_id AND account.closed_at IS NULL
    LEFT JOIN rank_invitation AS accepted ON accepted.cast_id = talk_cast.account_id
      AND accepted.state = 'accepted' AND accepted.applied_at IS NULL
    JOIN planned ON planned.rank = CASE WHEN accepted.holds_from <= planned.day
                                        THEN accepted.rank ELSE talk_cast.rank END
    LEFT JOIN LATERAL (
        SELECT fingerprint FROM conditions_notice
        WHERE cast_id = talk_cast.account_id AND holds_from <= planned.day
        ORDER BY holds_from DESC, number DESC LIMIT 1
    ) AS told ON true
    WHERE told.fingerprint IS DISTINCT FROM planned.fingerprint
      AND (CAST(:cast_ids AS bigint[]) IS NULL
           OR talk_cast.account_id = ANY(CAST(:cast_ids AS bigint[])))
    ORDER BY talk_cast.account_id, planned.day LIMIT :most
""")


@dataclass(frozen=True)
class Plan:
    """The terms that are to hold, by day and rank."""

    house: House
    terms: Mapping[tuple[date, Rank], dict[str, Any]]

    @cached_property
    def fingerprints(self) -> dict[tuple[date, Rank], str]:
        return {key: fingerprint_of(terms) for key, terms in self.terms.items()}


def give_due(now: datetime) -> list[ConditionsNotice]:
    """Write a batch of the notices that are due, at most one a cast; an empty list: all were told.

    The casts' rows are held, so of two jobs each notice is given by one.
    """
    plan = _plan(now)
    found = [due.account_id for due in _due(plan, most=BATCH)] if plan else []
    return _give(plan, _held(found), now=now) if plan and found else []


def give_to(cast_id: int, *, now: datetime) -> list[ConditionsNotice]:
    """Everything that is due to one cast, at once: for the moment at which their work is commissioned."""
    plan = _plan(now)
    held = _held([cast_id]) if plan else []
    given: list[ConditionsNotice] = []
    while plan and (more := _give(plan, held, now=now)):
        given += more
    return given


def cast_bears_fee() -> bool:
    """Whether the fee of a transfer is taken from what is paid out; so until the office says otherwise (D25)."""
    remitter = remitters.current()
    return remitter is None or remitter.cast_bears_fee


def _plan(now: datetime) -> Plan | None:
    """What is to hold, or None while nobody is named who commissions: then nothing is sold either."""
    house = _house(now)
    if not house.seller["ja"]:
        return None
    today = now.astimezone(JAPAN).date()
    terms: dict[tuple[date, Rank], dict[str, Any]] = {}
    prices = session.scalars(select(RankPrice).order_by(RankPrice.holds_from)).all()
    for day in _days(prices, today=today):
        holding = {row.rank: row for row in prices if row.holds_from <= day}
        terms |= {(day, rank): terms_of(row, house) for rank, row in holding.items()}
    return Plan(house=house, terms=terms)


def _house(now: datetime) -> House:
    legal = publishing.find(TextKind.COMMERCE, now=now)

    def said(name: str) -> dict[str, str]:
        return {each: publishing.words_of(legal, name, locale=each)[0] for each in ("ja", "en")}

    return House(seller=said("seller"), address=said("address"), cast_bears_fee=cast_bears_fee())


def _days(prices: Sequence[RankPrice], *, today: date) -> list[date]:
    """Today, and every day ahead on which something changes, or was to change when it was told."""
    accepted = select(RankInvitation.holds_from).where(
        is_ahead(), RankInvitation.state == InvitationState.ACCEPTED
    )
    told = select(ConditionsNotice.holds_from).where(ConditionsNotice.holds_from > today)
    days = {today, *(row.holds_from for row in prices)}
    days |= {*session.scalars(accepted.distinct()), *session.scalars(told.distinct())}
    return sorted(day for day in days if day >= today)


def _due(plan: Plan, *, of: Sequence[int] | None = None, most: int) -> list[Any]:
    planned = plan.fingerprints
    return rows(
        _DUE,
        days=[day for day, _ in planned],
        ranks=[rank.value for _, rank in planned],
        fingerprints=list(planned.values()),
        cast_ids=None if of is None else array(of),
        most=most,
    )


def _held(cast_ids: Sequence[int]) -> Sequence[int]:
    wanted = select(Cast.account_id).where(Cast.account_id.in_(cast_ids))
    locked = wanted.order_by(Cast.account_id).with_for_update(key_share=True)
    return session.scalars(locked).all()


def _give(plan: Plan, held: Sequence[int], *, now: datetime) -> list[ConditionsNotice]:
    """Write the next notice of casts whose rows are held, as far as one is still due."""
    due = _due(plan, of=held, most=len(held))
    names, numbers = _names(held), _last_numbers(held)
    today = now.astimezone(JAPAN).date()
    given = [
        ConditionsNotice(
            cast_id=cast_id,
            number=numbers.get(cast_id, 0) + 1,
            holds_from=day,
            given_at=now,
            fingerprint=plan.fingerprints[day, Rank(rank)],
            content={
                "terms": plan.terms[day, Rank(rank)],
                "address": plan.house.address,
                "cast": names.get(cast_id, ""),
                "given_on": today.isoformat(),
                "example": example_of(day),
            },
        )
        for cast_id, day, rank in due
    ]
    session.add_all(given)
    session.flush()
    return given


def _names(cast_ids: Sequence[int]) -> dict[int, str]:
    found = session.scalars(select(LegalName).where(LegalName.account_id.in_(cast_ids)))
    return {each.account_id: f"{each.family_name} {each.given_name}" for each in found}


def _last_numbers(cast_ids: Sequence[int]) -> dict[int, int]:
    last = select(ConditionsNotice.cast_id, func.max(ConditionsNotice.number))
    wanted = last.where(ConditionsNotice.cast_id.in_(cast_ids)).group_by(ConditionsNotice.cast_id)
    return dict(session.execute(wanted).all())
