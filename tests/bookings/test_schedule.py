"""A cast's schedule: what is published, what goes away, and what the tables refuse."""

from datetime import timedelta

from tests.factories import NOON, book, make_cast, make_guest, publish

HOUR = timedelta(hours=1)


def test_smoke():
    cast = make_cast()
    publish(cast, NOON + HOUR)
    assert book(make_guest(points=1000), cast, NOON + HOUR).slots == 1
