"""A talk from end to end: the product's processes, Prosody with our module, and two clients.

The clocks of the product and of Prosody run fast, in step. Seconds are theirs, unless said.
"""

import json
import shutil
import time
from itertools import count

import pytest

from app import engines
from app.video import tokens
from tests.engines_of_tests import SECRET
from tests.jitsi.conftest import Visitor
from tests.jitsi.server import PROSODY, Prosody
from tests.processes import House, wait_until

SPEED = 6
PRICE = 100
FREE = MINUTE = 60
A_TALK = 90  # seconds on the wall


class Evening:
    """A house, its Prosody, and who comes."""

    numbers = count(1)

    def __init__(self, house, prosody):
        self.house, self.prosody = house, prosody
        self.visitors = []

    def now(self):
        """The moment by their clocks, in seconds."""
        return self.prosody.now().timestamp()

    def wait(self, seconds):
        """Let product time go by: what is tested here is what happens meanwhile."""
        by = self.now() + seconds
        wait_until(lambda: self.now() >= by)

    def talk(self, *, points):
        """A talk that has just been answered, its guest with so many points."""
        made = self._run("make", next(self.numbers), points)
        self.talk_id, self.room, self.tickets = made["talk"], made["room"], made["tickets"]

    def reserved_talk(self):
        """A reserved talk whose room has just been opened; gives when it closes."""
        made = self._run("reserve", next(self.numbers))
        self.talk_id, self.room, self.tickets = made["talk"], made["room"], made["tickets"]
        return made["closes_at"]

    def come(self, party, *, again=False):
        """Somebody enters the room, with a new ticket where it is not the first time."""
        given = self._run("ticket", self.talk_id, party) if again else self.tickets[party]
        nick = f"{party}{len(self.visitors)}"
        visitor = Visitor(self.prosody, room=self.room, ticket=given, nick=nick)
        self.visitors.append(visitor)
        return visitor

    def come_both(self, **options):
        both = [self.come(party, **options) for party in ("guest", "cast")]
        for visitor in both:
            visitor.expect("in")
        return both

    def hang_up(self, party):
        self._run("end", self.talk_id, party)

    def _run(self, *words):
        words = map(str, words)
        return json.loads(self.house.python("-m", "tests.jitsi.talks", *words))

    def column(self, name):
        [[value]] = self.house.sql(f"SELECT {name} FROM talk WHERE id = %s", self.talk_id)  # noqa: S608
        return value

    def wait_for_column(self, name, *, that):
        return wait_until(
            lambda: that(self.column(name)),
            lambda: f"{name} is {self.column(name)}; {self.prosody.log()[-1500:]}",
            seconds=A_TALK,
        )

    def wait_for_the_end(self, ended_by):
        self.wait_for_column("state", that=lambda state: state == "ended")
        assert self.column("ended_by") == ended_by
        return self.column("minutes_charged - minutes_returned")

    def wait_until_told(self):
        """Every event of Prosody's has reached its talk."""
        wait_until(
            lambda: (
                self.prosody.ask("/talk/presence", {})["waiting"] == 0
                and not self.house.sql("SELECT FROM video_event WHERE drained_at IS NULL")
            ),
            lambda: "events wait",
        )

    def room_is_told(self):
        """Prosody knows when the room closes."""
        return not self.house.sql(
            "SELECT FROM video_room WHERE name = %s AND told < version", self.room
        )

    def close(self):
        for visitor in self.visitors:
            visitor.close()
        self.visitors = []


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One house and one Prosody for all journeys, each in step with the other's fast clock."""
    if shutil.which(PROSODY[0]) is None:
        pytest.skip("Prosody is not installed")
    folder = tmp_path_factory.mktemp("world")
    epoch = int(time.time())
    with engines.running(folder) as urls:
        house = House(
            folder,
            urls,
            CLOCK_SPEED=str(SPEED),
            CLOCK_EPOCH=str(epoch),
            VIDEO_BACKEND="jitsi",
            JITSI_URL="http://meet.invalid",
        )
        prosody = Prosody(
            folder,
            app_url=f"{house.url}/hooks/video",
            speed=SPEED,
            epoch=epoch,
        )
        house.environment["JITSI_ORDERS_URL"] = prosody.url
        try:
            house.begin()
            prosody.start()
            yield Evening(house, prosody)
            house.assert_books_agree()
        finally:
            prosody.kill()
            house.end()


@pytest.fixture
def evening(world):
    yield world
    world.close()


@pytest.mark.req("G14", "D3", "D4", "D7")
def test_the_points_run_out_and_the_room_closes(evening):
    evening.talk(points=2 * PRICE)
    both = evening.come_both()
    joined = evening.now()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)
    assert evening.now() - joined >= FREE - 2

    for visitor in both:
        visitor.expect("out")
    closed = evening.now()

    assert evening.wait_for_the_end("balance") == 2
    assert abs(closed - joined - (FREE + 2 * MINUTE)) < 0.5 * SPEED + 4
    words = evening.come("guest", again=True).expect("refused")["words"]
    assert words.startswith("This room is closed")


