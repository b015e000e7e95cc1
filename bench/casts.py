"""The list of casts as a stranger asks for it: from the shelf, and anew with every filter."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from urllib.parse import quote

from bench import crowd
from bench.figures import Figure, at_least, at_most, interleaved, told
from bench.house import house, served
from bench.load import get, press

MANY, FEW = 50_000, 500
SECONDS = 1.0  # of each round
ROUNDS = 9
FEW_ROUNDS = 5  # for each filter
READERS = 4  # who ask for it at the same time
FILTERS = {
    "all, not from the shelf": "/casts?",
    "a category": "/casts?category=category-7",
    "a word": f"/casts?words={quote('天文台')}",
    "by price": "/casts?sort=price",
}
DEEP = """
    SELECT readiness || '~' || to_char(active_at, 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00')
           || '~' || account_id
    FROM talk_cast ORDER BY readiness DESC, active_at DESC, account_id DESC OFFSET %s LIMIT 1
"""
RARE = f"/casts?words={quote('琵琶')}"
numbers = count()


def measure() -> Iterator[Figure]:
    with ExitStack() as closing:
        many = closing.enter_context(house())
        few = many.twin("few")
        deep = {}
        for made, casts in ((many, MANY), (few, FEW)):
            with made.connect() as connection:
                crowd.casts(connection, casts)
                connection.execute("SET timezone = 'UTC'")
                found = connection.execute(DEEP, [casts // 2]).fetchone()
                assert found
                deep[casts] = f"/casts?after={quote(found[0])}"
        ours = closing.enter_context(served(many, "wsgi:app"))
        small = closing.enter_context(served(few, "wsgi:app"))
        floor = closing.enter_context(served(many, "bench.floors.page:app"))
        yield from _from_the_shelf(ours, small, floor)
        for what, path in FILTERS.items():
            yield _anew(what, (ours, path), (small, path))
        yield _anew("a page in the middle", (ours, deep[MANY]), (small, deep[FEW]))
        yield told(
            what=f"{MANY:,} casts, a rare word of two letters, p95",
            ours=_p95(ours, RARE),
            unit="ms",
        )


def _from_the_shelf(ours: int, small: int, floor: int) -> Iterator[Figure]:
    """The page that most strangers ask for, as often as it can be had."""
    same = [get("/casts")] * 1_000_000
    for port in (ours, small, floor):
        press(port, same, seconds=SECONDS)  # warm
    many, few, least = interleaved(
        ROUNDS,
        *(partial(press, port, same, seconds=SECONDS) for port in (ours, small, floor)),
    )
    yield at_least(
        1.0,
        what=f"list of {MANY:,} casts, to raw psycopg",
        ours=[load.per_second for load in many],
        floor=[load.per_second for load in least],
        unit="/s",
    )
    yield at_most(
        1.3,
        what=f"list of {MANY:,} casts, p95 to {FEW}",
        ours=[load.p95 for load in many],
        floor=[load.p95 for load in few],
        unit="ms",
    )


def _anew(what: str, many: tuple[int, str], few: tuple[int, str]) -> Figure:
    """A page that no shelf has: each request has another address."""
    p95_many, p95_few = interleaved(
        FEW_ROUNDS,
        lambda: _p95(*many),
        lambda: _p95(*few),
    )
    return at_most(
        1.3, what=f"{what}: p95 at {MANY:,} to {FEW}", ours=p95_many, floor=p95_few, unit="ms"
    )


def _p95(port: int, path: str) -> float:
    return press(port, _afresh(path), seconds=SECONDS, connections=READERS).p95


def _afresh(path: str) -> Iterator[bytes]:
    for number in numbers:
        yield get(f"{path}&n={number}")
