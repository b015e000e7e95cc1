"""Real processes over engines of their own, killed, wiped and restarted: promise 4.

The events of an evening are posted as a video server would, again until they are taken. However
it goes, the charges, endings and mails are those of the undisturbed evening.
"""

import json
import time
from itertools import count
from random import Random
from threading import Thread

import psutil
import pytest
from redis import Redis

from app import engines
from app.video.bridge import Undelivered, deliver
from tests.engines_of_tests import SECRET
from tests.evidence import batched
from tests.processes import House, wait_until

MESSAGE_EVENTS = 8
SETTLING = 150  # seconds on the wall; jobs with longer intervals take part


class Evenings(House):
    """One evening after the other."""

    numbers = count(1)

    def make_evening(self):
        made = json.loads(self.python("-m", "tests.faults.evenings", str(next(self.numbers))))
        self.make_reminders_due()
        return made

    def make_reservations(self):
        """Reserved talks that are due to be settled, made while nobody settles them."""
        made = json.loads(self.python("-m", "tests.faults.reservations", str(next(self.numbers))))
        return {int(each): tuple(wanted) for each, wanted in made["settlements"].items()}

    def settlements(self, ids):
        found = self.sql(
            "SELECT booking_id, outcome, returned_points, earned_yen FROM settlement"
            " WHERE booking_id = ANY(%s)",
            list(ids),
        )
        return {row[0]: row[1:] for row in found}

    def assert_settled_once(self, wanted):
        """Wait until all is settled and mailed: to each of the two once, and one case where unclear."""
        ids = list(wanted)
        sent = (
            "SELECT count(*) FROM booking_notice AS notice JOIN mail"
            " ON mail.key = 'notice:' || notice.id AND mail.state = 'sent' AND mail.tries = 0"
            " WHERE notice.booking_id = ANY(%s) AND notice.kind = 'settled'"
        )
        both = 2 * len(wanted)
        all_sent = f"{both} mails are to be sent"
        wait_until(lambda: self.sql(sent, ids)[0][0] == both, lambda: all_sent, seconds=SETTLING)
        assert self.settlements(ids) == wanted
        unclear = sorted(each for each, row in wanted.items() if row[0] == "unclear")
        cases = "SELECT booking_id FROM desk_case WHERE booking_id = ANY(%s) ORDER BY 1"
        opened = [(each,) for each in unclear]
        wait_until(lambda: self.sql(cases, ids) == opened, lambda: "cases", seconds=SETTLING)
        told = self.sql(
            "SELECT booking_id FROM booking_notice WHERE booking_id = ANY(%s) AND kind = 'settled'",
            ids,
        )
        assert len(told) == both

    def make_reminders_due(self):
        self.sql("DELETE FROM job_beat WHERE name = 'letters.remind'")

    def tell(self, events):
        """Post events a few at a time, each message until it is taken."""
        for few in batched(events, MESSAGE_EVENTS):
            boot = few[0]["boot"]
            message = json.dumps({"boot": boot, "events": few}).encode()
            wait_until(lambda message=message: self._is_taken(message), lambda: "no answer")

    def _is_taken(self, message):
        try:
            deliver(message, url=f"{self.product.url}/hooks/video", secret=SECRET)
        except Undelivered:
            return False
        return True

    def wait_until_writing(self):
        """Wait until somebody stands in the middle of a transaction that writes; who it is."""
        busy = "SELECT array_agg(pid) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
        return wait_until(lambda: self.sql(busy)[0][0], lambda: "nobody writes")

    def assert_as_undisturbed(self, evening):
        """Wait until the evening is over, and compare it with what it must come to."""
        wanted = {int(talk): (by, minutes) for talk, (by, minutes) in evening["talks"].items()}
        self.make_reminders_due()  # as in ten minutes, where the fault fell into their run
        wait_until(lambda: self._is_over(wanted, evening["mails"]), self.unfinished)
        talks = self.sql(
            "SELECT id, ended_by, minutes_charged - minutes_returned, minutes_waived, fault"
            " FROM talk WHERE id = ANY(%s)",
            list(wanted),
        )
        assert {talk[0]: talk[1:3] for talk in talks} == wanted
        assert {talk[3:] for talk in talks} == {(0, None)}
        mails = self.sql("SELECT key, tries FROM mail WHERE key = ANY(%s)", evening["mails"])
        assert sorted(mails) == sorted((key, 0) for key in evening["mails"])
        assert self.sql("SELECT DISTINCT trouble FROM video_event") == [(None,)]

    def _is_over(self, talks, mails):
        [[ended, unread, sent]] = self.sql(
            "SELECT (SELECT count(*) FROM talk WHERE id = ANY(%s) AND state = 'ended'),"
            " (SELECT count(*) FROM video_event WHERE drained_at IS NULL),"
            " (SELECT count(*) FROM mail WHERE key = ANY(%s) AND state = 'sent')",
            list(talks),
            mails,
        )
        return (ended, unread, sent) == (len(talks), 0, len(mails))

    def unfinished(self):
        """What an evening still waits for, to be read where it waits in vain."""
        talks = self.sql(
            "SELECT id, next_charge_at, evidence_at, fault FROM talk WHERE state <> 'ended'"
        )
        beats = self.sql("SELECT name, started_at, error FROM job_beat")
        return f"these talks still run: {talks}; the jobs ran: {beats}"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    with engines.running(folder) as urls:
        house = Evenings(folder, urls)
        try:
            house.begin()
            yield house
            house.assert_books_agree()
        finally:
            house.end()


