"""The pages around it, the texts that the law asks for, and what search engines read."""

from app.blueprints.site import crawlers, legal
from app.blueprints.site.pages import bp

__all__ = ["bp", "crawlers", "legal"]
