"""The messages of a reservation, both ways (C36, D41): who may write until when, and what was read."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from app import policy
from app.bookings import notices, settlements
from app.bookings.models import Booking, BookingState, NoticeKind
from app.db import session
from app.errors import N_, Problem, Refused
from app.messages.contacts import contact_data_in
from app.messages.models import Message
from app.people import blocks
from app.people.models import Account, Role
from app.talks.models import Party

WORDS_LENGTH = 500  # characters
SHOWN = 200  # messages, the newest; a thread is a few sentences about one talk
ERASED = "…"  # what is left of words whose time is over
DOUBLE_PRESS = timedelta(seconds=10)

OTHER = {Party.GUEST: Party.CAST, Party.CAST: Party.GUEST}


def write_until(booking: Booking) -> datetime:
    """The last moment at which one of the two can write."""
    return booking.ends_at + policy.THREAD_OPEN


def why_not_write(booking: Booking, *, now: datetime) -> list[Problem]:
    """Why neither of the two can write (any more); an empty list where they can."""
    if booking.state is BookingState.CANCELLED:
        text = N_("This reservation was cancelled, so no more messages can be sent.")
        return [Problem(code="cancelled", text=text)]
    if blocks.stand_between(booking.guest_id, booking.cast_id):
        text = N_("No more messages can be sent about this talk.")
        return [Problem(code="cannot_meet", text=text)]
    if now > write_until(booking):
        text = N_("Messages could be sent until %(hours)s hours after the talk.")
        hours = policy.THREAD_OPEN // timedelta(hours=1)
        return [Problem(code="too_late", text=text, values={"hours": hours})]
    return []


def write(booking_id: int, *, by: Party, words: str, knows_warning: bool, now: datetime) -> Message:
    """Write to the other, who is told of it. Pressing twice writes once.

    Raises Refused, also for contact data from whoever has not seen the warning of it yet (G48);
    sent all the same, the message is flagged for the office.
    """
    # Whoever tells of a booking holds its row (notices.py), and a second press waits here.
    booking = settlements.get_locked(booking_id)
    words = words.strip()
    if before := _just_written(booking, by=by, words=words, now=now):
        return before
    problems = [*why_not_write(booking, now=now), *_why_not_words(words)]
    has_contact_data = bool(contact_data_in(words))
    if has_contact_data and not knows_warning and not problems:
        text = N_("This seems to hold contact details. Please look at it once more.")
        problems.append(Problem(code="contact_data", about="words", text=text))
    if problems:
        raise Refused(*problems)
    message = Message(
        booking_id=booking_id, party=by, words=words, at=now, flagged=has_contact_data
    )
    session.add(message)
    session.flush()
    other = booking.cast_id if by is Party.GUEST else booking.guest_id
    notices.tell(booking_id, [other], NoticeKind.MESSAGE, number=message.id, now=now)
    return message


def of_booking(booking: Booking) -> list[Message]:
    """The messages of both, the oldest first."""
    wanted = select(Message).filter_by(booking_id=booking.id).order_by(Message.id.desc())
    fresh = wanted.limit(SHOWN).execution_options(populate_existing=True)
    return list(reversed(session.scalars(fresh).all()))


def find(booking: Booking, public_id: str) -> Message | None:
    """One message of this booking."""
    wanted = select(Message).filter_by(booking_id=booking.id, public_id=public_id)
    return session.scalars(wanted).one_or_none()


def writer_of(booking: Booking, message: Message) -> Account:
    writer_id = booking.guest_id if message.party is Party.GUEST else booking.cast_id
    return session.get_one(Account, writer_id)


def unread_of(booking: Booking, *, by: Party) -> int:
    """How many messages of the other wait for this one."""
    wanted = select(func.count()).select_from(Message)
    waiting = wanted.filter_by(booking_id=booking.id, party=OTHER[by], read_at=None)
    return session.scalar(waiting) or 0


def unread_by_booking(account: Account) -> list[tuple[Booking, int]]:
    """The bookings of this guest or cast with messages that wait, the newest message first."""
    is_cast = account.role is Role.CAST
    mine = Booking.cast_id if is_cast else Booking.guest_id
    other = Party.GUEST if is_cast else Party.CAST
    waiting = (
        select(Message.booking_id, func.count().label("number"), func.max(Message.id).label("last"))
        .join(Booking, Booking.id == Message.booking_id)
        .where(mine == account.id, Message.party == other, Message.read_at.is_(None))
        .group_by(Message.booking_id)
        .subquery()
    )
    wanted = (
        select(Booking, waiting.c.number)
        .join(waiting, waiting.c.booking_id == Booking.id)
        .options(joinedload(Booking.guest), joinedload(Booking.cast))
        .order_by(waiting.c.last.desc())
    )
    return [(booking, number) for booking, number in session.execute(wanted)]


def mark_read(booking_id: int, *, by: Party, now: datetime, until: str | None = None) -> None:
    """This one has read what the other wrote, up to the message `until` that their page showed."""
    read = update(Message).where(
        Message.booking_id == booking_id, Message.party == OTHER[by], Message.read_at.is_(None)
    )
    if until is not None:
        last = select(Message.id).filter_by(booking_id=booking_id, public_id=until)
        read = read.where(Message.id <= last.scalar_subquery())
    session.execute(read.values(read_at=now))


def erase_old(now: datetime) -> int:
    """Erase the words of both, long after their talk; returns of how many messages."""
    old = select(Booking.id).where(Booking.ends_at < now - policy.WORDS_KEPT)
    erased = update(Message).where(Message.booking_id.in_(old), Message.words != ERASED)
    done = session.execute(
        erased.values(words=ERASED), execution_options={"synchronize_session": False}
    )
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def _just_written(booking: Booking, *, by: Party, words: str, now: datetime) -> Message | None:
    wanted = select(Message).filter_by(booking_id=booking.id, party=by, words=words)
    newest = wanted.where(Message.at >= now - DOUBLE_PRESS).order_by(Message.id.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def _why_not_words(words: str) -> list[Problem]:
    if not words:
        text = N_("Please write a message.")
        return [Problem(code="no_words", about="words", text=text)]
    if len(words) > WORDS_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        values = {"max": WORDS_LENGTH}
        return [Problem(code="too_long", about="words", text=text, values=values)]
    return []
