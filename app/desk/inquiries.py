"""Writing to the office (G30, G42-G44, G56, C13, C45, C59): asking, answering, and asking again."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app import audit, policy
from app.bookings.models import Booking
from app.db import session, unguessable
from app.desk.inquiry_tables import Inquiry, InquiryLine, LineKind, Subject
from app.errors import N_, Problem, Refused
from app.people import closing
from app.people.models import Account
from app.people.registration import fold, why_not_address

BATCH = 100
WORDS_LENGTH = 4000  # characters
NAME_LENGTH = 40
ABOUT_LENGTH = 100
# Without signs that are taken for each other when read out or written down: 0O 1I 2Z 5S 8B.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
NUMBER_LENGTH = 8
DOUBLE_PRESS = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An inquiry as somebody has written it."""

    subject: Subject
    name: str
    email: str
    about: str
    words: str
    locale: str
    account_id: int | None = None
    booking: Booking | None = None  # one of their own


def why_not_ask(asked: Asked) -> list[Problem]:
    """Why this inquiry cannot be taken, each reason beside its field."""
    problems = [*_why_not_name(asked.name), *why_not_address(asked.email)]
    if asked.subject is Subject.TALK and not asked.about.strip():
        text = N_("Please give the reserved time and the name, so that we find the talk.")
        problems.append(Problem(code="no_talk", about="about", text=text))
    if len(asked.about) > ABOUT_LENGTH:
        problems.append(_too_long("about", ABOUT_LENGTH))
    return problems + _why_not_words(asked.words)


def ask(asked: Asked, *, form_key: str, now: datetime) -> Inquiry:
    """Open an inquiry with a number. Pressing twice opens one; writing again opens another (G44).

    `form_key` is the form's own; with the same words it is the same press. Raises Refused.
    """
    if problems := why_not_ask(asked):
        raise Refused(*problems)
    if asked.account_id:
        closing.hold_open(asked.account_id)
    pressed = _mark_of(form_key, asked)
    values = {
        "pressed": pressed,
        "account_id": asked.account_id,
        "booking_id": asked.booking.id if asked.booking else None,
        "subject": asked.subject,
        "about": asked.about.strip(),
        "name": asked.name.strip(),
        "email": fold(asked.email),
        "locale": asked.locale,
        "opened_at": now,
        "waits_since": now,
    }
    while True:  # until the number is nobody's; the second time is one in a hundred million
        new = insert(Inquiry).values(number=_new_number(), **values)
        made = session.scalar(new.on_conflict_do_nothing().returning(Inquiry.id))
        if made is not None:
            break
        if before := session.scalars(select(Inquiry).filter_by(pressed=pressed)).one_or_none():
            return before
    session.add(_line(made, LineKind.ASKED, asked.words, now=now))
    session.flush()
    return session.get_one(Inquiry, made)


def ask_again(inquiry_id: int, *, words: str, now: datetime) -> InquiryLine:
    """The person writes on; the office owes an answer again, however it stood. Raises Refused."""
    inquiry = _get_locked(inquiry_id)
    if problems := _why_not_words(words):
        raise Refused(*problems)
    last = _last(inquiry_id, LineKind.ASKED)
    if last and last.words == words.strip() and last.at >= now - DOUBLE_PRESS:
        return last
    inquiry.closed_at = None
    inquiry.waits_since = inquiry.waits_since or now
    return _add(inquiry, LineKind.ASKED, words, now=now)


