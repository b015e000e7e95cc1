"""Whatever happens to points in whatever order, each one is in exactly one line of the books."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.books import balance, checks, months, movements
from app.books.balance import Amount
from app.books.figures import plus
from app.books.movements import Line
from app.clock import JAPAN
from app.db import session
from app.points import expiry, lots, returning, spending
from app.points.models import Kind, Reason
from app.points.spending import Wanted
from tests.books.payments import close_claims
from tests.factories import NOON, give_points, make_guest

DAY = timedelta(days=1)
ISSUED = (Line.BOUGHT, Line.GIVEN)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("buy", "give", "spend", "book", "take_back", "expire", "give_up", "close")
        ),
        st.integers(1, 900),
        st.integers(0, 12),
    ),
    max_size=14,
)


class House:
    """A guest to whom things happen, day after day, and by hand beside it what is where."""

    def __init__(self):
        self.guest, self.now, self.spent = make_guest(), NOON, []
        self.issued, self.used = 0, 0

    def do(self, step, many, days):
        self.now += timedelta(days=days)
        getattr(self, step)(many)
        session.flush()

    def buy(self, many, kind=Kind.PAID):
        days = timedelta(days=1 + many % 60)
        give_points(self.guest, many, kind=kind, expires_at=self.now + days, now=self.now)
        self.issued += many

    def give(self, many):
        self.buy(many, kind=Kind.FREE)

    def spend(self, many, reason=Reason.TALK_MINUTE):
        key = f"spent:{len(self.spent)}"
        wanted = Wanted(self.guest.id, many, key, key)
        if not spending.spend_many([wanted], reason=reason, now=self.now):
            self.spent.append((key, reason))
            self.used += many

    def book(self, many):
        self.spend(many, reason=Reason.BOOKING)

    def take_back(self, many):
        if self.spent:
            key, of = self.spent[many % len(self.spent)]
            reason = Reason.BOOKING_RETURNED if of is Reason.BOOKING else Reason.MINUTE_RETURNED
            back = returning.give_back(
                key, points=many, reason=reason, key=f"{key}:{self.now}", now=self.now
            )
            self.used -= back

    def expire(self, _many):
        expiry.expire_due(self.now)

    def give_up(self, _many):
        lots.lock_guest(self.guest.id)
        expiry.give_up(self.guest.id, now=self.now)

    def close(self, _many):
        month = self.now.astimezone(JAPAN).date().replace(day=1)
        close_claims(month)
        months.close_due(self.now)


@settings(max_examples=40)
@given(steps=STEPS)
def test_every_point_is_in_exactly_one_line(undone, steps):
    with undone():
        house = House()
        for step, many, days in steps:
            house.do(step, many, days)
            assert_balanced(house)
        assert checks.problems() == []


def assert_balanced(house):
    for until in (None, house.now + DAY):
        sides = balance.of_points(until).values()
        assert all(side.difference == Amount() for side in sides)
        assert sum(side[line].points for side in sides for line in ISSUED) == house.issued
        assert sum(side.used.points for side in sides) == house.used
        moved = sum(side[Line.MOVED].points + side[Line.COMPENSATED].points for side in sides)
        assert moved == 0
    listed = months.listed(house.now)
    of_all_time = plus(*movements.by_month().values())
    assert plus(*(month.figures for month in listed), of_all_time) == plus(of_all_time, of_all_time)
