"""The cast's own room: standing by, the bell, schedule and reservations, earnings, and the talks so far."""

from app.blueprints.cast_room import bookings, invitations, memos, schedule, talks
from app.blueprints.cast_room.dashboard import bp

__all__ = ["bookings", "bp", "invitations", "memos", "schedule", "talks"]