def answer(
    inquiry_id: int, *, words: str, seen: int, closes: bool, by: int, now: datetime
) -> InquiryLine:
    """Answer in the office's name. Raises Refused where the thread has moved on meanwhile.

    `seen` is how many lines the page showed, so two operators never answer past each other.
    """
    inquiry = _get_locked(inquiry_id)
    if problems := _why_not_words(words):
        raise Refused(*problems)
    last = _last(inquiry_id, LineKind.ANSWER)
    is_pressed_twice = last and last.operator_id == by and last.words == words.strip()
    if is_pressed_twice and last and last.at >= now - DOUBLE_PRESS:
        return last
    if not inquiry.email:
        raise Refused(_left())
    if len(spoken(inquiry)) != seen:
        text = N_("Somebody has written in this thread meanwhile. Please read it; your words stay.")
        raise Refused(Problem(code="moved_on", text=text))
    inquiry.waits_since = None
    inquiry.closed_at = now if closes else None
    inquiry.taken_by = inquiry.taken_by or by
    _note(inquiry, "inquiry.answered", by=by, now=now)
    return _add(inquiry, LineKind.ANSWER, words, by=by, now=now)


def write_note(inquiry_id: int, *, words: str, by: int, now: datetime) -> InquiryLine:
    """Something for the office alone. Raises Refused."""
    inquiry = _get_locked(inquiry_id)
    if problems := _why_not_words(words):
        raise Refused(*problems)
    last = _last(inquiry_id, LineKind.NOTE)
    if last and last.operator_id == by and last.words == words.strip():
        return last
    return _add(inquiry, LineKind.NOTE, words, by=by, now=now)


def take(inquiry_id: int, *, by: int, now: datetime) -> None:
    """This operator looks after it, also where another did."""
    inquiry = _get_locked(inquiry_id)
    if inquiry.taken_by != by:
        inquiry.taken_by = by
        _note(inquiry, "inquiry.taken", by=by, now=now)


def give_back(inquiry_id: int, *, by: int, now: datetime) -> None:
    """Nobody looks after it; anybody may."""
    inquiry = _get_locked(inquiry_id)
    if inquiry.taken_by is not None:
        inquiry.taken_by = None
        _note(inquiry, "inquiry.given_back", by=by, now=now)


def close(inquiry_id: int, *, by: int, now: datetime) -> None:
    """Nothing is owed any more. The person can still write on, which opens it again."""
    inquiry = _get_locked(inquiry_id)
    if inquiry.closed_at is None:
        inquiry.closed_at, inquiry.waits_since = now, None
        _note(inquiry, "inquiry.closed", by=by, now=now)


def lead_to_application(inquiry_id: int, *, by: int, now: datetime) -> Inquiry:
    """Turn a question about becoming a cast into the way to apply, once (D31). Raises Refused."""
    inquiry = _get_locked(inquiry_id)
    if inquiry.subject is not Subject.BECOMING_CAST:
        text = N_("This inquiry is not about becoming a cast.")
        raise Refused(Problem(code="other_subject", text=text))
    if not inquiry.email:
        raise Refused(_left())
    if inquiry.led_on_at is None:
        inquiry.led_on_at = now
        _note(inquiry, "inquiry.led_to_application", by=by, now=now)
    return inquiry


def lines_of(inquiry: Inquiry) -> list[InquiryLine]:
    """Everything written in a thread, for the office."""
    wanted = select(InquiryLine).filter_by(inquiry_id=inquiry.id).order_by(InquiryLine.id)
    return list(session.scalars(wanted))


def spoken(inquiry: Inquiry) -> list[InquiryLine]:
    """What the person and the office said to each other: without the office's notes."""
    return [each for each in lines_of(inquiry) if each.kind is not LineKind.NOTE]


def of_account(account: Account) -> list[Inquiry]:
    """What this person has asked, the newest first."""
    wanted = select(Inquiry).filter_by(account_id=account.id).order_by(Inquiry.id.desc()).limit(20)
    return list(session.scalars(wanted))


def find(named: str, *, reader: Account | None) -> Inquiry | None:
    """The inquiry of a mailed key; by its number only for whoever asked while signed in."""
    wanted = select(Inquiry).execution_options(populate_existing=True)
    if by_key := session.scalars(wanted.filter_by(key=named)).one_or_none():
        return by_key
    if reader is None:
        return None
    mine = wanted.filter_by(number=plain_number(named), account_id=reader.id)
    return session.scalars(mine).one_or_none()


