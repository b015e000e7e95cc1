"""The job of points: taking what has expired."""

from app import clock
from app.jobs import periodic, transaction
from app.points import expiry


@periodic
def expire() -> None:
    """End every lot whose last day is over, a batch in each transaction."""
    ended = True
    while ended:
        with transaction():
            ended = expiry.expire_due(clock.now()) > 0
