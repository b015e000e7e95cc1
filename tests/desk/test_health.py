from dataclasses import dataclass
from datetime import timedelta

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import update

from app import mail
from app.cases import deciding, opening
from app.db import session
from app.desk import checkups, health
from app.desk.health import Level
from app.jobs import JobBeat, bell
from app.payouts import closing
from app.payouts.models import Closing
from app.purchases.models import NoticeState, PaymentNotice
from app.video import reconciling
from app.video.server import Inside, Seen
from tests import evidence, factories, wages
from tests.evidence import BOTH, at, make_room
from tests.factories import MINUTE, NOON, SECOND, make_operator, make_talk
from tests.reservations import make_booking, settle

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Job:
    name: str = "talks.jobs.charge"
    every_seconds: int = 2
    why: str = "so"


def look(now=NOON, *, timetable=(), queue=bell.queue):
    session.flush()
    return health.health(timetable, queue=queue or bell.queue, now=now)


def sign(name, now=NOON, **how):
    return next(sign for sign in look(now, **how).signs if sign.name == name)


def check_books(found=(), now=NOON):
    checkups.ask(by=None, now=now)
    checkups.run_due(lambda: list(found), now=now)


def test_an_empty_house_with_checked_books_is_well():
    check_books()

    seen = look()

    assert (seen.troubles, seen.running_talks) == (0, 0)


def test_books_that_nobody_checked_for_a_day_want_a_look():
    assert look().books_level is Level.WATCH
    check_books()
    assert look(NOON + 25 * HOUR).books_level is Level.GOOD
    assert look(NOON + 27 * HOUR).books_level is Level.WATCH


def test_a_difference_in_the_books_is_bad():
    check_books(["lot 3: remaining 5, but its entries add up to 6"])

    assert look().books_level is Level.BAD
    assert look().troubles == 1


def test_a_minute_that_nobody_charges_grows_old():
    room = make_room()
    room.talk_until(50)
    room.beat(62)
    room.tell()

    ages = [sign("oldest_due_charge_seconds", at(second)) for second in (63, 66, 90)]

    assert [age.value for age in ages] == [3, 6, 30]
    assert [age.level for age in ages] == [Level.GOOD, Level.WATCH, Level.BAD]
    evidence.work(90)
    assert sign("oldest_due_charge_seconds", at(91)).value == 0


def test_events_that_nobody_reads_are_counted_and_grow_old():
    room = make_room()
    room.join(*BOTH, at=0)
    evidence.post(room.untold, now=NOON)

    assert sign("undrained_events").value == 2
    assert sign("oldest_undrained_event_seconds", at(31)).level is Level.BAD
    evidence.drain(31)
    assert sign("undrained_events").value == 0


def test_events_that_fit_nothing_are_counted_for_a_day():
    room = make_room()
    room.name = "f" * 32
    room.join(*BOTH, at=0)
    room.tell()

    assert sign("events_in_trouble").value == 2
    assert sign("events_in_trouble", NOON + 25 * HOUR).value == 0


def test_a_talk_set_aside_is_bad():
    make_talk().fault = "ValueError()"

    assert sign("talks_set_aside").level is Level.BAD


def test_mails_that_wait_grow_old_only_when_they_should_have_left():
    mail.post(to="a@example.com", subject="s", body="b", key="k", now=NOON)

    assert sign("outbox_waiting").value == 1
    assert sign("outbox_oldest_due_seconds", NOON + 10 * MINUTE).level is Level.BAD


def test_a_mail_that_was_given_up_is_counted_and_one_withdrawn_is_not():
    for key in ("given up", "withdrawn"):
        mail.post(to="a@example.com", subject="s", body="b", key=key, now=NOON)
    session.query(mail.Mail).filter_by(key="given up").one().state = mail.MailState.FAILED
    mail.withdraw(["withdrawn"])

    assert sign("outbox_failed").value == 1


def test_a_payment_notice_that_fits_no_order_wants_a_look():
    session.add(PaymentNotice(key="sandbox:1", body={}, state=NoticeState.KEPT, received_at=NOON))

    assert sign("payment_notices_kept").level is Level.WATCH


def test_a_reserved_talk_that_nobody_settles_is_bad_five_minutes_after_its_report_time():
    booking = make_booking()

    in_time, overdue = (
        sign("overdue_settlements", booking.report_until + 5 * MINUTE + wait)
        for wait in (0 * SECOND, SECOND)
    )

    assert (in_time.value, in_time.level) == (0, Level.GOOD)
    assert (overdue.value, overdue.level) == (1, Level.BAD)
    settle(booking)
    assert sign("overdue_settlements", booking.report_until + HOUR).value == 0


def test_a_case_that_nobody_decides_wants_a_look_after_three_days_and_is_bad_after_seven():
    booking = make_booking()
    settle(booking)
    case = opening.object_to(
        booking.id, by=evidence.GUEST, words="。", now=booking.report_until + HOUR
    )
    ages = [3 * 24 * HOUR, 3 * 24 * HOUR + SECOND, 7 * 24 * HOUR]

    signs = [sign("oldest_open_case_seconds", case.opened_at + age) for age in ages]

    assert [each.value for each in signs] == [259_200, 259_201, 604_800]
    assert [each.level for each in signs] == [Level.GOOD, Level.WATCH, Level.BAD]
    decide_about(case)
    assert sign("oldest_open_case_seconds", case.opened_at + 7 * 24 * HOUR).value == 0


