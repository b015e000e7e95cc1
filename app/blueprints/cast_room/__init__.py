"""The cast's own room: standing by, the bell, the schedule, what was earned, and the talks so far."""

from app.blueprints.cast_room import bookings, schedule, talks
from app.blueprints.cast_room.dashboard import bp

__all__ = ["bookings", "bp", "schedule", "talks"]
