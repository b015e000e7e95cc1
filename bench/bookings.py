"""Booking beside pgbench's TPC-B, and the schedule's pages of a cast with many slots beside one with few."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

import psycopg

from app import clock, create_app, policy
from app.bookings import reserving
from app.config import Settings
from app.db import unguessable
from app.jobs import transaction
from bench import crowd
from bench.charges import Tpcb
from bench.figures import Figure, at_least, at_most, interleaved
from bench.house import House, house, served
from bench.load import get, press

BOOKERS = 2  # processes that book at the same time, as many as the product serves with
CASTS, SLOTS = 100, 120  # to be booked
ROUND = 1_600  # bookings of each round
ROUNDS = 6  # and one to warm up
MANY, FEW = 20_000, 200  # slots of a cast's schedule
PAGE_SECONDS = 2.0
PAGE_ROUNDS = 7
READERS = 4

Wish = tuple[int, int, datetime]  # guest, cast, start


def measure() -> Iterator[Figure]:
    with house() as made, made.connect() as connection:
        yield _bookings(made, connection)
    with house() as made, made.connect() as connection:
        yield from _pages(made, connection)


def _bookings(made: House, connection: psycopg.Connection) -> Figure:
    """Each booking is another guest's, of another slot; all are the product's own transaction."""
    crowd.bookable(connection, ROUND * (ROUNDS + 1), casts_=CASTS, slots=SLOTS)
    tpcb, wishes = Tpcb(made), iter(_wishes(connection))
    with _bookers(made) as bookers:

        def rate() -> float:
            parts: list[list[Wish]] = [[] for _ in bookers]
            for number in range(ROUND):
                parts[number % len(parts)].append(next(wishes))
            connection.execute("VACUUM ANALYZE booking, slot, point_lot, point_entry, account")
            began = time.perf_counter()
            for booker, part in zip(bookers, parts, strict=True):
                booker.send(part)
            booked = sum(booker.recv() for booker in bookers)
            taken = time.perf_counter() - began
            assert booked == ROUND, f"{booked} booked"
            return ROUND / taken

        rate()
        ours, transactions = interleaved(ROUNDS, rate, tpcb.rate)
    found = connection.execute(
        "SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM slot WHERE booking_id > 0),"
        " (SELECT count(*) FROM point_entry WHERE reason = 'booking' AND key NOT LIKE '%part%')"
    ).fetchone()
    assert found == (ROUND * (ROUNDS + 1),) * 3, found
    return at_least(
        0.25, what="bookings, to TPC-B transactions", ours=ours, floor=transactions, unit="/s"
    )


def _wishes(connection: psycopg.Connection) -> list[Wish]:
    """A slot for each guest; neighbours in the list are of different casts."""
    return connection.execute(
        "SELECT guest.id, slot.cast_id, starts_at"
        " FROM (SELECT cast_id, starts_at,"
        "              row_number() OVER (ORDER BY starts_at, cast_id) AS n FROM slot) AS slot"
        " JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n"
        "       FROM account WHERE role = 'guest') AS guest USING (n) ORDER BY n"
    ).fetchall()


@contextmanager
def _bookers(made: House) -> Iterator[list[Connection]]:
    """Processes that book what they are sent, and answer how many they did."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(BOOKERS)]
    processes = [
        context.Process(target=_book, args=(made.environment, end), daemon=True) for _, end in pipes
    ]
    for process in processes:
        process.start()
    try:
        yield [ours for ours, _ in pipes]
    finally:
        for ours, _ in pipes:
            ours.send(None)
        for process in processes:
            process.join(10)


def _book(environment: dict[str, str], orders: Connection) -> None:
    with create_app(Settings.read(environment)).app_context():
        while (wishes := orders.recv()) is not None:
            for guest_id, cast_id, starts_at in wishes:
                with transaction():
                    reserving.reserve(
                        guest_id,
                        cast_id,
                        starts_at=starts_at,
                        slots=1,
                        price_points=300,
                        form_key=unguessable(),
                        shown={"Price": "300 pt", "When": "today"},
                        now=clock.now(),
                    )
            orders.send(len(wishes))


def _pages(made: House, connection: psycopg.Connection) -> Iterator[Figure]:
    """Two casts with the same two weeks, of which the pages show one; one has months around them."""
    crowd.casts(connection, 2, sentences=2)
    people = connection.execute(
        "SELECT account.id, account.public_id, md5(account.id::text) FROM account ORDER BY id"
    ).fetchall()
    connection.execute(
        "INSERT INTO sign_in (public_id, account_id, key, device, with_code, signed_in_at)"
        " SELECT public_id, id, md5(id::text), 'a bench', false, now() FROM account"
    )
    week = _first_of_week()
    for (cast_id, *_), slots in zip(people, (MANY, FEW), strict=True):
        shown = [week + timedelta(days=n % 14) + n // 14 * policy.SLOT for n in range(FEW)]
        around = [
            week + timedelta(days=day) + n * policy.SLOT
            for day in [*range(-7 * 6, 0), *range(14, 7 * 12)]
            for n in range(240)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO slot (cast_id, starts_at, ends_at)"
                " VALUES (%s, %s, %s + interval '3 minutes')",
                [(cast_id, at, at) for at in ([*shown, *around][:slots])],
            )
    connection.execute("VACUUM ANALYZE")
    cookies = [_cookie(made, key) for *_, key in people]
    own = [get("/cast-room/schedule", cookie=cookie) for cookie in cookies]
    shown_to_guests = [get(f"/casts/{public_id}") for _, public_id, _ in people]
    with served(made, "wsgi:app") as port:
        yield _page(port, own, what="a cast's schedule page")
        yield _page(port, shown_to_guests, what="a cast's page for guests")


def _first_of_week() -> datetime:
    """Monday at ten in the morning, Japan."""
    today = clock.now().astimezone(clock.JAPAN).replace(hour=10, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def _page(port: int, requests: list[bytes], *, what: str) -> Figure:
    def p95(request: bytes) -> float:
        return press(port, [request] * 100_000, seconds=PAGE_SECONDS, connections=READERS).p95

    many, few = requests
    p95(many), p95(few)  # warm
    found = interleaved(PAGE_ROUNDS, lambda: p95(many), lambda: p95(few))
    return at_most(
        1.3,
        what=f"{what}, p95 at {MANY:,} slots to {FEW}",
        ours=found[0],
        floor=found[1],
        unit="ms",
    )


def _cookie(made: House, session_id: str) -> str:
    """The cookie of somebody who has signed in."""
    interface = made.app.session_interface
    signer = interface.get_signing_serializer(made.app)
    value = signer.dumps({"_user_id": session_id, "_fresh": True})
    return f"{interface.get_cookie_name(made.app)}={value}"
