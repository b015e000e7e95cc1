"""The operator's pages: running talks, cases, applications, the health of the house."""

from app.blueprints.admin import applications, cases, health
from app.blueprints.admin.talks import bp

__all__ = ["applications", "bp", "cases", "health"]
