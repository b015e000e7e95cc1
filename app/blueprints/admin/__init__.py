"""The operator's pages: running talks, one talk with all its records, cases, bank accounts, the health of the house."""

from app.blueprints.admin import accounts, cases, health
from app.blueprints.admin.talks import bp

__all__ = ["accounts", "bp", "cases", "health"]
