"""What the written conditions say: every number of them, frozen as it stands (facts: Japan 3.9).

The words around the numbers stand in the templates of the form, one in each language. Whoever
changes them makes a new form: what a cast was given is shown for ever in the words of its time.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app import policy, workdays
from app.casts import ranks
from app.casts.models import RankPrice

FORM = 1  # the templates conditions/form1.*.html


@dataclass(frozen=True, kw_only=True)
class House:
    """Who commissions, and who bears the fee of a transfer (D25)."""

    seller: dict[str, str]  # by language; the legal notice names it
    address: dict[str, str]
    cast_bears_fee: bool


def terms_of(row: RankPrice, house: House) -> dict[str, Any]:
    """Everything that is agreed, by the price row of a rank."""
    price = ranks.worth(row)
    return {
        "form": FORM,
        "seller": house.seller,
        "rank": row.rank.value,
        "point_price_yen": policy.POINT_PRICE_YEN,
        "price_points": price.price_points,
        "slot_points": price.slot_points,
        "reward_percent": row.reward_percent,
        "reward_yen": price.reward_yen,
        "slot_reward_yen": price.slot_reward_yen,
        "free_seconds": _seconds(policy.FREE_TIME),
        "slot_minutes": policy.SLOT_MINUTES,
        "pad_seconds": _seconds(policy.PAD),
        "paid_presence": policy.PAID_PRESENCE,
        "cast_cancel_seconds": _seconds(policy.CAST_CANCEL),
        "claim_least_yen": policy.CLAIM_LEAST_YEN,
        "claim_lead_days": policy.CLAIM_LEAD,
        "cast_bears_fee": house.cast_bears_fee,
        "tax_percent": policy.TAX_PERCENT,
        "ending_days": policy.ENDING_NOTICE.days,
    }


def fingerprint_of(terms: dict[str, Any]) -> str:
    """Equal for equal terms, on every machine and for ever."""
    written = json.dumps(terms, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def example_of(month: date) -> dict[str, str]:
    """The days of payment of the talks of one month, so that no rule has to be worked out."""
    first_of_next = workdays.first_of_next(month)
    this_pay_day, next_pay_day = map(workdays.last_bank_day, (month, first_of_next))
    days = {
        "first": month.replace(day=1),
        "closes_on": first_of_next - workdays.DAY,
        "pay_on": next_pay_day,
        "claim_until": workdays.bank_days_before(this_pay_day, policy.CLAIM_LEAD),
        "claim_pay_on": this_pay_day,
    }
    return {name: day.isoformat() for name, day in days.items()}


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
