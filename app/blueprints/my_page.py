"""The guest's own page (マイページ): what they hold, what is ahead, whom they like, and the settings."""

from datetime import timedelta

from flask import Blueprint, render_template

from app import clock
from app.bookings import diary
from app.casts import favourites
from app.guards import guests_only, me
from app.notices import office_notices
from app.points import lots
from app.talks import history
from app.web import Answer

bp = Blueprint("my_page", __name__)

A_MOMENT = timedelta(seconds=1)  # the last usable second stands on the page
SHOWN = 3  # reservations, talks, and favourites; each has a page with all of them


@bp.get("/me")
@guests_only
def show() -> Answer:
    guest, now = me(), clock.now()
    purse = lots.purse_of(guest.id, now=now)
    return render_template(
        "my_page/show.html",
        held=office_notices.holding(guest, now=now),
        purse=purse,
        last_moment=purse.next_expiry_at - A_MOMENT if purse.next_expiry_at else None,
        wallet_points=purse.points,
        ahead=diary.ahead(guest, now=now)[:SHOWN],
        talks=history.page(guest)[:SHOWN],
        favourites=favourites.of(guest.id, limit=SHOWN),
    )
