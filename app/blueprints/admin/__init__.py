"""The operator's pages: running talks, one talk with all its records, and the health of the house."""

from app.blueprints.admin import health
from app.blueprints.admin.talks import bp

__all__ = ["bp", "health"]
