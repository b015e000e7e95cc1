"""The jobs of the desk."""

from app import clock
from app.books import checks as books
from app.cases import opening
from app.db import session
from app.desk import checkups, conduct, forgetting, inquiries
from app.jobs import periodic, transaction


@periodic
def check_books() -> None:
    """Check the books where the night or an operator asks for it.

    One snapshot for all of it, so that a minute charged meanwhile is no difference.
    """
    with transaction():
        checkups.ask_nightly(clock.now())
    with transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        checkups.run_due(books.problems, now=clock.now())


@periodic
def open_cases() -> None:
    """Put what the settlements leave open before the operator."""
    opened = 1
    while opened:
        with transaction():
            opened = opening.open_due(clock.now())


@periodic
def end_stray_talks() -> None:
    """Nobody talks with a person who is suspended, whatever was pressed at that moment."""
    with transaction():
        conduct.end_stray_talks(clock.now())


@periodic
def forget_inquiries() -> None:
    """Threads that nobody needs any more are deleted with what people told in them."""
    with transaction():
        inquiries.forget_due(clock.now())


@periodic
def forget_conduct() -> None:
    """Reports and notes of people are deleted when no claim can come of them any more."""
    with transaction():
        forgetting.forget_conduct(clock.now())
