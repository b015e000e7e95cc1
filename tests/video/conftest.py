"""A guest, a cast and their open room."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.db import session
from app.people.models import Account, Role
from app.video import rooms, tokens

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "only-for-tests-and-at-least-32-characters"


@pytest.fixture
def talk():
    guest, cast = (
        Account(
            role=role,
            email=f"{role}@example.com",
            password_hash="",
            nickname=role.value,
            created_at=NOON,
        )
        for role in (Role.GUEST, Role.CAST)
    )
    session.add_all([guest, cast])
    session.flush()
    room = rooms.open_room(guest_id=guest.id, cast_id=cast.id, now=NOON)
    tickets = {
        account.role.value: tokens.Ticket(
            person=account.public_id, expires_at=NOON + tokens.LIFETIME
        )
        for account in (guest, cast)
    }
    return SimpleNamespace(guest=guest, cast=cast, room=room, name=room.name, tickets=tickets)
