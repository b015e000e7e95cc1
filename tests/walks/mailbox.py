"""What a person finds in the mailbox."""

import re

from sqlalchemy import select

from app.db import session
from app.mail import Mail, MailState


def mails_to(address: str, words: str = "") -> list[Mail]:
    """Those whose subject says this, the oldest first."""
    wanted = select(Mail).where(Mail.to == address, Mail.state != MailState.WITHDRAWN)
    return list(session.scalars(wanted.where(Mail.subject.contains(words)).order_by(Mail.id)))


def read_mail(address: str, words: str) -> str:
    """The newest mail whose subject says this."""
    found = mails_to(address, words)
    assert found, f"{address} has only {[each.subject for each in mails_to(address)]}"
    return found[-1].body


def link_in(body: str, number: int = 0) -> str:
    """Where this link of a mail leads to."""
    return re.findall(r"https?://[^/\s]+(/\S+)", body)[number]
