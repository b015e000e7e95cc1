"""The jobs of entry. Each asks the database what is due; any number may run side by side."""

from app import clock
from app.entry import forgetting
from app.jobs import periodic, transaction


@periodic
def forget_applications() -> None:
    """Delete what was never sent or is refused for long, and what a cast's account holds as well.

    A batch in each transaction.
    """
    for forget in (forgetting.forget_due, forgetting.hand_over_due):
        done = 1
        while done:
            with transaction():
                done = forget(clock.now())
