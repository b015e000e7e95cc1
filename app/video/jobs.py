"""The jobs of video."""

from datetime import timedelta

from app import clock
from app.jobs import periodic, transaction
from app.video import inbox

KEPT = timedelta(days=14)  # drained events, for whoever looks into a sender's trouble


@periodic
def forget() -> None:
    """Empty the inbox of what was read long ago; the talks keep what concerns them."""
    with transaction():
        inbox.forget(before=clock.now() - KEPT)
