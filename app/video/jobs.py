"""The jobs of video."""

import logging
from datetime import timedelta

from app import clock
from app.jobs import periodic, transaction
from app.video import inbox, reconciling, telling
from app.video.server import Order, Unanswered, server

log = logging.getLogger(__name__)
KEPT = timedelta(days=14)  # drained events, for whoever looks into a sender's trouble
BATCH = 500  # rooms in one order
MOST_BATCHES = 20  # a run; the next one goes on


@periodic
def forget() -> None:
    """Empty the inbox of what was read long ago; the talks keep what concerns them."""
    with transaction():
        inbox.forget(before=clock.now() - KEPT)


@periodic
def tell() -> None:
    """Tell the video server what has changed about our rooms, again until it confirms.

    No transaction is open while we wait for an answer.
    """
    for _ in range(MOST_BATCHES if server.is_elsewhere else 0):
        with transaction():
            orders = telling.untold(BATCH, now=clock.now())
        if not orders or not _obeyed(orders):
            return
        with transaction():
            marked = telling.mark_told(orders)
        if not marked:  # all are held by somebody, who rings when done
            return


def _obeyed(orders: list[Order]) -> bool:
    try:
        server.obey(orders)
    except Unanswered as fault:
        log.warning("%s rooms wait to be told to the video server: %s", len(orders), fault)
        return False
    return True


@periodic
def reconcile() -> None:
    """Ask the video server who is where, and put right what should not be so."""
    if not server.is_elsewhere:
        with transaction():
            reconciling.forget_server()
        return
    try:
        seen = server.look()
        with transaction():
            wrong = reconciling.compare(seen, now=clock.now())
        server.obey(wrong.endings)
        for room, stranger in wrong.strangers:
            server.remove(room, stranger.session, reason=reconciling.STRANGER)
    except Unanswered as fault:
        log.warning("the video server does not answer: %s", fault)
        with transaction():
            reconciling.note_silence(str(fault), now=clock.now())
    tell()