def forget(account_id: int, *, now: datetime) -> None:
    """Whoever asked has left: the threads stay without name and address, and nobody opens them.

    No answer could reach the person any more, so what waits for one is closed.
    """
    wanted = select(Inquiry).filter_by(account_id=account_id).with_for_update()
    for inquiry in session.scalars(wanted.execution_options(populate_existing=True)):
        inquiry.name = inquiry.email = inquiry.about = ""
        inquiry.account_id = inquiry.booking_id = None
        inquiry.key, inquiry.waits_since = unguessable(), None
        inquiry.closed_at = inquiry.closed_at or now
    session.flush()


def forget_due(now: datetime) -> int:
    """Delete a batch of threads that have been silent long enough; returns how many."""
    newest = select(func.max(InquiryLine.at)).where(InquiryLine.inquiry_id == Inquiry.id)
    silent = newest.scalar_subquery() <= now - policy.INQUIRY_KEPT
    due = select(Inquiry.id).where(Inquiry.waits_since.is_(None), silent).limit(BATCH)
    found = session.scalars(due.with_for_update(skip_locked=True)).all()
    session.execute(delete(InquiryLine).where(InquiryLine.inquiry_id.in_(found)))
    session.execute(delete(Inquiry).where(Inquiry.id.in_(found)))
    return len(found)


def plain_number(shown: str) -> str:
    return shown.replace("-", "").strip().upper()


def _new_number() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


def _mark_of(form_key: str, asked: Asked) -> str:
    said = (form_key, asked.subject, fold(asked.email), asked.about.strip(), asked.words.strip())
    return sha256("\x1f".join(said).encode()).hexdigest()


def _get_locked(inquiry_id: int) -> Inquiry:
    return session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)


def _last(inquiry_id: int, kind: LineKind) -> InquiryLine | None:
    wanted = select(InquiryLine).filter_by(inquiry_id=inquiry_id, kind=kind)
    return session.scalars(wanted.order_by(InquiryLine.id.desc()).limit(1)).one_or_none()


def _add(
    inquiry: Inquiry, kind: LineKind, words: str, *, now: datetime, by: int | None = None
) -> InquiryLine:
    line = _line(inquiry.id, kind, words, now=now, by=by)
    session.add(line)
    session.flush()
    return line


def _line(
    inquiry_id: int, kind: LineKind, words: str, *, now: datetime, by: int | None = None
) -> InquiryLine:
    return InquiryLine(
        inquiry_id=inquiry_id, kind=kind, words=words.strip(), at=now, operator_id=by
    )


def _note(inquiry: Inquiry, did: str, *, by: int, now: datetime) -> None:
    audit.note(did, about=f"inquiry:{inquiry.id}", by=by, now=now)


def _why_not_name(name: str) -> list[Problem]:
    if not name.strip():
        text = N_("Please tell us your name.")
        return [Problem(code="no_name", about="name", text=text)]
    if len(name) > NAME_LENGTH:
        return [_too_long("name", NAME_LENGTH)]
    if "://" in name or "www." in name.lower():  # our mail would carry it to whomever they named
        text = N_("A name holds no web address.")
        return [Problem(code="odd_name", about="name", text=text)]
    return []


def _why_not_words(words: str) -> list[Problem]:
    if not words.strip():
        text = N_("Please write what it is about.")
        return [Problem(code="no_words", about="words", text=text)]
    return [_too_long("words", WORDS_LENGTH)] if len(words) > WORDS_LENGTH else []


def _left() -> Problem:
    text = N_("Whoever asked has left; no answer can reach them any more.")
    return Problem(code="left", text=text)


def _too_long(about: str, most: int) -> Problem:
    text = N_("Please use at most %(max)d characters.")
    return Problem(code="too_long", about=about, text=text, values={"max": most})
