"""What both hear before and after a talk: each once, at its second, and nothing of a cancelled one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import letters, policy
from app.bookings import cancelling, completions, notices, openings, schedule
from app.bookings.models import CompletionKind, Notice, NoticeKind, OpeningCall
from app.clock import Span
from app.db import session
from app.errors import Refused
from app.mail import Mail
from app.people import devices
from app.people.models import Account
from tests.factories import MINUTE, NOON, SECOND, book, make_cast, make_guest, publish
from tests.reservations import make_booking, settle

HOUR = timedelta(hours=1)
START = NOON + 6 * HOUR
END = START + policy.SLOT
REMINDER, TEST_MISSING = NoticeKind.REMINDER, NoticeKind.TEST_MISSING


def remind(booking, *, now, kind=REMINDER):
    """Which of these reminders the job writes at this moment: their minutes, for whom."""
    known = {each.id for each in notices_of(booking, kind)}
    notices.remind_due(now)
    new = [each for each in notices_of(booking, kind) if each.id not in known]
    roles = {booking.guest_id: "guest", booking.cast_id: "cast"}
    return sorted((each.number, roles[each.account_id]) for each in new)


def notices_of(booking, kind):
    wanted = select(Notice).filter_by(booking_id=booking.id, kind=kind)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def have_tested(booking, *, now, passed=True):
    well = dict.fromkeys(("camera", "microphone", "speaker", "echo"), True)
    devices.keep(booking.cast_id, device="Chrome", connection=passed, now=now, **well)


@pytest.mark.req("D42")
@pytest.mark.parametrize("minutes", [60, 10])
def test_both_are_reminded_at_the_very_second_and_once(minutes):
    booking = make_booking(start=START)
    due = START - minutes * MINUTE
    if minutes == 10:
        remind(booking, now=START - HOUR)

    assert remind(booking, now=due - SECOND) == []
    assert remind(booking, now=due) == [(minutes, "cast"), (minutes, "guest")]
    assert remind(booking, now=due) == []
    assert remind(booking, now=due + SECOND) == []


@pytest.mark.req("D42")
@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (HOUR + SECOND, [60, 10]),
        (HOUR, [10]),  # told at that very second that it is booked
        (20 * MINUTE, [10]),
        (15 * MINUTE, [10]),
    ],
)
def test_who_books_within_the_hour_hears_only_of_the_ten_minutes(before, wanted):
    booking = make_booking(start=START, now=START - before)

    for seconds in range(-3600, 1, 20):
        notices.remind_due(START + timedelta(seconds=seconds))

    told = notices_of(booking, REMINDER)
    assert sorted({each.number for each in told}, reverse=True) == wanted
    assert len(told) == 2 * len(wanted)


@pytest.mark.req("D42")
@pytest.mark.parametrize(
    ("away_until", "wanted"),
    [
        (timedelta(minutes=11), [60]),
        (timedelta(minutes=10, seconds=1), [60]),
        (timedelta(minutes=10), [10]),
        (timedelta(minutes=5), [10]),
        (SECOND, [10]),
        (timedelta(0), []),
    ],
)
def test_after_a_worker_was_away_only_what_still_helps_is_told(away_until, wanted):
    """In particular no "in an hour" five minutes before the start."""
    booking = make_booking(start=START)

    told = remind(booking, now=START - away_until)

    assert [number for number, who in told if who == "guest"] == wanted


@pytest.mark.req("C41")
@pytest.mark.parametrize("minutes", [60, 20])
def test_a_cast_without_a_test_is_reminded_at_the_very_second_and_once(minutes):
    booking = make_booking(start=START)
    due = START - minutes * MINUTE
    if minutes == 20:
        remind(booking, now=START - HOUR)

    assert remind(booking, now=due - SECOND, kind=TEST_MISSING) == []
    assert remind(booking, now=due, kind=TEST_MISSING) == [(minutes, "cast")]
    assert remind(booking, now=due + SECOND, kind=TEST_MISSING) == []


@pytest.mark.req("C41")
@pytest.mark.parametrize(
    ("tested_at", "passed", "reminded"),
    [
        (START - 24 * HOUR, True, False),
        (START - 24 * HOUR - SECOND, True, True),
        (START - HOUR, True, False),
        (START - 2 * HOUR, False, True),
    ],
)
def test_a_passed_test_of_the_last_day_is_enough_and_a_failed_one_is_none(
    tested_at, passed, reminded
):
    booking = make_booking(start=START)
    have_tested(booking, now=tested_at, passed=passed)

    told = remind(booking, now=START - HOUR, kind=TEST_MISSING)

    assert told == ([(60, "cast")] if reminded else [])


@pytest.mark.req("C41")
def test_a_failed_test_after_a_passed_one_does_not_undo_it():
    booking = make_booking(start=START)
    have_tested(booking, now=START - 3 * HOUR)
    have_tested(booking, now=START - 2 * HOUR, passed=False)

    assert remind(booking, now=START - HOUR, kind=TEST_MISSING) == []


@pytest.mark.req("C41")
def test_a_test_between_the_two_reminders_saves_the_second():
    booking = make_booking(start=START)
    assert remind(booking, now=START - HOUR, kind=TEST_MISSING)

    have_tested(booking, now=START - 30 * MINUTE)

    assert remind(booking, now=START - 20 * MINUTE, kind=TEST_MISSING) == []


@pytest.mark.req("C50")
@pytest.mark.parametrize(
    ("now", "asked"),
    [
        (END - SECOND, False),
        (END, True),
        (END + policy.REPORT_WINDOW, True),
        (END + policy.REPORT_WINDOW + SECOND, False),
    ],
)
def test_the_cast_alone_is_asked_for_the_report_while_it_counts(now, asked):
    booking = make_booking(start=START)

    told = remind(booking, now=now, kind=NoticeKind.REPORT_DUE)

    assert told == ([(0, "cast")] if asked else [])
    assert remind(booking, now=now, kind=NoticeKind.REPORT_DUE) == []


@pytest.mark.req("C50")
def test_who_has_filed_the_report_is_not_asked_for_it():
    booking = make_booking(start=START)
    completions.file(
        booking.id, kind=CompletionKind.DONE, impression="楽しい。", stars=5, now=END - 20 * SECOND
    )

    assert remind(booking, now=END, kind=NoticeKind.REPORT_DUE) == []


@pytest.mark.req("C50")
def test_the_report_takes_back_the_request_for_it():
    booking = make_booking(start=START)
    notices.remind_due(END)

    completions.file(
        booking.id, kind=CompletionKind.DONE, impression="楽しい。", stars=5, now=END + SECOND
    )

    [asked] = notices_of(booking, NoticeKind.REPORT_DUE)
    assert asked.withdrawn_at == END + SECOND


def by_guest(booking, now):
    cancelling.by_guest(booking.id, accepts_loss=True, now=now)


def in_emergency(booking, now):
    cancelling.in_emergency(booking.id, words="停電です。", now=now)


@pytest.mark.req("D42")
@pytest.mark.parametrize("cancel", [by_guest, in_emergency])
def test_cancelling_withdraws_what_was_told_and_nothing_follows(cancel):
    booking = make_booking(start=START)
    notices.remind_due(START - HOUR)
    cancelled_at = START - 59 * MINUTE

    cancel(booking, cancelled_at)
    for seconds in range(-3600, 900, 20):
        notices.remind_due(START + timedelta(seconds=seconds))

    session.expire_all()
    told = session.scalars(select(Notice).filter_by(booking_id=booking.id)).all()
    withdrawn = {each.kind: each.withdrawn_at for each in told}
    assert withdrawn.pop(NoticeKind.CANCELLED) is None
    assert withdrawn == dict.fromkeys([NoticeKind.BOOKED, REMINDER, TEST_MISSING], cancelled_at)
    unseen = [each.kind for each in notices.unseen_of(booking.guest_id, now=NOON)]
    assert unseen == [NoticeKind.CANCELLED]


WORDS = {
    "ja": {
        NoticeKind.BOOKED: "予約",
        NoticeKind.REMINDER: "1時間",
        NoticeKind.TEST_MISSING: "接続テスト",
        NoticeKind.REPORT_DUE: "完了報告",
        NoticeKind.SETTLED: "確定",
        NoticeKind.CANCELLED: "キャンセル",
        NoticeKind.MESSAGE: "メッセージ",
    },
    "en": {
        NoticeKind.BOOKED: "booked",
        NoticeKind.REMINDER: "in an hour",
        NoticeKind.TEST_MISSING: "microphone",
        NoticeKind.REPORT_DUE: "completion report",
        NoticeKind.SETTLED: "settled",
        NoticeKind.CANCELLED: "cancelled",
        NoticeKind.MESSAGE: "message",
    },
}
NUMBERS = {
    "ja": {
        (NoticeKind.BOOKED, "guest"): "12時間を切って",
        (NoticeKind.BOOKED, "cast"): "開始の10分前まで",
        (TEST_MISSING, "cast"): "開始の10分前まで",
        (NoticeKind.SETTLED, "guest"): "7日以内",
    },
    "en": {
        (NoticeKind.BOOKED, "guest"): "less than 12 hours",
        (NoticeKind.BOOKED, "cast"): "10 minutes before",
        (TEST_MISSING, "cast"): "10 minutes before",
        (NoticeKind.SETTLED, "guest"): "within 7 days",
    },
}
OF_CAST_ONLY = {TEST_MISSING, NoticeKind.REPORT_DUE}


@pytest.mark.req("D42", "D39")
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_each_kind_is_mailed_to_both_in_their_language(queue, at, locale):
    held, cancelled = make_booking(start=START), make_booking(start=START + HOUR)
    for account in session.scalars(select(Account)):
        account.locale = locale
    for booking in (held, cancelled):
        people = (booking.guest_id, booking.cast_id)
        notices.tell(booking.id, people, NoticeKind.MESSAGE, number=1, now=NOON)
    notices.remind_due(START - HOUR)
    notices.remind_due(END)
    cancelling.by_guest(cancelled.id, accepts_loss=True, now=NOON)
    settle(held)
    at(START + 2 * HOUR)

    queue.do(letters.tell_of_bookings)

    sent = mailed(held) | {
        key: mail for key, mail in mailed(cancelled).items() if key[0] is NoticeKind.CANCELLED
    }
    wanted = {(kind, who) for kind in WORDS[locale] for who in ("guest", "cast")}
    assert set(sent) == wanted - {(kind, "guest") for kind in OF_CAST_ONLY}
    for (kind, who), mail in sent.items():
        assert WORDS[locale][kind] in mail.subject, (kind, who, mail.subject)
        assert "/bookings/" in mail.body or kind is TEST_MISSING, (kind, who)
        is_japanese = any("ぁ" <= letter <= "ん" for letter in mail.subject + mail.body)
        assert is_japanese is (locale == "ja"), (kind, who, mail.body)
    for key, number in NUMBERS[locale].items():
        assert number in sent[key].body, (key, sent[key].body)
    count = len(session.scalars(select(Mail)).all())
    queue.do(letters.tell_of_bookings)
    assert len(session.scalars(select(Mail)).all()) == count


def mailed(booking):
    """The mails of one booking, by kind and reader."""
    roles = {booking.guest_id: "guest", booking.cast_id: "cast"}
    told = session.scalars(select(Notice).filter_by(booking_id=booking.id)).all()
    found = {
        mail.key: mail for mail in session.scalars(select(Mail).where(Mail.key.like("notice:%")))
    }
    return {
        (each.kind, roles[each.account_id]): found[notices.mail_key(each.id)]
        for each in told
        if notices.mail_key(each.id) in found
    }


# A guest may ask to hear when booking opens, a day before the start.
LATER = NOON + 30 * HOUR
OPENS = LATER - 24 * HOUR


def a_call():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, LATER, slots=1)
    openings.ask(guest.id, cast.account_id, starts_at=LATER, now=NOON)
    openings.ask(guest.id, cast.account_id, starts_at=LATER, now=NOON)  # pressed twice
    return guest, cast


@pytest.mark.req("G23", "D1")
def test_who_asked_hears_at_the_very_second_that_booking_opens_and_once(queue, at):
    guest, cast = a_call()

    at(OPENS - SECOND)
    queue.do(letters.tell_of_openings)
    assert session.scalars(select(Mail)).all() == []

    at(OPENS)
    queue.do(letters.tell_of_openings)
    queue.do(letters.tell_of_openings)

    [mail] = session.scalars(select(Mail)).all()
    assert mail.to == guest.email
    assert f"/casts/{cast.public_id}" in mail.body
    assert book(guest, cast, LATER, now=OPENS)


@pytest.mark.req("D1")
@pytest.mark.parametrize("gone", ["removed", "booked", "too late"])
def test_nobody_hears_of_a_time_that_cannot_be_booked_any_more(queue, at, gone):
    _, cast = a_call()
    now = OPENS
    if gone == "removed":
        schedule.remove(cast.account_id, Span(LATER, LATER + policy.SLOT), now=NOON)
    elif gone == "booked":
        book(make_guest(points=300), cast, LATER, now=OPENS)
    else:  # no worker was there for a day
        now = LATER - policy.BOOKING_CLOSES + SECOND

    at(now)
    queue.do(letters.tell_of_openings)

    assert session.scalars(select(Mail)).all() == []
    assert session.scalars(select(OpeningCall.told_at)).all() == [now]


@pytest.mark.req("D1")
@pytest.mark.parametrize(
    ("start", "now", "code"),
    [
        (LATER, OPENS, "open"),
        (LATER, OPENS - SECOND, None),
        (LATER + policy.SLOT, NOON, "no_such_time"),
    ],
)
def test_only_a_time_that_is_not_open_yet_can_be_asked_about(start, now, code):
    guest, cast = make_guest(), make_cast()
    publish(cast, LATER, slots=1)

    if code is None:
        openings.ask(guest.id, cast.account_id, starts_at=start, now=now)
        assert openings.asked_by(guest.id, cast.account_id) == {start}
    else:
        with pytest.raises(Refused) as refusal:
            openings.ask(guest.id, cast.account_id, starts_at=start, now=now)
        assert refusal.value.codes == {code}


@pytest.mark.req("C41")
def test_a_passed_test_takes_back_the_request_for_one():
    booking = make_booking()
    notices.remind_due(booking.starts_at - timedelta(minutes=60))
    asked = session.query(Notice).filter_by(kind=NoticeKind.TEST_MISSING).one()

    notices.withdraw_test_missing(booking.cast_id, now=booking.starts_at - timedelta(minutes=50))

    session.refresh(asked)
    assert asked.withdrawn_at


def test_one_puts_away_ones_own_news_only():
    booking = make_booking()
    [mine] = notices.unseen_of(booking.guest_id, now=NOON)
    [theirs] = notices.unseen_of(booking.cast_id, now=NOON)

    notices.put_away(booking.guest_id, shown=[mine.id, theirs.id], now=NOON)

    assert notices.unseen_of(booking.guest_id, now=NOON) == []
    assert notices.unseen_of(booking.cast_id, now=NOON) == [theirs]


@pytest.mark.req("D42")
def test_a_mail_that_helps_nobody_any_more_does_not_leave(queue):
    """The mails of a reminder until the start, of a request for a report until it counts no more."""
    booking = make_booking(start=START)
    for now in (START - HOUR, END):
        notices.remind_due(now)
    queue.do(letters.tell_of_bookings)

    until = {
        kind: {
            session.query(Mail).filter_by(key=notices.mail_key(each.id)).one().not_after
            for each in notices_of(booking, kind)
        }
        for kind in (REMINDER, TEST_MISSING, NoticeKind.REPORT_DUE, NoticeKind.BOOKED)
    }

    assert until == {
        REMINDER: {START},
        TEST_MISSING: {START},
        NoticeKind.REPORT_DUE: {booking.report_until},
        NoticeKind.BOOKED: {None},
    }


def test_what_its_time_has_overtaken_is_no_news():
    booking = make_booking()
    notices.remind_due(booking.starts_at - timedelta(minutes=10))
    kinds = {
        each.kind for each in notices.unseen_of(booking.guest_id, now=booking.starts_at - SECOND)
    }
    assert NoticeKind.REMINDER in kinds

    later = {each.kind for each in notices.unseen_of(booking.guest_id, now=booking.starts_at)}

    assert later == {NoticeKind.BOOKED}


def test_a_notice_that_cannot_be_written_holds_up_nobody(queue, at, monkeypatch):
    first, second = make_booking(), make_booking(start=NOON + timedelta(hours=3))
    ids = [first.id, second.id]
    write = letters.write

    def fail_for_the_first(name, **context):
        if context["booking"].id == ids[0]:
            raise RuntimeError("a broken template")
        write(name, **context)

    monkeypatch.setattr(letters, "write", fail_for_the_first)
    at(NOON)
    queue.do(letters.tell_of_bookings)

    mailed = session.query(Notice).filter(Notice.mailed_at.is_not(None))
    assert {each.booking_id for each in mailed} == {ids[1]}
