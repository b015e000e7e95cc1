"""The outbox: a mail is written with the change that causes it, and sent by a job afterwards."""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from sqlalchemy import BigInteger, ColumnElement, Identity, Index, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, session

TRIES = 8
BATCH = 50


class MailState(StrEnum):
    WAITING = "waiting"  # to be sent at next_try_at
    SENT = "sent"  # handed to the mail server, or to the laptop's mailbox
    WITHDRAWN = "withdrawn"  # its cause was gone before it left
    FAILED = "failed"  # given up after TRIES; the operator's health page shows it


class Mail(Base):
    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_waiting", "next_try_at", postgresql_where="state = 'waiting'"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # whose address it is
    key: Mapped[str] = mapped_column(unique=True)  # names the cause, so it is written once
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    stop_url: Mapped[str] = mapped_column(default="")  # a POST there ends such mails (RFC 8058)
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    not_after: Mapped[datetime | None]  # of use until then only, as a reminder is
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]  # address and words are gone; the key stays


def post(
    *,
    to: str,
    subject: str,
    body: str,
    key: str,
    now: datetime,
    not_after: datetime | None = None,
    account_id: int | None = None,
    stop_url: str = "",
) -> None:
    """Put a mail into the outbox, once for each key. It leaves only if this transaction stays.

    A subject is one line, whatever stands in the names that it carries.
    """
    _keep(
        to=to,
        subject=" ".join(subject.split()),
        body=body,
        key=key,
        not_after=not_after,
        account_id=account_id,
        stop_url=stop_url,
        state=MailState.WAITING,
        next_try_at=now,
        created_at=now,
    )


def leave_out(*, key: str, account_id: int, now: datetime) -> None:
    """Use up the key of a mail that its reader does not want, so that nobody finds it due again."""
    empty = {"to": "", "subject": "", "body": "", "stop_url": "", "erased_at": now}
    times = {"next_try_at": now, "created_at": now}
    _keep(key=key, account_id=account_id, state=MailState.WITHDRAWN, **empty, **times)


def _keep(**values: object) -> None:
    wanted = insert(Mail).values(tries=0, **values)
    session.execute(wanted.on_conflict_do_nothing(index_elements=["key"]))


def send_due(*, smtp_url: str, sender: str, now: datetime) -> int:
    """Send what waits, a batch at a time; without a mail server the mailbox page shows it.

    A mail that fails is tried again with growing pauses. Returns how many left.
    """
    waiting = session.scalars(
        select(Mail)
        .where(Mail.state == MailState.WAITING, Mail.next_try_at <= now)
        .order_by(Mail.next_try_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for mail in waiting:
        if mail.not_after and now > mail.not_after:
            mail.state = MailState.WITHDRAWN
            continue
        try:
            if smtp_url:
                _send(mail, smtp_url=smtp_url, sender=sender)
        except (OSError, smtplib.SMTPException, ValueError):  # ValueError: it cannot be written
            _try_again(mail, now=now)
        else:
            mail.state, mail.sent_at = MailState.SENT, now
    return sum(mail.state is MailState.SENT for mail in waiting)


def _try_again(mail: Mail, *, now: datetime) -> None:
    mail.tries += 1
    mail.next_try_at = now + timedelta(minutes=2**mail.tries)
    if mail.tries >= TRIES:
        mail.state = MailState.FAILED


def _send(mail: Mail, *, smtp_url: str, sender: str) -> None:
    """Hand one mail to a server: smtps://, smtp:// with STARTTLS, or smtp+plain:// to a relay
    on this very machine.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Message-ID"] = (
        f"<{mail.id}.{mail.created_at.timestamp():.0f}@{sender.rsplit('@', maxsplit=1)[-1]}>"
    )
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    server = urlsplit(smtp_url)
    assert server.hostname, "SMTP_URL names no host"
    tls = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.hostname, server.port or 465, timeout=20, context=tls
        )
    else:
        connection = smtplib.SMTP(server.hostname, server.port or 587, timeout=20)
    with connection:
        if server.scheme == "smtp":
            connection.starttls(context=tls)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def withdraw(keys: Sequence[str]) -> None:
    """Take mails back whose cause is gone, as far as they have not left yet."""
    waiting = update(Mail).where(Mail.key.in_(keys), Mail.state == MailState.WAITING)
    session.execute(waiting.values(state=MailState.WITHDRAWN))


def erase_of(account_id: int, *, now: datetime) -> int:
    """Take back what waits for this person, and erase address and words of all their mails."""
    return _erase(Mail.account_id == account_id, now=now)


def erase_old(*, before: datetime, now: datetime) -> int:
    """Erase address and words of mails written before then, whether they left or were given up."""
    return _erase(Mail.created_at < before, Mail.state != MailState.WAITING, now=now)


def _erase(*which: ColumnElement[bool], now: datetime) -> int:
    gone = update(Mail).where(*which, Mail.erased_at.is_(None))
    state = case((Mail.state == MailState.WAITING, MailState.WITHDRAWN), else_=Mail.state)
    empty = {"to": "", "subject": "", "body": "", "stop_url": "", "state": state, "erased_at": now}
    return session.execute(gone.values(empty)).rowcount  # type: ignore[attr-defined,no-any-return]


def oldest_waiting_at() -> datetime | None:
    """Since when the oldest unsent mail has been due; None when nothing waits."""
    return session.scalar(select(func.min(Mail.created_at)).where(Mail.state == MailState.WAITING))
