"""A guest, a cast and their open room."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from app.config import Settings
from app.db import session
from app.people.models import Account, Role
from app.video import rooms, tokens
from app.video.server import server
from tests.video.prosody import Prosody

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "only-for-tests-and-at-least-32-characters"


class Talk(NamedTuple):
    name: str
    guest_id: int
    cast_id: int
    guest: str  # public id
    cast: str
    tickets: dict[str, tokens.Ticket]


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
    # Plain values: the sender's own transactions put the session's objects away.
    return Talk(
        name=room.name,
        guest_id=guest.id,
        cast_id=cast.id,
        guest=guest.public_id,
        cast=cast.public_id,
        tickets={
            account.role.value: tokens.Ticket(
                person=account.public_id, expires_at=NOON + tokens.LIFETIME
            )
            for account in (guest, cast)
        },
    )


@pytest.fixture
def prosody():
    """A video server in Prosody's place, of which the house knows nothing yet."""
    listening = Prosody()
    yield listening
    listening.close()


@pytest.fixture
def elsewhere(prosody):
    """The house's rooms stand at that server."""
    server.connect(settings_of(prosody.url))
    yield prosody
    server.connect(Settings())


def settings_of(url):
    return Settings(video_backend="jitsi", jitsi_orders_url=url, video_event_secrets=(SECRET,))
