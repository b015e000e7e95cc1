"""The jobs of payouts."""

from app import clock
from app.jobs import periodic, transaction
from app.payouts import closing


@periodic
def close_months() -> None:
    """Begin the closing or the nightly round that is due, and go on with one that is under way."""
    with transaction():
        closing.begin_due(clock.now())
    goes_on = True
    while goes_on:
        with transaction():
            goes_on = closing.close_batch(clock.now())
