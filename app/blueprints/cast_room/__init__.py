"""The cast's own room: the desk, schedule, reservations, talks, notes, profile and account."""

from app.blueprints.cast_room import (
    account,
    bookings,
    claims,
    earnings,
    invitations,
    memos,
    pictures,
    profile,
    schedule,
    talks,
)
from app.blueprints.cast_room.dashboard import bp

__all__ = [
    "account",
    "bookings",
    "bp",
    "claims",
    "earnings",
    "invitations",
    "memos",
    "pictures",
    "profile",
    "schedule",
    "talks",
]
