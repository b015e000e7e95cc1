"""The weeks ahead of the demo's casts: tonight, tomorrow and some evenings more.

With both, there is something to book within the next 24 hours whenever the house is opened.
"""

from datetime import datetime, timedelta
from random import Random

from app.bookings import schedule
from app.casts.models import Cast
from app.clock import JAPAN, Span

DAYS = 14
EVENING = timedelta(hours=3)
BEGINNINGS = (timedelta(hours=19), timedelta(hours=20), timedelta(hours=20, minutes=30))


def publish(casts: list[Cast], *, dice: Random, now: datetime) -> None:
    today = now.astimezone(JAPAN).date()
    for cast in casts:
        begins = dice.choice(BEGINNINGS)
        days = [0, 1, *sorted(dice.sample(range(2, DAYS), k=6))]
        starts = [schedule.start_of(today + timedelta(days=day)) + begins for day in days]
        spans = [Span(start, start + EVENING) for start in starts]
        schedule.publish(cast.account_id, spans, now=now)
