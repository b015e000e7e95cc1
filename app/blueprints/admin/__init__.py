"""The operator's pages: running talks, one talk with all its records, cases, texts, the health of the house."""

from app.blueprints.admin import cases, health, texts
from app.blueprints.admin.talks import bp

__all__ = ["bp", "cases", "health", "texts"]
