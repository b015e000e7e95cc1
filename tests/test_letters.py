import pytest
from sqlalchemy import select

from app import letters
from app.db import session
from app.mail import Mail, MailState
from app.points import expiry
from tests.factories import NOON, give_points, japan, make_guest


def the_mail():
    return session.scalars(select(Mail)).one()


@pytest.mark.parametrize(
    ("locale", "subject", "words"),
    [
        ("ja", "【サシトーク】メールアドレスをご確認ください", "みずいろ さん"),
        ("en", "Sashitalk: please confirm your e-mail address", "Dear みずいろ,"),
    ],
)
def test_a_letter_is_in_its_readers_language(locale, subject, words):
    guest = make_guest(nickname="みずいろ", confirmed=False)
    guest.locale = locale

    letters.confirmation(guest, now=NOON)

    mail = the_mail()
    assert (mail.to, mail.subject) == (guest.email, subject)
    assert mail.body.startswith(words)
    assert "http://127.0.0.1:5000/confirm/" in mail.body


def test_a_nickname_of_odd_letters_stays_itself():
    letters.already_registered(make_guest(nickname="<b>&%(x)s"), now=NOON)

    assert the_mail().body.startswith("<b>&%(x)s さん")


def test_links_are_those_of_the_house_whatever_a_request_says(app):
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert letters.link("wallet.show") == "http://127.0.0.1:5000/points"


@pytest.mark.req("G47")
def test_guests_are_reminded_once_before_each_distance(at, monkeypatch):
    monkeypatch.setattr(expiry, "REMINDER_BATCH", 1)
    for _ in range(3):
        give_points(make_guest(), 500, now=japan(2026, 11, 22, 12))
    for _ in range(2):
        at(japan(2027, 2, 16))
        letters.remind()

    bodies = session.scalars(select(Mail.body)).all()
    assert len(bodies) == 3
    assert "500 pt の有効期限は、2月22日(月)23:59 です" in bodies[0]
    assert "http://127.0.0.1:5000/points" in bodies[0]


def test_what_waits_is_sent(at):
    at(NOON)
    letters.already_registered(make_guest(), now=NOON)
    session.commit()

    letters.send_mails()

    assert the_mail().state is MailState.SENT
