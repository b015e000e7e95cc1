"""The operator's casts: the list, one cast with their figures, and invitations to a rank (C16, C17)."""

from datetime import timedelta

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length

from app import casting_letters, clock, policy
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, Lines, of_this_century
from app.casts import invitations, profiles, ranks
from app.casts.models import Cast, InvitationState, Rank, State
from app.db import session
from app.desk import castlist
from app.desk.figures import figures_of
from app.errors import Refused
from app.guards import me, operators_only
from app.payouts import condition_reading, registrations
from app.people.models import Account
from app.web import Answer, form_again, go, undone

PAGE, FRAGMENT = "admin/cast.html", "admin/_invitation.html"
WHICH = _("Please choose a rank.")
STATES = {
    State.ONLINE: _("Online"),
    State.IN_TALK: _("In a talk"),
    State.WRAP_UP: _("Takes a breath"),
    State.SOON_RESERVED: _("Booked soon"),
    State.OFFLINE: _("Offline"),
}
ANSWERS = {
    InvitationState.OPEN: _("waits for an answer"),
    InvitationState.ACCEPTED: _("accepted"),
    InvitationState.DECLINED: _("declined"),
    InvitationState.WITHDRAWN: _("withdrawn"),
    InvitationState.EXPIRED: _("not answered in time"),
}


class InvitationForm(FlaskForm):  # type: ignore[misc]
    rank = SelectField(
        _("Rank"),
        choices=[SelectChoice(rank.value, rank.value.upper()) for rank in Rank],
        validators=[InputRequired(WHICH), AnyOf(list(Rank), WHICH)],
        validate_choice=False,  # in words of its own, above
    )
    holds_from = Day(
        _("Holds from"),
        description=_("The cast can answer until the day before."),
        validators=[InputRequired(_("Please give a day.")), of_this_century],
    )
    words = Lines(
        _("To the cast"),
        description=_("Stands in the mail and on the dashboard of the cast."),
        validators=[
            InputRequired(_("Please write a few words to the cast.")),
            Length(
                max=policy.INVITATION_WORDS, message=_("Please use at most %(max)d characters.")
            ),
        ],
    )


@bp.get("/casts")
@operators_only
def casts() -> Answer:
    """The casts by name; rank, state, and words are asked for in the address."""
    search = _search()
    return render_template(
        "admin/casts.html",
        search=search,
        found=castlist.find(search, now=clock.now()),
        overdue=condition_reading.count_overdue(clock.now()),
        states=STATES,
        ranks=list(Rank),
        address=_address,
        days=policy.FIGURES_DAYS,
    )


@bp.get("/casts/<public_id>")
@operators_only
def cast(public_id: str) -> Answer:
    in_a_week = clock.now().astimezone(clock.JAPAN).date() + timedelta(days=7)
    form = InvitationForm(formdata=None, holds_from=in_a_week)
    return render_template(PAGE, form=form, problems=[], **_facts(public_id))


@bp.post("/casts/<public_id>/invitations")
@operators_only
def invite(public_id: str) -> Answer:
    """Invite a cast to a rank; they hear of it by mail."""
    form, now = InvitationForm(), clock.now()
    if not form.validate():
        return form_again(FRAGMENT, page=PAGE, form=form, **_facts(public_id))
    try:
        invitation = invitations.invite(
            _cast(public_id).account_id,
            rank=Rank(form.rank.data),
            holds_from=form.holds_from.data,
            words=form.words.data,
            by=me().id,
            now=now,
        )
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(FRAGMENT, page=PAGE, form=form, problems=problems, **_facts(public_id))
    casting_letters.rank_invitation(invitation, now=now)
    flash(gettext("The cast is invited, and hears of it by mail."))
    return go(url_for(".cast", public_id=public_id))


@bp.post("/casts/<public_id>/invitations/<invitation_id>/withdrawal")
@operators_only
def withdraw_invitation(public_id: str, invitation_id: str) -> Answer:
    cast, now = _cast(public_id), clock.now()
    found = invitations.find(invitation_id, cast_id=cast.account_id) or abort(404)
    withdrawn = invitations.withdraw(found.id, by=me().id, now=now)
    casting_letters.rank_invitation_withdrawn(withdrawn, now=now)
    flash(gettext("The invitation is withdrawn. The cast hears of it by mail."))
    return go(url_for(".cast", public_id=public_id))


def _facts(public_id: str) -> dict[str, object]:
    cast, now = _cast(public_id), clock.now()
    today = now.astimezone(clock.JAPAN).date()
    number = registrations.number_of(cast.account_id, on=today)
    return {
        "cast": cast,
        "account": session.get_one(Account, cast.account_id),
        "figures": figures_of([cast.account_id], now=now)[cast.account_id],
        "days": policy.FIGURES_DAYS,
        "ahead": invitations.ahead_of(cast.account_id),
        "history": invitations.history_of(cast.account_id),
        "prices": {rank: ranks.price_of(rank, today=today) for rank in Rank},
        "begins": clock.start_of,
        "states": STATES,
        "answers": ANSWERS,
        "tomorrow": today + policy.RANK_CHANGE_NOTICE,
        "number": number,
        "is_checked": not number or registrations.is_checked(number),
    }


def _cast(public_id: str) -> Cast:
    return profiles.find(public_id) or abort(404)


def _search() -> castlist.Search:
    """What the address asks for; what it asks in vain is left out."""
    rank, state = request.args.get("rank", ""), request.args.get("state", "")
    page = request.args.get("page", 1, type=int)
    return castlist.Search(
        words=request.args.get("q", "").strip()[:100],
        rank=Rank(rank) if rank in set(Rank) else None,
        state=State(state) if state in set(State) else None,
        invited="invited" in request.args,
        unconfirmed="unconfirmed" in request.args,
        page=min(max(page, 1), 1000),
    )


def _address(search: castlist.Search) -> str:
    named = {
        "q": search.words,
        "rank": search.rank,
        "state": search.state,
        "invited": 1 if search.invited else None,
        "unconfirmed": 1 if search.unconfirmed else None,
        "page": search.page if search.page > 1 else None,
    }
    return url_for(".casts", **{name: value for name, value in named.items() if value})
