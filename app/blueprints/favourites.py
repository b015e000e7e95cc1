"""The heart beside a cast, the list of a guest's favourites, and hearing when one stands by."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app import clock
from app.casts import favourites, profiles
from app.casts.models import Cast
from app.guards import guests_only, me, page_before
from app.people import choices
from app.web import Answer, wants_fragment

bp = Blueprint("favourites", __name__)

LOOKS = {"card": "favourites/_heart.html", "page": "favourites/_keep.html"}


@bp.get("/favourites")
@guests_only
def index() -> Answer:
    """All favourites with their state, and of whom the guest hears."""
    return render_template(
        "favourites/index.html", favourites=favourites.of(me().id), choices=choices.of(me().id)
    )


@bp.post("/casts/<public_id>/favourite")
@guests_only
def add(public_id: str) -> Answer:
    cast = _cast(public_id)
    favourites.add(me().id, cast.account_id, now=clock.now())
    return _heart(cast)


@bp.post("/casts/<public_id>/favourite/removal")
@guests_only
def remove(public_id: str) -> Answer:
    cast = _cast(public_id)
    favourites.remove(me().id, cast.account_id)
    return _heart(cast)


@bp.post("/casts/<public_id>/favourite/telling")
@guests_only
def tell(public_id: str) -> Answer:
    """Hear by mail when this favourite stands by, or hear it no more."""
    cast, wanted = _cast(public_id), request.form.get("wanted") == "1"
    favourites.tell(me().id, cast.account_id, wanted=wanted, now=clock.now())
    return _heart(cast)


def _heart(cast: Cast) -> Answer:
    """The heart as it is now, in the look of the page it was pressed on."""
    if not wants_fragment():
        back = page_before() or url_for("casts.show", public_id=cast.public_id)
        return redirect(back, code=303)
    look = LOOKS.get(request.form.get("look", ""), LOOKS["page"])
    kept = favourites.find(me().id, cast.account_id)
    mails_on = choices.wants(me().id, choices.Topic.FAVOURITES)
    return render_template(look, cast=cast, kept=kept, mails_on=mails_on)


def _cast(public_id: str) -> Cast:
    """One whom the guest can see, so that no heart tells of a block."""
    return profiles.find_for(public_id, me()) or abort(404)
