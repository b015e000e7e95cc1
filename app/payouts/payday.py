"""The day on which a cast is paid: fixed for each talk from its end on, and never later than two months.

Casts are paid on the last bank day of a month. A claim reaches the next such day that is at least
`policy.CLAIM_LEAD` bank days away. What a cast does not claim, the closing claims at the start of the
next month, so the promise of a talk never depends on a click (facts: Japan 3.9).
"""

from datetime import date, datetime

from app import policy, workdays
from app.clock import JAPAN


def of_claim(claimed_on: date) -> date:
    """When a claim of this day is paid. Days are days in Japan."""
    pay_on = workdays.last_bank_day(claimed_on)
    if claimed_on > workdays.bank_days_before(pay_on, policy.CLAIM_LEAD):
        pay_on = workdays.last_bank_day(workdays.first_of_next(claimed_on))
    return pay_on


def of_talk(served_at: datetime) -> date:
    """When a talk is paid at the latest, if its cast claims nothing: by the closing of its month."""
    return of_claim(workdays.first_of_next(served_at.astimezone(JAPAN).date()))
