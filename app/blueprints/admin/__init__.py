"""The operator's pages: talks, cases, casts and their ranks, prices, notices, the health of the house."""

from app.blueprints.admin import cases, casts, health, notices, prices
from app.blueprints.admin.talks import bp

__all__ = ["bp", "cases", "casts", "health", "notices", "prices"]
