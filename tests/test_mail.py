import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app import mail
from app.db import session
from app.mail import Mail, MailState
from tests.factories import NOON, SECOND


def post(key="talk:1:hello", subject="こんばんは"):
    mail.post(to="guest@example.com", subject=subject, body="本文\n", key=key, now=NOON)


def only_mail():
    return session.scalars(select(Mail).execution_options(populate_existing=True)).one()


def send(smtp_url="", now=NOON):
    return mail.send_due(smtp_url=smtp_url, sender="house@example.com", now=now)


def test_a_mail_is_written_once_for_each_cause():
    post()
    post(subject="once more")

    assert only_mail().subject == "こんばんは"


def test_on_a_laptop_sending_means_the_mailbox():
    post()

    assert send() == 1
    assert only_mail().state is MailState.SENT
    assert send() == 0


def test_a_withdrawn_mail_never_leaves():
    post()

    mail.withdraw(["talk:1:hello"])

    assert send() == 0
    assert mail.oldest_waiting_at() is None


def test_a_mail_server_that_is_away_is_tried_again_with_growing_pauses():
    post()
    nobody = "smtp://127.0.0.1:1"

    assert send(nobody) == 0
    assert only_mail().next_try_at == NOON + timedelta(minutes=2)
    assert send(nobody, now=NOON + timedelta(minutes=1)) == 0
    assert only_mail().tries == 1

    for _ in range(mail.TRIES):
        send(nobody, now=NOON + timedelta(days=9))
        only_mail().next_try_at = NOON
        session.flush()
    assert only_mail().state is MailState.FAILED


class Postbox:
    def __init__(self):
        self.received = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received.append(envelope)
        return "250 kept"


@pytest.fixture
def mail_server():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Postbox(), hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.stop()


def test_a_mail_server_gets_the_whole_mail(mail_server):
    post()

    assert send(f"smtp+plain://127.0.0.1:{mail_server.port}") == 1

    [envelope] = mail_server.handler.received
    told = message_from_bytes(envelope.content, policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("house@example.com", ["guest@example.com"])
    assert (told["Subject"], told.get_content().strip()) == ("こんばんは", "本文")


def test_a_subject_is_one_line_whatever_its_names_hold(mail_server):
    post(subject="Bcc\u2028X: y\x85z\r\nBcc: a@example.com")

    assert send(f"smtp+plain://127.0.0.1:{mail_server.port}") == 1

    [envelope] = mail_server.handler.received
    told = message_from_bytes(envelope.content, policy=default)
    assert told["Subject"] == "Bcc X: y z Bcc: a@example.com"
    assert (told["X"], told["Bcc"]) == (None, None)


def test_a_mail_that_nobody_can_write_holds_up_no_other(mail_server):
    mail.post(to="a\u2028b@example.com", subject="x", body="x", key="bad", now=NOON)
    post()

    assert send(f"smtp+plain://127.0.0.1:{mail_server.port}") == 1

    states = dict(session.execute(select(Mail.key, Mail.tries)).all())
    assert states == {"bad": 1, "talk:1:hello": 0}


def test_a_mail_that_came_too_late_to_be_of_use_does_not_leave():
    for key, until in (("in time", NOON), ("late", NOON - SECOND)):
        mail.post(to="a@example.com", subject=key, body="", key=key, now=NOON, not_after=until)

    mail.send_due(smtp_url="", sender="us@example.com", now=NOON)

    states = dict(session.execute(select(Mail.key, Mail.state)).all())
    assert states == {"in time": MailState.SENT, "late": MailState.WITHDRAWN}


def test_a_mail_that_can_be_stopped_says_so_to_the_mail_program(mail_server):
    stop = "https://sashitalk.example/favourites/stop/abc"
    mail.post(to="a@example.com", subject="x", body="x", key="x", now=NOON, stop_url=stop)

    send(f"smtp+plain://127.0.0.1:{mail_server.port}")

    [envelope] = mail_server.handler.received
    told = message_from_bytes(envelope.content, policy=default)
    assert told["List-Unsubscribe"] == f"<{stop}>"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_is_erased_keeps_its_key_and_nothing_that_somebody_said():
    for key, account_id in (("mine", 1), ("other", 2)):
        mail.post(
            to="a@example.com", subject="s", body="b", key=key, now=NOON, account_id=account_id
        )

    assert mail.erase_of(1, now=NOON) == 1
    assert mail.erase_of(1, now=NOON) == 0

    session.expire_all()
    found = {each.key: each for each in session.scalars(select(Mail))}
    erased = found["mine"]
    assert (erased.to, erased.subject, erased.body) == ("", "", "")
    assert (erased.state, erased.erased_at) == (MailState.WITHDRAWN, NOON)
    assert found["other"].state is MailState.WAITING and found["other"].to
    assert send() == 1
