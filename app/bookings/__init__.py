"""Reservations: what casts publish, what guests book, and how each booking ends once."""
