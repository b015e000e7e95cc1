"""The front page, the language, and the terms."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app import clock
from app.blueprints import documents
from app.blueprints.casts import category_names
from app.blueprints.shelf import kept_a_moment
from app.blueprints.signing_in import HOMES
from app.blueprints.site.pages import free_time
from app.casts import ranks, search
from app.guards import find_me, page_before
from app.purchases import packs
from app.texts.models import TextKind
from app.web import Answer

bp = Blueprint("home", __name__)

LOCALES = ("ja", "en")
SHOWN_CASTS = 4
A_YEAR_SECONDS = 365 * 24 * 3600


@bp.get("/")
def show() -> Answer:
    """What this is, for a stranger; whoever is signed in goes on to work or to talk."""
    if account := find_me():
        return redirect(url_for(HOMES[account.role]), code=303)
    return front()


@kept_a_moment
def front() -> str:
    today = clock.now().astimezone(clock.JAPAN).date()
    return render_template(
        "home/show.html",
        casts=search.find(search.Search(ready=True)).casts[:SHOWN_CASTS],
        category_names=category_names(),
        online=search.count_online(),
        prices=ranks.prices_now(today=today),
        packs=[(points, packs.price_yen(points)) for points in packs.PACKS],
        free_time=free_time(),
    )


@bp.route("/language/<locale>", methods=["GET", "POST"])
def language(locale: str) -> Answer:
    """Switch this browser's language; a POST also that of the mails to whoever is signed in."""
    if locale not in LOCALES:
        abort(404)
    if request.method == "POST" and (account := find_me()):
        account.locale = locale
    response = redirect(page_before() or url_for(".show"), code=303)
    response.set_cookie(
        "locale", locale, max_age=A_YEAR_SECONDS, samesite="Lax", secure=request.is_secure
    )
    return response


@bp.get("/terms")
def terms() -> Answer:
    return documents.holding(TextKind.TERMS)


@bp.get("/privacy")
def privacy() -> Answer:
    return documents.holding(TextKind.PRIVACY)


@bp.get("/cast/terms")
def cast_terms() -> Answer:
    return documents.holding(TextKind.CAST_TERMS)
