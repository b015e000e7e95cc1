"""For laptops only: every mail, every style, and signing in as anybody. Production has none of it."""

import re
from collections.abc import Iterator

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select

from app import clock
from app.blueprints import specimens
from app.db import session
from app.guards import let_in
from app.mail import Mail
from app.people.models import Account, Role
from app.web import Answer

bp = Blueprint("dev", __name__, url_prefix="/dev")

SHOWN = 100
URL = re.compile(r"https?://[^\s<>\"「」]+")
HOMES = {Role.GUEST: "casts.index", Role.CAST: "cast_room.show", Role.OPERATOR: "admin.show"}


@bp.get("")
def show() -> Answer:
    """Who can be signed in as, and where the mails are."""
    people = {role: _people(role) for role in Role}
    return render_template("dev/show.html", people=people)


@bp.post("/as/<role>")
def sign_in(role: str) -> Answer:
    """Become the person named in `who`, or the first one of a role."""
    if role not in set(Role):
        abort(404)
    wanted = Role(role)
    person = next(_people(wanted, public_id=request.form.get("who")), None) or abort(404)
    let_in(person)
    return redirect(url_for(HOMES[wanted]), code=303)


@bp.get("/mailbox")
def mailbox() -> Answer:
    kept = select(Mail).where(Mail.erased_at.is_(None))
    mails = session.scalars(kept.order_by(Mail.id.desc()).limit(SHOWN)).all()
    return render_template("dev/mailbox.html", mails=[(mail, _pieces(mail.body)) for mail in mails])


@bp.get("/style")
def style() -> Answer:
    return render_template("dev/style.html", **specimens.make(clock.now()))


def _people(role: Role, *, public_id: str | None = None) -> Iterator[Account]:
    wanted = select(Account).where(Account.role == role, Account.closed_at.is_(None))
    if public_id:
        wanted = wanted.where(Account.public_id == public_id)
    return iter(session.scalars(wanted.order_by(Account.id).limit(SHOWN)).all())


def _pieces(body: str) -> list[tuple[str, bool]]:
    """A mail's text in pieces, each with whether it is a link."""
    pieces, end = [], 0
    for found in URL.finditer(body):
        pieces += [(body[end : found.start()], False), (found[0], True)]
        end = found.end()
    return [*pieces, (body[end:], False)]
