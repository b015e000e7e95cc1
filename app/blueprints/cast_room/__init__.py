"""The cast's own room: standing by, the bell, schedule, reservations, talks, profile and account."""

from app.blueprints.cast_room import account, bookings, pictures, profile, schedule, talks
from app.blueprints.cast_room.dashboard import bp

__all__ = ["account", "bookings", "bp", "pictures", "profile", "schedule", "talks"]
