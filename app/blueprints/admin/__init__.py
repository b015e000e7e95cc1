"""The operator's pages: running talks, one talk with all its records, cases, the health of the house."""

from app.blueprints.admin import cases, health, inquiries, moderation
from app.blueprints.admin.talks import bp

__all__ = ["bp", "cases", "health", "inquiries", "moderation"]
