"""The jobs of casts."""

from app import clock
from app.casts import ranks, standby
from app.jobs import periodic, transaction


@periodic
def turn() -> None:
    """Casts whose page is silent go offline; breaths that are over end."""
    with transaction():
        standby.turn_due(clock.now())


@periodic
def apply_prices() -> None:
    """Prices that hold from today stand on their casts."""
    with transaction():
        ranks.apply_due(clock.now().astimezone(clock.JAPAN).date())
