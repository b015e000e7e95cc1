"""The jobs of casts."""

from app import clock
from app.casts import invitations, parting, ranks, standby
from app.jobs import periodic, transaction


@periodic
def turn() -> None:
    """Casts whose page is silent go offline; breaths that are over end."""
    with transaction():
        standby.turn_due(clock.now())


@periodic
def apply_prices() -> None:
    """Ranks and prices that hold from today stand on their casts."""
    now = clock.now()
    with transaction():
        invitations.apply_due(now)
        ranks.apply_due(now.astimezone(clock.JAPAN).date())


@periodic
def forget_books() -> None:
    """Real names and bank accounts go with the books of who has left."""
    with transaction():
        parting.forget_books(clock.now())
