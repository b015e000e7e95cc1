"""The statement of a payout (支払通知書): who paid whom for which talks, and how the sum came about.

It serves the house as 仕入明細書, so who is on it is frozen when the payout is approved (`facts_of`).
Amounts stand on the payout, talks in its claims; neither changes. Guests are not named.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Select, cast, func, select
from sqlalchemy.orm import contains_eager

from app.casts.models import Cast, LegalName
from app.clock import JAPAN
from app.db import session
from app.payouts import deductions, registrations
from app.payouts.models import (
    ClaimItem,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    Remitter,
)
from app.texts import publishing
from app.texts.models import TextKind

SHARE = "yen_at_"  # and a percentage: the part of the reward whose tax is deductible so far


class LineKind(StrEnum):
    WALK_IN = "walk_in"  # in minutes
    RESERVED = "reserved"  # in slots
    MORE = "more"  # what a decision of the office added to a reserved talk


@dataclass(frozen=True, kw_only=True)
class Line:
    """One talk of a statement, or what was added to it."""

    served_at: datetime
    kind: LineKind
    units: int
    yen: int

    @property
    def served_on(self) -> date:
        return _day(self.served_at)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What both sides read, on the page and on paper."""

    payout: Payout  # with its batch
    facts: dict[str, str]
    lines: list[Line]

    @property
    def number(self) -> str:
        """What one says on the telephone to name it."""
        return f"{self.payout.batch.pay_on:%Y%m%d}-{self.payout.id}"

    @property
    def pay_day(self) -> date:
        """The bank's day, or the promised one until then."""
        return self.payout.batch.paid_on or self.payout.batch.pay_on

    @property
    def tax_yen(self) -> int:
        """The consumption tax within the reward."""
        return deductions.tax_in(self.payout.claimed_yen)

    @property
    def yen_by_share(self) -> dict[int, int]:
        """The reward by the percentage of its tax that the house may deduct."""
        return {
            int(name.removeprefix(SHARE)): int(yen)
            for name, yen in self.facts.items()
            if name.startswith(SHARE)
        }

    @property
    def deductible_yen(self) -> int:
        return deductions.deductible(self.yen_by_share)

    def day(self, name: str) -> date:
        """One of the days among the facts."""
        return date.fromisoformat(self.facts[name])


def facts_of(
    batch: PayoutBatch, payouts: Sequence[Payout], *, now: datetime
) -> Iterator[dict[str, str]]:
    """Who pays and who is paid, as the statements of these will say for ever; of each payout in turn."""
    remitter = session.get_one(Remitter, batch.remitter_id)
    payer = _payer(remitter, now=now)
    served = _served(batch)
    cast_ids = [payout.cast_id for payout in payouts]
    casts = select(LegalName, Cast.name).join(Cast, Cast.account_id == LegalName.account_id)
    rows = session.execute(casts.where(Cast.account_id.in_(cast_ids)))
    names = {
        legal.account_id: (f"{legal.family_name} {legal.given_name}", of) for legal, of in rows
    }
    histories = registrations.histories_of(cast_ids)
    for payout in payouts:
        history, by_day = histories.get(payout.cast_id, []), served[payout.id]
        payee, cast_name = names[payout.cast_id]
        yield {
            **payer,
            "payee": payee,
            "cast_name": cast_name,
            "fee_borne_by": "cast" if remitter.cast_bears_fee else "house",
            "registration": _registration(history, list(by_day)),
            "issued_on": f"{_day(now)}",
            "first_on": f"{min(by_day)}",
            "last_on": f"{max(by_day)}",
            **_shares(history, by_day),
        }


def items_of(payout: Payout) -> list[ClaimItem]:
    """The talks that a payout pays, also where it came back: the earliest first."""
    wanted = (
        select(ClaimItem)
        .join(PayoutClaim, PayoutClaim.claim_id == ClaimItem.claim_id)
        .where(PayoutClaim.payout_id == payout.id)
        .order_by(ClaimItem.served_at, ClaimItem.id)
    )
    return list(session.scalars(wanted))


def of_cast(cast_id: int) -> list[Payout]:
    """The payouts of a cast that have a statement, with their batches, the latest first."""
    return list(session.scalars(with_statement().where(Payout.cast_id == cast_id)))


def find(public_id: str, *, cast_id: int | None = None) -> Statement | None:
    """One statement, where a cast is named only of theirs."""
    wanted = with_statement().where(Payout.public_id == public_id)
    if cast_id is not None:
        wanted = wanted.where(Payout.cast_id == cast_id)
    payout = session.scalars(wanted).one_or_none()
    if payout is None or payout.statement is None:
        return None
    lines = [_line(item) for item in items_of(payout)]
    return Statement(payout=payout, facts=payout.statement, lines=lines)


def with_statement() -> Select[Payout]:
    """What was approved and not withdrawn: also what came back, which both sides must see."""
    return (
        select(Payout)
        .join(Payout.batch)
        .options(contains_eager(Payout.batch))
        .where(Payout.statement.is_not(None), Payout.state != PayoutState.WITHDRAWN)
        .order_by(PayoutBatch.pay_on.desc(), Payout.id.desc())
    )


def _line(item: ClaimItem) -> Line:
    kind = LineKind.WALK_IN if item.booking_id is None else LineKind.RESERVED
    if item.case_id:
        kind = LineKind.MORE
    return Line(served_at=item.served_at, kind=kind, units=item.units, yen=item.yen)


def _payer(remitter: Remitter, *, now: datetime) -> dict[str, str]:
    """As the legal notice names the seller; where that is not written yet, as the bank knows us."""
    notice = publishing.find(TextKind.COMMERCE, now=now)
    names = ("seller", "address", "phone")
    said = {name: publishing.words_of(notice, name, locale="ja")[0] for name in names}
    return {
        "payer": said["seller"] or unicodedata.normalize("NFKC", remitter.name),
        "payer_address": said["address"],
        "payer_phone": said["phone"],
    }


def _served(batch: PayoutBatch) -> dict[int, dict[date, int]]:
    """Of each payout of a batch the yen of its talks by day: there may be a million talks."""
    day = cast(func.timezone(JAPAN.key, ClaimItem.served_at), Date)
    found = session.execute(
        select(PayoutClaim.payout_id, day, func.sum(ClaimItem.yen))
        .join(Payout, Payout.id == PayoutClaim.payout_id)
        .join(ClaimItem, ClaimItem.claim_id == PayoutClaim.claim_id)
        .where(Payout.batch_id == batch.id)
        .group_by(PayoutClaim.payout_id, day)
    )
    served: dict[int, dict[date, int]] = {}
    for payout_id, served_on, yen in found:
        served.setdefault(payout_id, {})[served_on] = yen
    return served


def _shares(
    history: Sequence[registrations.TaxRegistration], by_day: dict[date, int]
) -> dict[str, str]:
    served = (
        (day, bool(registrations.holding(history, on=day)), yen) for day, yen in by_day.items()
    )
    return {f"{SHARE}{share}": f"{yen}" for share, yen in deductions.by_share(served).items()}


def _registration(history: Sequence[registrations.TaxRegistration], days: Sequence[date]) -> str:
    """The number under which talks of this payout were given: the last of them that held one."""
    numbers = (registrations.holding(history, on=day) for day in sorted(days, reverse=True))
    return next(filter(None, numbers), "")


def _day(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()
