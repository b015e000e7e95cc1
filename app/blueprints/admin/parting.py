"""The operator closes the account of a cast who leaves: what it does, and the press that does it."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from app import clock, leaving, letters
from app.blueprints.admin.talks import bp
from app.blueprints.known_people import name_of
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.people import accounts
from app.people.models import Account, Role
from app.web import Answer, undone


@bp.get("/people/<public_id>/leaving")
@operators_only
def parting(public_id: str) -> Answer:
    """What is deleted and what stays, before it is done."""
    account = _cast(public_id)
    return _page(account, leaving.why_not_part(account.id))


@bp.post("/people/<public_id>/leaving")
@operators_only
def part(public_id: str) -> Answer:
    """Close the account; pressed twice it closes once."""
    account, now = _cast(public_id), clock.now()
    if account.closed_at:
        return redirect(url_for(".person", public_id=public_id))
    letters.left_cast(account, now=now)
    try:
        leaving.part(account.id, by=me().id, now=now)
    except Refused as refusal:
        problems = undone(refusal)
        return _page(_cast(public_id), problems), 422
    flash(gettext("The account is closed. The last mail is on its way."))
    return redirect(url_for(".person", public_id=public_id))


def _page(account: Account, problems: list[Problem]) -> str:
    return render_template(
        "admin/parting.html",
        account=account,
        person_name=name_of(account),
        problems=problems,
    )


def _cast(public_id: str) -> Account:
    account = accounts.find(public_id)
    return account if account and account.role is Role.CAST else abort(404)
