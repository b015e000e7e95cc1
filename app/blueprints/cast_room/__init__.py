"""The cast's own room: standing by, the bell, what was earned, and the talks so far."""

from app.blueprints.cast_room import bookings, talks
from app.blueprints.cast_room.dashboard import bp

__all__ = ["bookings", "bp", "talks"]