def parts(events, count):
    size = -(-len(events) // count)
    return batched(events, size)


def test_an_undisturbed_evening(house):
    evening = house.make_evening()

    house.tell(evening["events"])

    house.assert_as_undisturbed(evening)


def test_a_worker_killed_again_and_again_in_the_middle_of_its_writing(house):
    evening = house.make_evening()
    house.kill("worker")

    for some in parts(evening["events"], 3):
        house.tell(some)
        house.start_worker()
        house.wait_until_writing()
        house.kill("worker")
    house.start_worker()

    house.assert_as_undisturbed(evening)


def test_two_workers_whose_connections_break_at_random(house):
    evening, chance = house.make_evening(), Random(4)
    house.start_worker("second worker")
    telling = Thread(target=house.tell, args=[evening["events"]])

    telling.start()
    for _ in range(15):
        time.sleep(chance.random() / 50)
        house.sql(
            "SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", house.wait_until_writing()
        )
    telling.join()

    house.assert_as_undisturbed(evening)
    house.kill("second worker")


def test_a_wiped_and_restarted_redis_and_a_killed_web_process(house):
    evening = house.make_evening()
    first, second, third = parts(evening["events"], 3)

    house.tell(first)
    with Redis.from_url(house.urls.redis_url) as valkey:
        valkey.flushall()
    psutil.Process(house.product.processes["web"].pid).children()[0].kill()
    house.tell(second)
    engines.stop_redis(house.folder)
    house.tell(third)
    engines.start_redis(house.folder)

    house.assert_as_undisturbed(evening)


@pytest.mark.req("D17", "D21")
def test_settling_survives_a_worker_killed_again_and_again_and_a_wiped_redis(house):
    """Reserved talks that nobody settled yet: each ends once, with one mail to each of the two."""
    chance = Random(7)
    house.kill("worker")
    wanted = house.make_reservations()

    for kill in range(3):
        house.start_worker()
        house.wait_until_writing()
        time.sleep(chance.random() / 20)  # at another line each time
        house.kill("worker")
        if kill == 0:
            assert len(house.settlements(wanted)) < len(wanted), "it was not in the middle"
        with Redis.from_url(house.urls.redis_url) as valkey:
            valkey.flushall()
    house.start_worker()

    house.assert_settled_once(wanted)


def test_a_restarted_postgresql(house):
    evening = house.make_evening()
    first, second = parts(evening["events"], 2)

    house.tell(first)
    engines.stop_postgres(house.folder)
    engines.start_postgres(house.folder)
    house.tell(second)

    house.assert_as_undisturbed(evening)