@pytest.mark.req("G19", "D4")
def test_hanging_up_ends_the_room_and_the_running_minute_stands(evening):
    evening.talk(points=10 * PRICE)
    guest, cast = evening.come_both()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)

    evening.hang_up("guest")

    assert "guest" in cast.expect("out")["words"]
    guest.expect("out")
    assert evening.wait_for_the_end("guest") == 1


@pytest.mark.req("D4")
def test_a_cast_who_closes_the_page_ends_the_talk_and_the_cut_minute_goes_back(evening):
    evening.talk(points=10 * PRICE)
    guest, cast = evening.come_both()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)

    cast.do("quit")

    guest.expect("out")
    assert evening.wait_for_the_end("cast") == 0


@pytest.mark.req("D3")
def test_the_clock_stands_while_a_client_is_frozen(evening):
    evening.talk(points=10 * PRICE)
    guest, _cast = evening.come_both()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)

    guest.freeze()
    evening.wait_for_column("missing", that=lambda missing: missing == "guest")
    charged = evening.column("minutes_charged")
    evening.wait(2 * MINUTE)

    assert evening.column("minutes_charged") == charged <= 2
    assert evening.column("state") == "running"
    guest.thaw()
    evening.wait_for_column("missing", that=lambda missing: missing == "")
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == charged + 1)
    evening.hang_up("guest")
    evening.wait_for_the_end("guest")


@pytest.mark.req("D7")
def test_the_room_closes_in_time_while_the_app_is_dead_and_all_is_charged_afterwards(evening):
    evening.talk(points=2 * PRICE)
    both = evening.come_both()
    joined = evening.now()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)
    wait_until(evening.room_is_told)

    evening.house.stop()
    for visitor in both:
        visitor.expect("out")
    closed = evening.now()
    evening.wait(joined + FREE + 3 * MINUTE - evening.now())  # two minutes since it died
    evening.house.start()

    assert abs(closed - joined - (FREE + 2 * MINUTE)) < 0.5 * SPEED + 4
    assert evening.wait_for_the_end("balance") == 2


@pytest.mark.req("C46", "G34")
def test_a_reserved_talk_takes_who_left_back_and_closes_in_time_though_the_app_is_dead(evening):
    closes_at = evening.reserved_talk()
    guest, cast = evening.come_both()
    guest.do("quit")
    evening.wait(20)  # longer than leaving ends a talk at once
    assert evening.column("state") == "running"
    guest = evening.come("guest", again=True)
    guest.expect("in")
    wait_until(evening.room_is_told)

    evening.house.stop()
    try:
        evening.wait(closes_at - MINUTE - evening.now())
        for visitor in (guest, cast):
            visitor.expect("out")
        closed = evening.now()
    finally:
        evening.house.start()

    assert abs(closed - closes_at) < 0.5 * SPEED + 4
    assert evening.wait_for_the_end("time") == 0
    evening.wait_until_told()


def test_a_dead_app_costs_no_minute_of_evidence(evening):
    evening.talk(points=10 * PRICE)
    evening.come_both()
    joined = evening.now()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)

    evening.house.stop()
    evening.wait(2 * MINUTE)
    evening.house.start()
    evening.wait_until_told()
    evening.hang_up("guest")
    together = evening.now() - joined

    minutes = evening.wait_for_the_end("guest")
    evening.wait_until_told()
    at_most = int((together - FREE) // MINUTE) + 1
    assert at_most - 1 <= minutes <= at_most


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_prosody_that_ends_stops_the_clock_and_both_come_back(how, evening):
    evening.talk(points=10 * PRICE)
    both = evening.come_both()
    joined = evening.now()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes == 1)
    charged = evening.column("minutes_charged")

    getattr(evening.prosody, how)()
    ended = evening.now()
    for visitor in both:
        visitor.expect("over")
    evening.wait(MINUTE)
    assert evening.column("state") == "running"
    evening.prosody.start()
    evening.wait_for_column("missing", that=lambda missing: missing == "both")
    assert evening.column("minutes_charged") <= charged + 1

    evening.come_both(again=True)
    back = evening.now()
    evening.wait_for_column("minutes_charged", that=lambda minutes: minutes >= charged + 1)
    evening.hang_up("guest")
    minutes = evening.wait_for_the_end("guest")

    together = (ended - joined) + (evening.now() - back)
    assert minutes <= int((together - FREE) // MINUTE) + 1


def test_a_room_that_is_none_of_ours_is_ended(evening):
    unknown = "b" * 32
    ticket = tokens.issue(
        room=unknown, person="nobody", nickname="x", secret=SECRET, now=evening.prosody.now()
    )
    visitor = Visitor(evening.prosody, room=unknown, ticket=ticket, nick="nobody1")
    evening.visitors.append(visitor)
    visitor.expect("in")

    assert "unknown" in visitor.expect("out")["words"]
