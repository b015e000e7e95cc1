"""The jobs of entry. Each asks the database what is due; any number may run side by side."""

from app import clock
from app.entry import forgetting
from app.jobs import periodic, transaction


@periodic
def forget_drafts() -> None:
    """Delete applications that were begun and never sent, a batch in each transaction."""
    forgotten = 1
    while forgotten:
        with transaction():
            forgotten = forgetting.forget_due(clock.now())
