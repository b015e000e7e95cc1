"""What the demo's guests have bought."""

from datetime import datetime

from app.clock import JAPAN
from app.people.models import Account
from app.points import lots
from app.points.models import Kind, Reason


def give(guest: Account, points: int, *, now: datetime) -> None:
    key = f"demo:{guest.id}:{now.astimezone(JAPAN):%Y%m%d%H%M}"
    lots.issue(
        guest.id,
        kind=Kind.PAID,
        points=points,
        price_yen=points,
        expires_at=lots.expiry_of(now),
        reason=Reason.PURCHASE,
        about=key,
        key=key,
        now=now,
    )
