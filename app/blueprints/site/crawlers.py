"""What search engines read: what they may look at, and which pages there are."""

from datetime import date, timedelta

from flask import Response, current_app, render_template, url_for

from app import clock
from app.blueprints.site.pages import bp
from app.casts import search
from app.texts import editions, publishing
from app.texts.models import OF_SELLER

KEPT = timedelta(hours=1)
# Pages that everybody may read, in the order of the site; each by its endpoint.
PUBLIC = (
    "home.show",
    "casts.index",
    "site.guide",
    "site.faq",
    "site.call_system",
    "site.environment",
    "site.jobs",
    "site.about_casting",
    "site.cast_guide",
    "site.cast_faq",
    "inquiries.ask",
    "applying.start",
    "signing_in.register",
    "home.terms",
    "home.privacy",
    "site.commerce",
    "site.prepaid",
    "site.external",
)


@bp.get("/robots.txt")
def robots() -> Response:
    return _kept(render_template("site/robots.txt", sitemap=_whole("site.sitemap")), "text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """The public pages and the casts of the list, each with the day it last changed, where known."""
    changed = _changes()
    pages = [(_whole(endpoint), changed.get(endpoint)) for endpoint in PUBLIC]
    casts = [
        (_whole("casts.show", public_id=public_id), active_at.astimezone(clock.JAPAN).date())
        for public_id, active_at in search.listed()
    ]
    return _kept(render_template("site/sitemap.xml", pages=pages + casts), "application/xml")


def _changes() -> dict[str, date]:
    now = clock.now()
    changed = {
        f"home.{kind}": editions.holding(known, now=now).holds_from.astimezone(clock.JAPAN).date()
        for kind, known in editions.editions().items()
    }
    for kind in OF_SELLER:
        if text := publishing.find(kind, now=now):
            changed[f"site.{kind}"] = text.holds_from.astimezone(clock.JAPAN).date()
    return changed


def _whole(endpoint: str, **values: str) -> str:
    """An address by BASE_URL, never by what a request says its host is."""
    return str(current_app.config["SETTINGS"].base_url) + url_for(endpoint, **values)


def _kept(body: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.cache_control.public = True
    response.cache_control.max_age = int(KEPT.total_seconds())
    return response