def decide_about(case):
    operator = make_operator()
    deciding.decide(
        case.id, returned_points=300, earned_yen=0, said="。", by=operator.id, now=case.opened_at
    )


def test_jobs_that_wait_in_redis_are_counted():
    bell.queue.enqueue(print)

    assert sign("queue_length").value == 1


def test_a_redis_that_is_away_is_bad_and_nothing_else_suffers():
    away = Queue("default", connection=Redis(host="127.0.0.1", port=1))

    seen = look(queue=away)

    queue = next(sign for sign in seen.signs if sign.name == "queue_length")
    assert (queue.value, queue.level) == (None, Level.BAD)


def beat_at(now, *, started_at=NOON, error=""):
    session.add(JobBeat(name=Job.name, started_at=started_at, finished_at=NOON, error=error))
    session.flush()
    return health.beats([Job()], now=now)[0]


@pytest.mark.parametrize(("seconds", "level"), [(0, Level.GOOD), (16, Level.GOOD), (17, Level.BAD)])
def test_a_job_that_is_silent_for_three_beats_and_ten_seconds_is_late(seconds, level):
    beat = beat_at(NOON + seconds * SECOND)

    assert (beat.level, beat.age_seconds) == (level, seconds)


def test_a_job_that_failed_says_why():
    beat = beat_at(NOON, error="ValueError('no')")

    assert (beat.level, beat.error) == (Level.BAD, "ValueError('no')")


def test_a_job_that_never_ran_is_bad():
    beat = health.beats([Job()], now=NOON)[0]

    assert (beat.level, beat.last_at, beat.age_seconds) == (Level.BAD, None, None)


OF_VIDEO = ("video_answer_seconds", "video_events_undelivered", "video_rooms_gone")


def answer(*, rooms=None, undelivered=0, now=NOON):
    reconciling.compare(Seen(rooms or {}, {}, undelivered), now=now)


def test_a_house_without_a_video_server_elsewhere_misses_none():
    make_talk()

    signs = [sign(name, NOON + HOUR) for name in OF_VIDEO]

    assert [(each.value, each.level) for each in signs] == [(0, Level.GOOD)] * 3


def test_a_video_server_that_falls_silent_grows_old():
    answer()
    reconciling.note_silence("refused", now=NOON + MINUTE)

    ages = [sign("video_answer_seconds", NOON + each * SECOND) for each in (90, 91, 180)]

    assert [age.value for age in ages] == [90, 91, 180]
    assert [age.level for age in ages] == [Level.GOOD, Level.WATCH, Level.BAD]


def test_a_video_server_that_never_answered_is_bad():
    reconciling.note_silence("refused", now=NOON)

    assert sign("video_answer_seconds").level is Level.BAD


@pytest.mark.parametrize(
    ("undelivered", "level"), [(0, Level.GOOD), (1, Level.WATCH), (1_000, Level.BAD)]
)
def test_events_that_the_video_server_cannot_deliver_are_counted(undelivered, level):
    answer(undelivered=undelivered)

    seen = sign("video_events_undelivered")

    assert (seen.value, seen.level) == (undelivered, level)


def test_talks_whose_room_is_empty_are_counted():
    rooms = [make_room() for _ in range(4)]
    people = {room.name: [Inside(room.people[evidence.GUEST], "s")] for room in rooms}

    answer(rooms=people, now=at(120))
    assert sign("video_rooms_gone", at(120)).value == 0

    answer(rooms={rooms[0].name: people[rooms[0].name]}, now=at(130))
    gone = sign("video_rooms_gone", at(130))
    assert (gone.value, gone.level) == (3, Level.WATCH)


@pytest.mark.req("D26")
def test_a_closing_that_is_two_days_late_is_bad():
    due = factories.japan(2026, 12, 1, 3)
    closing.begin_due(NOON)  # the month before
    while closing.close_batch(NOON):
        pass

    moments = [due - SECOND, due + 25 * HOUR, due + 26 * HOUR, due + 48 * HOUR]
    session.execute(update(Closing).values(swept_at=due - 24 * HOUR))  # by the last night's round
    levels = [sign("closing_late_seconds", moment).level for moment in moments]

    assert levels == [Level.GOOD, Level.GOOD, Level.WATCH, Level.BAD]


@pytest.mark.req("D26")
def test_a_claim_that_nobody_paid_in_time_is_bad():
    wages.talk_for(factories.make_cast())
    closed_at = factories.japan(2026, 12, 1, 3)
    closing.begin_due(closed_at)
    while closing.close_batch(closed_at):
        pass

    assert sign("claims_unpaid", factories.japan(2026, 12, 30, 12)).level is Level.GOOD
    assert sign("claims_unpaid", factories.japan(2026, 12, 31)).level is Level.BAD
