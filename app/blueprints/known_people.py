"""The person whom an address names, for a guest or a cast who may know of them.

Guests name a cast by the cast's own address; a cast names a guest by a talk or a reservation that
the two have had, so that no page carries a guest's own id.
"""

from collections.abc import Iterable

from flask import abort
from sqlalchemy import select

from app.bookings import diary
from app.casts import profiles
from app.casts.models import Cast
from app.db import session
from app.people import blocks
from app.people.models import Account, Role
from app.talks import history


def known_person(named: str, *, to: Account) -> Account:
    """A cast whom this guest sees or has met, or the guest of a cast's talk or booking; else 404."""
    if to.role is Role.CAST:
        met = history.find(named, of=to) or diary.find(named, of=to)
        return met.guest if met else abort(404)
    cast = profiles.find(named) if to.role is Role.GUEST else None
    if cast is None or not _knows(to, cast):
        abort(404)
    return session.get_one(Account, cast.account_id)


def _knows(guest: Account, cast: Cast) -> bool:
    return (
        profiles.find_for(cast.public_id, guest) is not None
        or blocks.has_blocked(guest.id, cast.account_id)
        or history.have_met(guest.id, cast.account_id)
    )


def name_of(person: Account) -> str:
    """What the other of the two calls this person."""
    cast = session.get(Cast, person.id) if person.role is Role.CAST else None
    return cast.name if cast else person.nickname


def names_of(people: Iterable[Account]) -> dict[int, str]:
    """The same of several, by their ids: one question for a whole page."""
    names = {person.id: person.nickname for person in people}
    wanted = select(Cast.account_id, Cast.name).where(Cast.account_id.in_(names))
    return names | {row.account_id: row.name for row in session.execute(wanted)}
