"""Choosing a cast: the list, its filters, and a cast's own page."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import get_locale

from app import clock, policy
from app.blueprints.shelf import kept_a_moment
from app.bookings import offer, openings
from app.casts import favourites, gallery, profiles, ranks, search, standby
from app.guards import find_guest, find_me
from app.people import choices
from app.points.lots import purse_of
from app.talks import entering, rating

bp = Blueprint("casts", __name__)

MOST_FOLLOWED = 100  # casts whose state one page may follow
MOST_POINTS = 1_000_000  # a price filter above this is no filter


@bp.get("/casts")
@kept_a_moment
def index() -> str:
    """The list. Its address says everything that was asked for."""
    wanted = _search()
    page = search.find(wanted, after=request.args.get("after"), reader_id=reader_id())
    guest = find_guest()
    shown = [cast.account_id for cast in page.casts]
    return render_template(
        "casts/_page.html" if request.args.get("part") else "casts/index.html",
        search=wanted,
        page=page,
        favourites=favourites.among(guest.id, shown) if guest else None,
        more_url=_more_url(page.next_after),
        category_names=category_names(),
        prices=ranks.prices_now(today=clock.now().astimezone(clock.JAPAN).date()),
        online=search.count_online(),
    )


@bp.get("/casts/states")
def states() -> str:
    """The states of the casts on a page, which follows them without a reload."""
    asked = request.args.getlist("cast")[:MOST_FOLLOWED]
    return render_template(
        "casts/states.html", states=standby.states_of(asked, reader_id=reader_id())
    )


@bp.get("/casts/<public_id>")
def show(public_id: str) -> str:
    cast = profiles.find_for(public_id, find_me())
    if cast is None:
        abort(404)
    guest = find_guest()
    now = clock.now()
    points = purse_of(guest.id, now=now).points if guest else 0
    problems = entering.why_not_enter(guest, cast, points=points, now=now) if guest else []
    return render_template(
        "casts/show.html",
        cast=cast,
        words=profiles.words_of(cast),
        gallery=gallery.pictures_of(cast.account_id),
        category_names=category_names(),
        problems=problems,
        needed_points=entering.points_needed(cast),
        ratings=rating.latest_of(cast.account_id),
        shows_ratings=cast.rating_count >= policy.RATINGS_SHOWN_FROM,
        days=offer.offer_of(cast.account_id, now=now),
        is_guest=guest is not None,
        kept=favourites.find(guest.id, cast.account_id) if guest else None,
        mails_on=choices.wants(guest.id, choices.Topic.FAVOURITES) if guest else False,
        asked=openings.asked_by(guest.id, cast.account_id) if guest else set(),
    )


def reader_id() -> int | None:
    """Whose blocks hold on this page."""
    account = find_me()
    return account.id if account else None


def category_names() -> dict[str, str]:
    """Every category's name in the reader's language, in the operator's order."""
    english = str(get_locale()) == "en"
    return {each.slug: each.name_en if english else each.name_ja for each in search.categories()}


def _search() -> search.Search:
    """What the address asks for; what makes no sense there is as if it were not."""
    given, guest = request.args, find_guest()
    sort = given.get("sort", "ready")
    return search.Search(
        words=given.get("words", "").replace("\x00", "")[:100].strip(),
        category=given.get("category", "")[:40],
        most_points=given.get("most_points", type=_small_number),
        ready=given.get("ready") == "1",
        favourites_of=guest.id if guest and given.get("favourites") == "1" else None,
        sort=sort if sort in search.SORTS else "ready",
    )


def _small_number(text: str) -> int:
    number = int(text)
    if not 0 < number < MOST_POINTS:
        raise ValueError(text)
    return number


def _more_url(after: str | None) -> str | None:
    if after is None:
        return None
    given: dict[str, Any] = {k: v for k, v in request.args.items() if k not in {"after", "part"}}
    return url_for(".index", **given, after=after)
