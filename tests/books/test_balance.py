"""The trial balance of points, in examples that are added up by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.books import balance, checks
from app.books.balance import Amount
from app.books.movements import Line
from app.db import session
from app.points import expiry, returning, spending
from app.points.models import Kind, Reason
from app.points.spending import Wanted
from tests.factories import MINUTE, NOON, give_points, make_guest

DAY = timedelta(days=1)


@pytest.fixture
def guest():
    return make_guest()


def spend(guest, points, key, *, now=NOON):
    wanted = Wanted(guest.id, points, "talk:1", key)
    assert not spending.spend_many([wanted], reason=Reason.TALK_MINUTE, now=now)


def give_back(spent, *, now, points=None):
    key = f"{spent}:back:{now.isoformat()}"
    returning.give_back(spent, points=points, reason=Reason.MINUTE_RETURNED, key=key, now=now)


def test_nothing_is_balanced_by_nothing():
    for side in balance.of_points().values():
        assert (side.issued, side.unused, side.difference) == (Amount(), Amount(), Amount())


def test_what_was_bought_is_used_or_still_there(guest):
    give_points(guest, 1000)
    spend(guest, 300, "a")
    give_back("a", points=100, now=NOON + MINUTE)

    paid = balance.of_points()[Kind.PAID]

    assert paid[Line.USED] == Amount(-300, -300)
    assert paid[Line.RETURNED] == Amount(100, 100)
    assert (paid.issued, paid.used, paid.unused) == (
        Amount(1000, 1000),
        Amount(200, 200),
        Amount(800, 800),
    )
    assert paid.difference == Amount()


def test_free_points_are_counted_apart_and_were_bought_for_nothing(guest):
    give_points(guest, 500, kind=Kind.FREE)
    give_points(guest, 1000)
    spend(guest, 600, "a")  # the free ones first, as both expire on one day

    found = balance.of_points()

    assert (found[Kind.FREE].used, found[Kind.FREE].unused) == (Amount(500, 0), Amount())
    assert (found[Kind.PAID].used, found[Kind.PAID].unused) == (Amount(100, 100), Amount(900, 900))


def test_points_expire_are_given_up_and_move_to_free_lots(guest):
    give_points(guest, 1000, expires_at=NOON + 10 * DAY)
    spend(guest, 400, "a")
    give_back("a", points=150, now=NOON + 5 * DAY)  # 5 days are left: too few to be of use
    expiry.expire_due(NOON + 10 * DAY)
    give_points(guest, 200, now=NOON + 11 * DAY)
    expiry.give_up(guest.id, now=NOON + 12 * DAY)

    found = balance.of_points()
    paid, free = found[Kind.PAID], found[Kind.FREE]

    # 1000 bought, 400 used, 150 of them returned and moved, 600 expired; 200 bought and given up.
    assert paid.issued == Amount(1200, 1200)
    assert paid.used == Amount(250, 250)
    assert paid[Line.MOVED] == Amount(-150, -150)
    assert paid[Line.EXPIRED] == Amount(-600, -600)
    assert paid[Line.GIVEN_UP] == Amount(-200, -200)
    assert (paid.unused, paid.difference) == (Amount(), Amount())
    assert free[Line.COMPENSATED] == Amount(150, 0)
    assert free[Line.GIVEN_UP] == Amount(-150, 0)
    assert (free.unused, free.difference) == (Amount(), Amount())


def test_the_balance_of_an_earlier_moment_knows_nothing_of_what_came_after(guest):
    give_points(guest, 1000)
    spend(guest, 300, "a", now=NOON + DAY)
    give_points(guest, 500, now=NOON + 2 * DAY)

    before, then = (balance.of_points(NOON + days * DAY)[Kind.PAID] for days in (1, 2))

    assert (before.issued.points, before.used.points, before.unused.points) == (1000, 0, 1000)
    assert (then.issued.points, then.used.points, then.unused.points) == (1000, 300, 700)
    assert before.difference == then.difference == Amount()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE point_lot SET remaining = remaining - 7", "but 7 pt and 7 yen of it are nowhere"),
        ("UPDATE point_lot SET points = 1100, price_yen = 1100", "but 100 pt and 100 yen"),
        (
            "UPDATE point_entry SET reason = 'expiry' WHERE delta > 0 AND reverses IS NULL",
            "no line of the books has it",
        ),
        ("UPDATE point_lot SET price_yen = 1001", "1000 points for 1001 yen"),
    ],
)
def test_the_check_of_the_books_says_what_does_not_add_up(guest, harm, says):
    give_points(guest, 1000)
    session.flush()
    undone = session.begin_nested()
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text(harm))

    found = checks.problems()

    assert any(says in each for each in found), found
    undone.rollback()
    session.expire_all()
    assert checks.problems() == []
