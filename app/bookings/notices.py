"""What the two people of a booking hear, once each, and not any more when its cause is gone.

A notice is written in the transaction of its cause. `letters` mails what is not mailed yet; the
reminders below find their own work. Whoever writes one holds the booking's row, and so does
whoever cancels, so a reminder is either written before, and withdrawn, or never.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app import mail, policy
from app.bookings.models import Booking, Notice, NoticeKind
from app.db import rows, session

BATCH = 100
SHOWN = 5

_REMIND = text("""
    INSERT INTO booking_notice (booking_id, account_id, kind, number, at)
    SELECT due.id, account_id, 'reminder', :minutes, :now
    FROM (
        SELECT id, guest_id, cast_id FROM booking
        WHERE state = 'confirmed' AND starts_at > :from AND starts_at <= :until
          AND booked_at < starts_at - CAST(:before AS interval)
          AND NOT EXISTS (
              SELECT FROM booking_notice WHERE booking_id = booking.id
                 AND kind = 'reminder' AND number = :minutes)
        ORDER BY id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    ) AS due, unnest(ARRAY[guest_id, cast_id]) AS account_id
    ON CONFLICT DO NOTHING RETURNING id
""")

# A test counts from a day before the start on (policy.DEVICE_TEST_HOLDS).
_MISS_TESTS = text("""
    INSERT INTO booking_notice (booking_id, account_id, kind, number, at)
    SELECT id, cast_id, 'test_missing', :minutes, :now
    FROM (
        SELECT id, cast_id FROM booking
        WHERE state = 'confirmed' AND starts_at > :from AND starts_at <= :until
          AND NOT EXISTS (
              SELECT FROM device_check WHERE account_id = booking.cast_id AND passed
                 AND at >= booking.starts_at - CAST(:holds AS interval))
          AND NOT EXISTS (
              SELECT FROM booking_notice WHERE booking_id = booking.id
                 AND kind = 'test_missing' AND number = :minutes)
        ORDER BY id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    ) AS due
    ON CONFLICT DO NOTHING RETURNING id
""")

_ASK_FOR_REPORTS = text("""
    INSERT INTO booking_notice (booking_id, account_id, kind, number, at)
    SELECT id, cast_id, 'report_due', 0, :now
    FROM (
        SELECT id, cast_id FROM booking
        WHERE state = 'confirmed' AND ends_at <= :now AND report_until >= :now
          AND NOT EXISTS (SELECT FROM completion WHERE booking_id = booking.id)
          AND NOT EXISTS (
              SELECT FROM booking_notice WHERE booking_id = booking.id AND kind = 'report_due')
        ORDER BY id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    ) AS due
    ON CONFLICT DO NOTHING RETURNING id
""")


def tell(
    booking_id: int, people: Iterable[int], kind: NoticeKind, *, now: datetime, number: int = 0
) -> None:
    """Something to be told to these accounts, once for each kind and number."""
    told = [
        {"booking_id": booking_id, "account_id": each, "kind": kind, "number": number, "at": now}
        for each in people
    ]
    session.execute(insert(Notice).values(told).on_conflict_do_nothing())


def withdraw(booking_id: int, *, now: datetime) -> None:
    """The booking is off: nothing of it is told any more, and mails that wait do not leave."""
    _withdraw(Notice.booking_id == booking_id, now=now)


def withdraw_test_missing(account_id: int, *, now: datetime) -> None:
    """The devices have been tested: nobody is asked for it any more."""
    asked = (Notice.account_id == account_id, Notice.kind == NoticeKind.TEST_MISSING)
    _withdraw(*asked, now=now)


def withdraw_report_due(booking_id: int, *, now: datetime) -> None:
    """The report is there."""
    _withdraw(Notice.booking_id == booking_id, Notice.kind == NoticeKind.REPORT_DUE, now=now)


def withdraw_all_of(account_id: int, *, now: datetime) -> None:
    """This person has left: nothing is told to them any more."""
    _withdraw(Notice.account_id == account_id, now=now)


def _withdraw(*which: ColumnElement[bool], now: datetime) -> None:
    gone = update(Notice).where(*which, Notice.withdrawn_at.is_(None)).values(withdrawn_at=now)
    ids = session.scalars(gone.returning(Notice.id)).all()
    mail.withdraw([mail_key(each) for each in ids])


def remind_due(now: datetime) -> int:
    """Write the reminders whose time has come (D42); returns how many are new."""
    made = 0
    for before, after in _windows(policy.REMINDERS):
        made += len(rows(_REMIND, before=before, **_due(before, after, now=now)))
    for before, after in _windows(policy.TEST_REMINDERS):
        holds = policy.DEVICE_TEST_HOLDS
        made += len(rows(_MISS_TESTS, holds=holds, **_due(before, after, now=now)))
    return made + len(rows(_ASK_FOR_REPORTS, now=now))


def unmailed() -> list[Notice]:
    """A batch of what has not been mailed yet, held, with the bookings and both people."""
    booking = joinedload(Notice.booking)
    wanted = (
        select(Notice)
        .options(booking.joinedload(Booking.guest), booking.joinedload(Booking.cast))
        .where(Notice.mailed_at.is_(None), Notice.withdrawn_at.is_(None))
        .order_by(Notice.id)
        .limit(BATCH)
        .with_for_update(of=Notice, skip_locked=True)
    )
    return list(session.scalars(wanted))


def mark_mailed(notice: Notice, *, now: datetime) -> None:
    """Its mail stands in the outbox."""
    notice.mailed_at = now


def mail_key(notice_id: int) -> str:
    """The outbox's key of a notice's mail."""
    return f"notice:{notice_id}"


def unseen_of(account_id: int, *, now: datetime) -> list[Notice]:
    """What a person has not put away yet, newest first; not what its time has overtaken."""
    ahead = Notice.kind.in_((NoticeKind.REMINDER, NoticeKind.TEST_MISSING))
    over = or_(
        and_(ahead, Booking.starts_at <= now),
        and_(Notice.kind == NoticeKind.REPORT_DUE, Booking.report_until < now),
    )
    booking = joinedload(Notice.booking)
    wanted = (
        select(Notice)
        .join(Booking, Booking.id == Notice.booking_id)
        .options(booking.joinedload(Booking.guest), booking.joinedload(Booking.cast))
        .where(
            ~over,
            Notice.account_id == account_id,
            Notice.seen_at.is_(None),
            Notice.withdrawn_at.is_(None),
        )
        .order_by(Notice.id.desc())
        .limit(SHOWN)
    )
    return list(session.scalars(wanted))


def put_away(account_id: int, *, shown: Collection[int], now: datetime) -> None:
    """The person has read these, which their page showed."""
    mine = (Notice.account_id == account_id, Notice.id.in_(shown))
    unseen = update(Notice).where(*mine, Notice.seen_at.is_(None))
    session.execute(unseen.values(seen_at=now))


def _windows(before: Sequence[timedelta]) -> list[tuple[timedelta, timedelta]]:
    """Each reminder with the moment from which the next one, or the start, makes it needless."""
    return list(pairwise([*before, timedelta(0)]))


def _due(before: timedelta, after: timedelta, *, now: datetime) -> dict[str, object]:
    return {
        "minutes": before // policy.MINUTE,
        "from": now + after,
        "until": now + before,
        "now": now,
    }
