"""Every periodic job: what runs, how often in product time, and why.

PostgreSQL keeps the time: an entry is due when its last beat is old enough. So a wiped Redis or a
killed worker costs seconds, and a fast clock needs no setting here.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from app import account_letters, case_letters, casting_letters, clock, letters, payout_letters
from app.bookings import jobs as bookings
from app.books import jobs as books
from app.casts import jobs as casts
from app.db import session
from app.desk import jobs as desk
from app.entry import deletion
from app.entry import jobs as applications
from app.errors import N_
from app.jobs import JobBeat, Work, beat_name, transaction
from app.messages import jobs as messages
from app.payouts import jobs as payouts
from app.people import jobs as people
from app.points import jobs as points
from app.purchases import jobs as purchases
from app.talks import jobs as talks
from app.video import jobs as video

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.25  # on the wall: how long an entry may be due before it is rung for


@dataclass(frozen=True)
class Entry:
    work: Work
    every_seconds: int
    why: str
    at_start: bool = False  # also whenever a timetable begins: the house may have been away

    @property
    def name(self) -> str:
        return beat_name(self.work)


TIMETABLE: tuple[Entry, ...] = (
    Entry(talks.drain, 2, N_("Presence events reach their talks even when the bell is lost.")),
    Entry(talks.charge, 2, N_("Every started, evidenced minute is charged.")),
    Entry(talks.end, 2, N_("Rings end unanswered, and talks that nobody is in any more.")),
    Entry(talks.bind, 5, N_("Running talks end before a reservation that was made meanwhile.")),
    Entry(talks.settle, 5, N_("Reserved talks are settled ten minutes after their end.")),
    Entry(bookings.mark_soon, 5, N_("Casts with a reservation in a few minutes are shown so.")),
    Entry(bookings.remind, 20, N_("Both hear an hour and ten minutes before a reserved talk.")),
    Entry(casts.turn, 5, N_("A cast whose page is gone goes offline; a breath ends.")),
    Entry(casts.apply_prices, 10, N_("Ranks, and prices of ranks, hold from their day.")),
    Entry(
        casts.forget_books,
        86400,
        N_("Real names and bank accounts go with the books of their time."),
    ),
    Entry(
        casting_letters.give_conditions,
        20,
        N_("Casts get their conditions in writing, and every change before it holds."),
    ),
    Entry(
        payouts.forget_books,
        86400,
        N_(
            "Accounts and names in payouts, and written conditions, go with the books of their time."
        ),
    ),
    Entry(purchases.send_sandbox_notices, 2, N_("The sandbox tells how its payments went.")),
    Entry(points.expire, 60, N_("Points end with the last day of their lot.")),
    Entry(letters.remind, 600, N_("Guests hear 30, 7 and 1 days before points expire.")),
    Entry(letters.tell_of_bookings, 2, N_("What happens to bookings is mailed to both.")),
    Entry(case_letters.tell_of_walk_ins, 5, N_("Both hear what was decided about a walk-in.")),
    Entry(letters.tell_of_openings, 60, N_("Guests hear when booking opens, if they asked.")),
    Entry(
        letters.tell_of_favourites, 20, N_("Guests hear when a favourite stands by, if they asked.")
    ),
    Entry(letters.erase_old, 3600, N_("Address and words of old mails are erased.")),
    Entry(messages.erase_old, 86400, N_("Messages are erased half a year after their talk.")),
    Entry(
        account_letters.send_password_links, 2, N_("Links to a new password reach those who asked.")
    ),
    Entry(
        payout_letters.tell_of_payouts,
        20,
        N_("Casts hear of what was claimed for them, paid, or sent back by a bank."),
    ),
    Entry(letters.send_mails, 2, N_("What waits in the outbox is sent.")),
    Entry(video.tell, 2, N_("The video server is told of each room, again until it confirms.")),
    Entry(
        video.reconcile,
        60,
        N_("Who is in which room is compared with the video server."),
        at_start=True,
    ),
    Entry(video.forget, 3600, N_("The inbox is emptied of what was read long ago.")),
    Entry(people.forget, 3600, N_("Old devices and addresses that were left are forgotten.")),
    Entry(desk.end_stray_talks, 10, N_("Nobody talks with a person who is suspended.")),
    Entry(desk.forget_inquiries, 3600, N_("Inquiries are deleted years after their last words.")),
    Entry(
        desk.forget_conduct, 86400, N_("Reports and notes of people are deleted after three years.")
    ),
    Entry(desk.open_cases, 10, N_("What a settlement leaves open becomes a case of the office.")),
    Entry(
        deletion.delete_documents,
        3600,
        N_("Identity documents are deleted when their time is over."),
    ),
    Entry(
        applications.forget_applications,
        3600,
        N_("Applications that were never sent, or were refused, are deleted in time."),
    ),
    Entry(payouts.close_months, 60, N_("Months are closed, so that nobody waits for their pay.")),
    Entry(books.freeze_months, 3600, N_("Months whose rewards are all claimed are frozen.")),
    Entry(
        desk.check_books, 10, N_("The books are checked every night, and when an operator asks.")
    ),
)


class Ringer:
    """Rings for what is due, but not for what still waits: an absent worker finds each entry once."""

    def __init__(self, queue: Queue, timetable: tuple[Entry, ...] = TIMETABLE) -> None:
        self.queue = queue
        self.timetable = timetable
        self.rung: dict[str, Job] = {}

    def ring(self, *, now: datetime, begins: bool = False) -> list[Entry]:
        wanted = due(self.timetable, now=now)
        if begins:  # before the others, which may build on what these find out
            first = [each for each in self.timetable if each.at_start]
            wanted = first + [each for each in wanted if each not in first]
        entries = [entry for entry in wanted if not self._waits(entry)]
        for entry in entries:
            self.rung[entry.name] = self.queue.enqueue(entry.work, result_ttl=0, failure_ttl=600)
        return entries

    def _waits(self, entry: Entry) -> bool:
        job = self.rung.get(entry.name)
        return job is not None and self.queue.get_job_position(job) is not None


def due(timetable: tuple[Entry, ...], *, now: datetime) -> list[Entry]:
    """The entries that never ran, or whose last run began long enough ago."""
    beats = {beat.name: beat.started_at for beat in session.scalars(select(JobBeat))}
    return [
        entry
        for entry in timetable
        if entry.name not in beats
        or now - beats[entry.name] >= timedelta(seconds=entry.every_seconds)
    ]


def keep(ringer: Ringer, *, until: Event) -> None:
    """Ring until told to stop. An engine that is away is waited for."""
    begun = False
    while not until.wait(LOOK_SECONDS):
        try:
            with transaction():
                ringer.ring(now=clock.now(), begins=not begun)
            begun = True
        except (OperationalError, InterfaceError, RedisError) as fault:
            log.warning("the timetable waits for an engine: %s", fault)
            until.wait(1)
