"""The cast's own room: the desk, schedule, reservations, talks, notes, profile and account."""

from app.blueprints.cast_room import (
    account,
    bookings,
    claims,
    conditions,
    earnings,
    invitations,
    memos,
    pictures,
    profile,
    registrations,
    schedule,
    statements,
    talks,
)
from app.blueprints.cast_room.dashboard import bp

__all__ = [
    "account",
    "bookings",
    "bp",
    "claims",
    "conditions",
    "earnings",
    "invitations",
    "memos",
    "pictures",
    "profile",
    "registrations",
    "schedule",
    "statements",
    "talks",
]
