"""The link at the end of a mail that stops such mails in one press, signed in or not (RFC 8058)."""

from flask import Blueprint, current_app, render_template

from app import clock
from app.casts import favourites
from app.casts.models import Cast
from app.people.models import Account
from app.web import Answer

bp = Blueprint("stopping", __name__)


@bp.get("/favourites/stop/<token>")
def show(token: str) -> Answer:
    """A page with the button: mail scanners open links, and a GET never writes."""
    if (found := _found(token)) is None:
        return render_template("signing_in/link_over.html"), 410
    return _page(token, cast=found[1], stopped=False)


@bp.post("/favourites/stop/<token>")
def stop(token: str) -> Answer:
    """No more of these mails. Mail programs press this by themselves, so there is no form's token."""
    if (found := _found(token)) is None:
        return render_template("signing_in/link_over.html"), 410
    guest, cast = found
    favourites.tell(guest.id, cast.account_id, wanted=False, now=clock.now())
    return _page(token, cast=cast, stopped=True)


def _page(token: str, *, cast: Cast, stopped: bool) -> str:
    return render_template("favourites/stop.html", token=token, cast=cast, stopped=stopped)


def _found(token: str) -> tuple[Account, Cast] | None:
    secret = current_app.config["SETTINGS"].secret_key
    return favourites.find_by_token(token, secret=secret)
