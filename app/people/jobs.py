"""The job of people: forgetting what was kept for a while."""

from app import clock
from app.jobs import periodic, transaction
from app.people import addresses, signing_in


@periodic
def forget() -> None:
    """Old devices and left addresses are deleted; devices that are too old have to sign in anew."""
    now = clock.now()
    with transaction():
        signing_in.forget(now)
        addresses.forget(now)
