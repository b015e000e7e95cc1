"""Payouts: what waits to be paid, the batches, and the search that the law on electronic books asks for."""

from datetime import date
from itertools import groupby

from flask import flash, render_template, request, url_for
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app import clock
from app.blueprints.admin.decision_forms import Amount
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, Line, of_this_century
from app.db import unguessable
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.payouts import batch_lists, batches, planning, remitters
from app.payouts.left_out import LeftOutReason
from app.payouts.models import BatchState, Claim, PayoutState
from app.web import Answer, form_again, go, undone

PAGE = "admin/payouts.html"
MOST_YEN = 9_999_999_999  # of one transfer in the banks' file
BATCH_STATES = {
    BatchState.MADE: _("Waits for approval"),
    BatchState.APPROVED: _("Approved"),
    BatchState.ACCEPTED: _("Accepted by the bank"),
    BatchState.PAID: _("Paid"),
    BatchState.WITHDRAWN: _("Withdrawn"),
}
PAYOUT_STATES = {
    PayoutState.WAITING: _("On its way"),
    PayoutState.PAID: _("Paid"),
    PayoutState.RETURNED: _("Came back"),
    PayoutState.WITHDRAWN: _("Taken out"),
}
LOOKS = {  # of both, by value
    "made": "soon",
    "approved": "soon",
    "accepted": "changed",
    "waiting": "soon",
    "paid": "live",
    "withdrawn": "off",
    "returned": "wrong",
}
WHY_LEFT_OUT = {
    LeftOutReason.NO_ACCOUNT: _("No bank account is registered."),
    LeftOutReason.CAME_BACK: _("Money came back from this account; nobody has mended it yet."),
    LeftOutReason.CORRECTION: _("A correction of the account is asked for."),
    LeftOutReason.OTHER_HOLDER: _("The holder has another name; the office has not decided yet."),
    LeftOutReason.SHARED: _("Another cast has this account; the office has not decided yet."),
    LeftOutReason.NO_BRANCH: _("The bank or the branch exists no more."),
    LeftOutReason.UNWRITABLE: _("Banks cannot write the holder's name."),
}
NEW_CODES = {
    planning.FIRST: _("1: first transfer"),
    planning.CHANGED: _("2: changed account"),
    planning.AS_BEFORE: _("0: as before"),
}
HISTORY = {
    "payout_batch.made": _("Batch made"),
    "payout_batch.taken_out": _("A payout taken out"),
    "payout_batch.approved": _("Batch approved, file written"),
    "payout_batch.downloaded": _("File downloaded"),
    "payout_batch.accepted": _("Accepted by the bank"),
    "payout_batch.paid": _("Paid by the bank"),
    "payout_batch.withdrawn": _("Batch withdrawn"),
    "payout.returned": _("Came back from the bank"),
}


class BatchForm(FlaskForm):  # type: ignore[misc]
    pay_on = Day(
        _("Pay day"),
        description=_("Every claim that is due until this day is paid with it."),
        validators=[InputRequired(_("Please give a day.")), of_this_century],
    )
    key = HiddenField(validators=[Length(max=60)])


class SearchForm(FlaskForm):  # type: ignore[misc]
    """Read from the address; all of it is optional."""

    since = Day(_("Pay day from"), validators=[Optional(), of_this_century])
    until = Day(_("until"), validators=[Optional(), of_this_century])
    name = Line(_("Cast, or real name"), validators=[Length(max=60)])
    yen_from = Amount(_("Sent, from"), validators=[Optional(), NumberRange(0, MOST_YEN)])
    yen_to = Amount(_("until"), validators=[Optional(), NumberRange(0, MOST_YEN)])


@bp.context_processor
def _open_batches() -> dict[str, object]:
    """For the side list of every operator's page; asked for only there."""
    return {"count_open_batches": batch_lists.count_open}


@bp.get("/payouts")
@operators_only
def payout_list() -> Answer:
    """What waits, and the batches; with a search in the address the payouts that fit."""
    form = BatchForm(formdata=None, key=unguessable())
    return render_template(PAGE, form=form, problems=[], **_facts(fill=form))


@bp.post("/payouts")
@operators_only
def make_batch() -> Answer:
    """Bring what waits into a batch. A second press leads to the same one."""
    form = BatchForm()
    if not form.validate():
        return _again(form)
    try:
        batch = batches.make(
            form.pay_on.data, by=me().id, now=clock.now(), form_key=form.key.data or None
        )
    except Refused as refusal:
        return _again(form, *undone(refusal))
    flash(gettext("The batch is made. Another person approves it."))
    return go(url_for(".show_batch", public_id=batch.public_id))


def long_date(day: date) -> str:
    return str(format_date(day, "long"))


WORDS: dict[str, object] = {
    "batch_states": BATCH_STATES,
    "payout_states": PAYOUT_STATES,
    "looks": LOOKS,
    "why_left_out": WHY_LEFT_OUT,
    "new_codes": NEW_CODES,
    "did": HISTORY,
    "on_day": long_date,
}


def _again(form: BatchForm, *problems: Problem) -> Answer:
    return form_again(PAGE, page=PAGE, problems=problems, form=form, **_facts())


def _facts(*, fill: BatchForm | None = None) -> dict[str, object]:
    waiting = planning.waiting()
    day = planning.proposed_day(waiting, today=clock.now().astimezone(clock.JAPAN).date())
    if fill is not None:
        fill.pay_on.data = day
    due = [each for each in waiting if day and each.pay_on <= day]
    planned = planning.plan(due, pay_on=day, remitter=remitters.current()) if day else []
    search = SearchForm(formdata=request.args, meta={"csrf": False})
    return {
        "days": _by_day(waiting),
        "day": day,
        "payable": [each for each in planned if each.amounts and not each.reason],
        "left_out": [each for each in planned if each.reason],
        "has_remitter": remitters.current() is not None,
        "search": search,
        "found": _found(search),
        "most": batch_lists.MOST,
        "lately": batch_lists.lately(),
        **WORDS,
    }


def _by_day(claims: list[Claim]) -> list[tuple[date, int, int, int]]:
    """Each promised day with its claims, casts and yen."""
    by_day = groupby(sorted(claims, key=lambda each: each.pay_on), key=lambda each: each.pay_on)
    found = [(day, list(own)) for day, own in by_day]
    return [
        (day, len(own), len({each.cast_id for each in own}), sum(each.yen for each in own))
        for day, own in found
    ]


def _found(form: SearchForm) -> list[batch_lists.Line] | None:
    """The payouts that fit; None where nothing is searched for, or not in a way that can be read."""
    if not form.validate():
        return None
    wanted = batch_lists.Search(
        since=form.since.data,
        until=form.until.data,
        name=(form.name.data or "").strip(),
        yen_from=form.yen_from.data,
        yen_to=form.yen_to.data,
    )
    return None if wanted.is_empty else batch_lists.search(wanted)
