"""The office's notices for guests and casts: reading them, and saying so (C25)."""

from flask import Blueprint, abort, render_template, url_for

from app import clock
from app.blueprints.own_bookings import own_account
from app.notices import office_notices
from app.people.models import Account, Role
from app.talks import calling
from app.web import Answer, answer

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
def index() -> Answer:
    """All notices that hold now for this person."""
    return render_template("notices/index.html", **_shown(own_account()))


@bp.post("/<public_id>/reading")
def confirm(public_id: str) -> Answer:
    """This person has read it. Pressing twice says it once."""
    person, now = own_account(), clock.now()
    notice = office_notices.find_held(public_id, of=person, now=now) or abort(404)
    office_notices.confirm(notice, by=person, now=now)
    return answer("notices/_list.html", otherwise=url_for(".index"), **_shown(person))


def _shown(person: Account) -> dict[str, object]:
    now, is_cast = clock.now(), person.role is Role.CAST
    return {
        "party": person.role.value,
        "call": calling.call_of(person.id, now=now) if is_cast else None,
        "held": office_notices.holding(person, now=now),
    }
