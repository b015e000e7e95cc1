"""Bookings and walk-ins that somebody of the office has to decide about."""
