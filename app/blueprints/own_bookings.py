"""The booking that an address names, for doors that guest and cast share."""

from flask import abort, g, request, url_for

from app.bookings import diary
from app.bookings.models import Booking
from app.guards import find_me
from app.people.models import Account, Role
from app.web import go, wants_fragment


def own_account() -> Account:
    """The signed-in guest or cast. Others are sent to sign in; to operators the door is none."""
    account = find_me()
    if account is None:
        asked = request.method == "GET" and not wants_fragment()
        back = request.full_path.rstrip("?") if asked else None
        abort(go(url_for("signing_in.login", next=back)))
    if account.role is Role.OPERATOR:
        abort(404)
    g.account = account
    return account


def own_booking(public_id: str) -> Booking:
    """A booking of the signed-in guest or cast. To everyone else it does not exist."""
    return diary.find(public_id, of=own_account()) or abort(404)


def path_of(booking: Booking, *, viewer: Account) -> str:
    """The page of a booking, each of the two has their own."""
    page = "cast_room.booking" if viewer.role is Role.CAST else "bookings.show"
    return url_for(page, public_id=booking.public_id)
