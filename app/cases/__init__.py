"""Bookings that somebody of the office has to decide about."""
