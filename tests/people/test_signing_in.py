import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.people.models import Role
from app.people.signing_in import account_of_session, session_id_of, sign_in
from tests.factories import NOON, PASSWORD, make_account, make_guest


def test_the_right_words_open_the_account_and_leave_a_note():
    guest = make_guest(confirmed=False)

    assert sign_in(guest.email.upper(), PASSWORD, role=Role.GUEST, now=NOON) is guest
    assert session.scalars(select(AuditEntry.did)).all() == ["account.signed_in"]


@pytest.mark.req("G37")
def test_anything_else_opens_nothing():
    guest = make_guest()
    cast = make_account(Role.CAST)

    for email, password in [
        (guest.email, "a wrong password"),
        (guest.email, ""),
        ("nobody@example.com", PASSWORD),
        (cast.email, PASSWORD),
        ("", ""),
    ]:
        assert sign_in(email, password, role=Role.GUEST, now=NOON) is None
    guest.closed_at = NOON
    assert sign_in(guest.email, PASSWORD, role=Role.GUEST, now=NOON) is None


@pytest.mark.req("G37")
def test_a_new_session_key_ends_every_session():
    guest = make_guest()
    cookie = session_id_of(guest)
    assert account_of_session(cookie) is guest

    guest.session_key = "another"

    assert account_of_session(cookie) is None
    assert account_of_session("") is None
    assert account_of_session(guest.public_id) is None
