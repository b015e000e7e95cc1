"""The job of the books: freezing months."""

from app import clock
from app.books import months
from app.db import session
from app.jobs import periodic, transaction


@periodic
def freeze_months() -> None:
    """Freeze what is ready, out of one snapshot."""
    with transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        months.close_due(clock.now())
