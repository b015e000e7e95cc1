"""The operator's pages: each file a place of the side list, all on one blueprint."""

from app.blueprints.admin import (
    accounts,
    applications,
    books,
    books_entries,
    cases,
    casts,
    health,
    inquiries,
    moderation,
    notices,
    parting,
    prices,
    texts,
)
from app.blueprints.admin.talks import bp

__all__ = [
    "accounts",
    "applications",
    "books",
    "books_entries",
    "bp",
    "cases",
    "casts",
    "health",
    "inquiries",
    "moderation",
    "notices",
    "parting",
    "prices",
    "texts",
]
