"""The jobs of messages."""

from app import clock
from app.jobs import periodic, transaction
from app.messages import thread


@periodic
def erase_old() -> None:
    """Words whose time is over go, for everybody (policy.WORDS_KEPT)."""
    with transaction():
        thread.erase_old(clock.now())
