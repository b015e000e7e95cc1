"""An invitation of the office to another rank, and the cast's answer (C16)."""

from flask import abort, flash, render_template, url_for
from flask_babel import gettext

from app import clock
from app.blueprints.cast_room.dashboard import bp
from app.casts import invitations, ranks
from app.casts.models import RankInvitation
from app.guards import casts_only, me
from app.talks import calling
from app.web import Answer, go


@bp.get("/invitations/<public_id>")
@casts_only
def show_invitation(public_id: str) -> Answer:
    """The rank of now and the one offered, with price and reward of both."""
    invitation, now = _own(public_id), clock.now()
    today = now.astimezone(clock.JAPAN).date()
    return render_template(
        "cast_room/invitation.html",
        call=calling.call_of(me().id, now=now),
        invitation=invitation,
        why_not=invitations.why_not_answer(invitation, today=today),
        before=ranks.price_of(invitation.rank_before, today=today),
        after=ranks.price_of(invitation.rank, today=max(today, invitation.holds_from)),
        begins_at=clock.start_of(invitation.holds_from),
    )


@bp.post("/invitations/<public_id>/acceptance")
@casts_only
def accept_invitation(public_id: str) -> Answer:
    invitations.answer(_own(public_id).id, accepts=True, by=me().id, now=clock.now())
    flash(gettext("Accepted. Thank you; the new rank holds from its day on."))
    return go(url_for(".show_invitation", public_id=public_id))


@bp.post("/invitations/<public_id>/declination")
@casts_only
def decline_invitation(public_id: str) -> Answer:
    invitations.answer(_own(public_id).id, accepts=False, by=me().id, now=clock.now())
    flash(gettext("Declined. Your rank stays as it is."))
    return go(url_for(".show_invitation", public_id=public_id))


def _own(public_id: str) -> RankInvitation:
    return invitations.find(public_id, cast_id=me().id) or abort(404)
