"""Batches and payouts as the office reads them: lists, one batch, one payout, and the search (電子帳簿保存法)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.audit import AuditEntry
from app.casts.models import Cast, LegalName
from app.db import session
from app.payouts.left_out import LeftOut
from app.payouts.models import (
    BatchState,
    Claim,
    ClaimItem,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
)
from app.people.models import Account
from app.talks.models import Talk

MOST = 200  # payouts of one search
ON_A_PAGE = 100  # payouts of a batch
LATELY = 50  # batches at once


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What some payouts come to. Those that were taken out do not count."""

    payouts: int
    claimed_yen: int
    withheld_yen: int
    fee_yen: int
    transfer_yen: int
    bank_fee_yen: int


NOTHING = Totals(
    payouts=0, claimed_yen=0, withheld_yen=0, fee_yen=0, transfer_yen=0, bank_fee_yen=0
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A payout with whose it is, and how many claims and talks it pays."""

    payout: Payout
    legal: LegalName
    claims: int
    talks: int


@dataclass(frozen=True, kw_only=True)
class Search:
    """Payouts by pay day, cast and amount; each end of a range counts in."""

    since: date | None = None
    until: date | None = None
    name: str = ""
    yen_from: int | None = None
    yen_to: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Search()


def find_batch(public_id: str) -> PayoutBatch | None:
    wanted = select(PayoutBatch).where(PayoutBatch.public_id == public_id)
    return session.scalars(wanted.options(joinedload(PayoutBatch.remitter))).one_or_none()


def find_payout(public_id: str) -> Payout | None:
    wanted = select(Payout).where(Payout.public_id == public_id)
    both = (joinedload(Payout.cast), joinedload(Payout.batch))
    return session.scalars(wanted.options(*both)).one_or_none()


def lately() -> list[tuple[PayoutBatch, Totals]]:
    """The latest batches with what they pay."""
    wanted = select(PayoutBatch).order_by(PayoutBatch.id.desc()).limit(LATELY)
    batches = list(session.scalars(wanted))
    totals = _totals([batch.id for batch in batches])
    return [(batch, totals.get(batch.id, NOTHING)) for batch in batches]


def count_open() -> int:
    """Batches that wait for somebody's next step."""
    waits = PayoutBatch.state.in_([BatchState.MADE, BatchState.APPROVED, BatchState.ACCEPTED])
    return session.scalar(select(func.count()).select_from(PayoutBatch).where(waits)) or 0


def pages_of(batch: PayoutBatch) -> int:
    """How many pages the payouts of a batch take, at least one."""
    wanted = select(func.count()).select_from(Payout).where(Payout.batch_id == batch.id)
    return max(1, -(-(session.scalar(wanted) or 0) // ON_A_PAGE))


def lines_of(batch: PayoutBatch, *, page: int = 1) -> list[Line]:
    """The payouts of a batch in the order of its file, also those that were taken out; page by page."""
    of_batch = Payout.batch_id == batch.id
    return _lines(of_batch, by=[Payout.id], most=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)


def search(search: Search) -> list[Line]:
    """The payouts that fit, the latest day first."""
    wanted: list[ColumnElement[bool]] = []
    if search.since:
        wanted.append(PayoutBatch.pay_on >= search.since)
    if search.until:
        wanted.append(PayoutBatch.pay_on <= search.until)
    if search.yen_from is not None:
        wanted.append(Payout.transfer_yen >= search.yen_from)
    if search.yen_to is not None:
        wanted.append(Payout.transfer_yen <= search.yen_to)
    if search.name:
        real = func.concat(LegalName.family_name, LegalName.given_name)
        kana = func.concat(LegalName.family_kana, LegalName.given_kana)
        name = "".join(search.name.split())
        wanted.append(
            Cast.name.icontains(search.name, autoescape=True)
            | real.icontains(name, autoescape=True)
            | kana.icontains(name, autoescape=True)
        )
    order: list[SQLColumnExpression[Any]] = [PayoutBatch.pay_on.desc(), Payout.id.desc()]
    return _lines(and_(*wanted), by=order, most=MOST)


def left_out_of(batch: PayoutBatch) -> list[LeftOut]:
    """Who was left out; the first of them, where they are very many."""
    wanted = select(LeftOut).where(LeftOut.batch_id == batch.id)
    wanted = wanted.order_by(LeftOut.cast_id).limit(MOST)
    return list(session.scalars(wanted.options(joinedload(LeftOut.cast))))


def totals_of(batch: PayoutBatch) -> Totals:
    """What a batch pays, or would have paid where it was given up."""
    return _totals([batch.id]).get(batch.id, NOTHING)


def claims_of(payout: Payout) -> list[tuple[Claim, list[tuple[ClaimItem, str | None]]]]:
    """What a payout pays, or was to pay: its claims, with their talks and the walk-ins' ids."""
    claims = session.scalars(
        select(Claim)
        .join(PayoutClaim, PayoutClaim.claim_id == Claim.id)
        .where(PayoutClaim.payout_id == payout.id)
        .order_by(Claim.id)
    ).all()
    found = session.execute(
        select(ClaimItem, Talk.public_id)
        .outerjoin(Talk, Talk.id == ClaimItem.talk_id)
        .where(ClaimItem.claim_id.in_([claim.id for claim in claims]))
        .order_by(ClaimItem.served_at, ClaimItem.id)
    ).all()
    return [
        (claim, [(item, talk_id) for item, talk_id in found if item.claim_id == claim.id])
        for claim in claims
    ]


def other_tries(payout: Payout) -> list[Payout]:
    """Other payouts of the same claims, the latest first: each claim is paid by one at last."""
    own = select(PayoutClaim.claim_id).where(PayoutClaim.payout_id == payout.id)
    others = select(PayoutClaim.payout_id).where(PayoutClaim.claim_id.in_(own))
    wanted = select(Payout).where(Payout.id.in_(others), Payout.id != payout.id)
    wanted = wanted.options(joinedload(Payout.batch)).order_by(Payout.id.desc())
    return list(session.scalars(wanted))


def history_of(
    batch: PayoutBatch, payout: Payout | None = None
) -> list[Row[tuple[AuditEntry, str]]]:
    """Who did what with a batch, or with one payout of it, the earliest first."""
    of_batch = AuditEntry.about == f"payout_batch:{batch.id}"
    wanted = select(AuditEntry, func.coalesce(Account.nickname, "")).outerjoin(
        Account, Account.id == AuditEntry.by
    )
    if payout is None:
        wanted = wanted.where(of_batch)
    else:
        others = (AuditEntry.did == "payout_batch.taken_out") & (
            AuditEntry.facts["payout"].as_integer() != payout.id
        )
        own = AuditEntry.about == f"payout:{payout.id}"
        wanted = wanted.where(own | (of_batch & ~others))
    return list(session.execute(wanted.order_by(AuditEntry.at, AuditEntry.id)))


def _totals(batch_ids: Collection[int]) -> dict[int, Totals]:
    names = ("claimed_yen", "withheld_yen", "fee_yen", "transfer_yen", "bank_fee_yen")
    sums = [func.sum(getattr(Payout, name)).label(name) for name in names]
    found = session.execute(
        select(Payout.batch_id, func.count().label("payouts"), *sums)
        .join(PayoutBatch)
        .where(
            Payout.batch_id.in_(batch_ids),
            or_(Payout.state != PayoutState.WITHDRAWN, PayoutBatch.withdrawn_at.is_not(None)),
        )
        .group_by(Payout.batch_id)
    ).mappings()
    return {row["batch_id"]: Totals(**{k: row[k] for k in ("payouts", *names)}) for row in found}


def _lines(
    wanted: ColumnElement[bool],
    *,
    by: Sequence[SQLColumnExpression[Any]],
    most: int,
    offset: int = 0,
) -> list[Line]:
    found = session.execute(
        select(Payout, LegalName)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .join(Cast, Cast.account_id == Payout.cast_id)
        .join(LegalName, LegalName.account_id == Payout.cast_id)
        .where(wanted)
        .options(joinedload(Payout.cast), joinedload(Payout.batch))
        .order_by(*by)
        .limit(most)
        .offset(offset)
    ).all()
    counted = select(
        PayoutClaim.payout_id, func.count(Claim.id), func.coalesce(func.sum(Claim.items), 0)
    ).join(Claim, Claim.id == PayoutClaim.claim_id)
    ids = [payout.id for payout, _legal in found]
    counted = counted.where(PayoutClaim.payout_id.in_(ids)).group_by(PayoutClaim.payout_id)
    counts = {payout_id: (claims, talks) for payout_id, claims, talks in session.execute(counted)}
    return [
        Line(
            payout=payout,
            legal=legal,
            claims=counts[payout.id][0],
            talks=counts[payout.id][1],
        )
        for payout, legal in found
    ]
