"""The job of the written conditions; their mails are given with them (casting_letters)."""

from app import clock
from app.jobs import periodic, transaction
from app.payouts import condition_reading


@periodic
def forget_books() -> None:
    """Notices go with the books of who has left."""
    with transaction():
        condition_reading.forget_books(clock.now())
