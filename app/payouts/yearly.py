"""What each cast was paid in a calendar year, for 支払調書 (facts: Japan 3.11): by the bank's day.

The tax office is told only of what the law names (所得税法204条, or of somebody living abroad): of the
payments with a class of withholding, not of those without one.
Only what arrived counts: a transfer that came back counts when it is paid again. マイナンバー is in no
part of this house.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, extract, func, select

from app import audit, policy
from app.casts.models import Cast, LegalName
from app.db import session
from app.payouts import registrations
from app.payouts.models import Payout, PayoutBatch, PayoutState, WithholdingClass

HEADS = (
    "氏名",
    "フリガナ",
    "キャスト名",
    "登録番号",
    "支払件数",
    "支払金額(円)",
    "うち源泉徴収の対象(円)",
    "源泉徴収税額(円)",
    "支払調書の対象(5万円超)",
)
BOM = "\ufeff"  # without it Excel reads no UTF-8
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Sum:
    """One cast's year."""

    real_name: str
    kana: str
    cast_name: str
    registration: str  # at the end of the year
    payments: int
    paid_yen: int  # the rewards, before tax and fee
    taxed_yen: int  # of them: in payments with a class of withholding
    withheld_yen: int

    @property
    def is_reported(self) -> bool:
        """Whether the tax office is told of it."""
        return self.taxed_yen > policy.REPORTED_ABOVE_YEN


def years() -> list[int]:
    """Those in which anything was paid, the latest first."""
    year = extract("year", PayoutBatch.paid_on)
    wanted = select(year).join(Payout.batch).where(Payout.state == PayoutState.PAID).distinct()
    return sorted((int(each) for each in session.scalars(wanted) if each), reverse=True)


def sums_of(year: int) -> list[Sum]:
    """Every cast who was paid in this year, by kana."""
    found, numbers = [], registrations.numbers_on(date(year, 12, 31))
    for cast, legal, *amounts in session.execute(_by_cast(year)):
        payments, paid_yen, taxed_yen, withheld_yen = amounts
        found.append(
            Sum(
                real_name=f"{legal.family_name} {legal.given_name}" if legal else "",
                kana=f"{legal.family_kana} {legal.given_kana}" if legal else "",
                cast_name=cast.name,
                registration=numbers.get(cast.account_id, ""),
                payments=payments,
                paid_yen=paid_yen,
                taxed_yen=taxed_yen,
                withheld_yen=withheld_yen,
            )
        )
    return sorted(found, key=lambda each: each.kana)


def export(year: int, *, by: int, now: datetime) -> str:
    """The year as a table for a spreadsheet; that somebody took it is in the audit."""
    sums = sums_of(year)
    audit.note("payouts.year_exported", about=f"year:{year}", by=by, now=now, casts=len(sums))
    return _as_csv(sums)


def _by_cast(year: int) -> Select[*tuple[Any, ...]]:
    is_taxed = Payout.tax_class != WithholdingClass.NONE
    return (
        select(
            Cast,
            LegalName,
            func.count(),
            func.sum(Payout.claimed_yen),
            func.coalesce(func.sum(Payout.claimed_yen).filter(is_taxed), 0),
            func.sum(Payout.withheld_yen),
        )
        .join(Payout, Payout.cast_id == Cast.account_id)
        .join(Payout.batch)
        .outerjoin(LegalName, LegalName.account_id == Cast.account_id)
        .where(
            Payout.state == PayoutState.PAID,
            PayoutBatch.paid_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(Cast.account_id, LegalName.account_id)
    )


def _as_csv(sums: Iterable[Sum]) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(HEADS)
    for each in sums:
        names = (each.real_name, each.kana, each.cast_name, each.registration)
        flag = "対象" if each.is_reported else ""
        numbers = (each.payments, each.paid_yen, each.taxed_yen, each.withheld_yen)
        write.writerow((*map(_as_text, names), *numbers, flag))
    return BOM + out.getvalue()


def _as_text(words: str) -> str:
    """Spreadsheets take what begins so for a formula, and run it."""
    return f"'{words}" if words.lstrip().startswith(BEGINS_FORMULA) else words
