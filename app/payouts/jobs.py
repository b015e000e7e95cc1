"""The jobs of payouts."""

from app import clock
from app.jobs import bell, periodic, transaction
from app.payouts import closing, forgetting

MOST_BATCHES = 10  # a run; the next one goes on, and talks are charged in between


@periodic
def close_months(_after: int = 0) -> None:
    """Begin the closing or the nightly round that is due, and go on with one that is under way.

    It rings for its next run itself; the cast that it reached makes that a ring of its own.
    """
    with transaction():
        closing.begin_due(clock.now())
    reached: int | None = None
    for _ in range(MOST_BATCHES):
        with transaction():
            reached = closing.close_batch(clock.now())
        if reached is None:
            return
    bell.ring(close_months, reached or 0)


@periodic
def forget_books() -> None:
    """Names, accounts, sealed files and written conditions go with the books of their time."""
    with transaction():
        forgetting.forget_books(clock.now())
