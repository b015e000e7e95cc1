"""Becoming a cast: the application, its identity documents, the screening."""
