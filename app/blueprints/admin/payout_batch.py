"""One batch of payouts: what it pays, and its steps from the making to the bank's payment."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock, policy
from app.blueprints.admin.payouts import WORDS
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, of_this_century
from app.db import session
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.payouts import approving, batch_lists, batches
from app.payouts.models import BatchState, PayoutBatch
from app.people.models import Account
from app.web import Answer, form_again, go, undone

MOST_TOLD = 20  # of what stands in the way; of many payouts it is often the same
PAGE = "admin/payout_batch.html"


class PaymentForm(FlaskForm):  # type: ignore[misc]
    paid_on = Day(
        _("Paid by the bank on"),
        description=_("As the bank's own list of transfers says."),
        validators=[InputRequired(_("Please give a day.")), of_this_century],
    )


@bp.get("/payouts/batches/<public_id>")
@operators_only
def show_batch(public_id: str) -> Answer:
    batch = _batch(public_id)
    form = PaymentForm(formdata=None, paid_on=batch.pay_on)
    return render_template(PAGE, form=form, problems=[], **_facts(batch))


@bp.post("/payouts/batches/<public_id>/approval")
@operators_only
def approve_batch(public_id: str) -> Answer:
    """A second person has looked; the file is written, and the batch never changes again."""
    return _step(public_id, batches.approve, gettext("Approved. The file for the bank is ready."))


@bp.post("/payouts/batches/<public_id>/file")
@operators_only
def download_batch(public_id: str) -> Answer:
    """The stored bytes. A POST, since it writes down who has taken the account numbers with it."""
    batch, now = _batch(public_id), clock.now()
    try:
        file = batches.hand_out(batch.id, by=me().id, now=now)
    except Refused as refusal:
        return _again(public_id, *undone(refusal))
    response = Response(file, mimetype="text/plain", content_type="text/plain; charset=shift_jis")
    response.headers["Content-Disposition"] = f"attachment; filename={_file_name(batch)}"
    response.cache_control.no_store = True
    return response


@bp.post("/payouts/batches/<public_id>/acceptance")
@operators_only
def accept_batch(public_id: str) -> Answer:
    return _step(
        public_id, batches.accept, gettext("Written down: the bank has accepted the file.")
    )


@bp.post("/payouts/batches/<public_id>/payment")
@operators_only
def pay_batch(public_id: str) -> Answer:
    """The bank has paid; whoever got money hears of it (C57)."""
    form, batch = PaymentForm(), _batch(public_id)
    if not form.validate():
        return _again(public_id, form=form)
    try:
        batches.mark_paid(batch.id, paid_on=form.paid_on.data, by=me().id, now=clock.now())
    except Refused as refusal:
        return _again(public_id, *undone(refusal), form=form)
    flash(gettext("Written down as paid. The casts are told by mail."))
    return go(url_for(".show_batch", public_id=public_id))


@bp.post("/payouts/batches/<public_id>/withdrawal")
@operators_only
def withdraw_batch(public_id: str) -> Answer:
    said = gettext("The batch is withdrawn. Its claims wait for another one.")
    withdraw = partial(batches.withdraw, bank_lacks_file="bank_lacks_file" in request.form)
    return _step(public_id, withdraw, said)


def _step(public_id: str, verb: Callable[..., PayoutBatch], said: str) -> Answer:
    batch, now = _batch(public_id), clock.now()
    try:
        verb(batch.id, by=me().id, now=now)
    except Refused as refusal:
        return _again(public_id, *undone(refusal))
    flash(said)
    return go(url_for(".show_batch", public_id=public_id))


def _batch(public_id: str) -> PayoutBatch:
    return batch_lists.find_batch(public_id) or abort(404)


def _again(public_id: str, *problems: Problem, form: PaymentForm | None = None) -> Answer:
    batch = _batch(public_id)
    form = form or PaymentForm(formdata=None, paid_on=batch.pay_on)
    return form_again(PAGE, page=PAGE, problems=problems, form=form, **_facts(batch))


def _facts(batch: PayoutBatch) -> dict[str, object]:
    pages, now = batch_lists.pages_of(batch), clock.now()
    nth = min(max(request.args.get("page", 1, type=int), 1), pages)
    is_open = batch.state is BatchState.MADE
    stops = _why_not_go_on(batch, now=now)
    return {
        "batch": batch,
        "lines": batch_lists.lines_of(batch, page=nth),
        "nth": nth,
        "pages": pages,
        "left_out": batch_lists.left_out_of(batch),
        "totals": batch_lists.totals_of(batch),
        "most": batch_lists.MOST,
        "twins": approving.twins_in(batch)[:MOST_TOLD] if is_open else [],
        "is_late": is_open and approving.is_late(batch, now=now),
        "take_files_until": policy.BANKS_TAKE_FILES_UNTIL,
        "stops": stops[:MOST_TOLD],
        "more_stops": len(stops[MOST_TOLD:]),
        "is_own": batch.made_by == me().id,
        "maker": session.get_one(Account, batch.made_by).nickname,
        "history": batch_lists.history_of(batch),
        "file_name": _file_name(batch),
        "steps": _steps(batch),
        **WORDS,
    }


def _why_not_go_on(batch: PayoutBatch, *, now: datetime) -> list[Problem]:
    """What stands in the way of the next step, told before anybody presses."""
    if batch.state is BatchState.MADE:
        return approving.why_not_approve(batch, now=now)
    if batch.state is BatchState.APPROVED:
        return approving.why_accounts_stop(batch)
    return []


def _steps(batch: PayoutBatch) -> list[tuple[str, datetime | None]]:
    """The line of what is done, with when."""
    return [
        (gettext("Made"), batch.made_at),
        (gettext("Approved"), batch.approved_at),
        (gettext("File taken"), batch.downloaded_at),
        (gettext("Accepted by the bank"), batch.accepted_at),
        (gettext("Paid"), batch.paid_at),
    ]


def _file_name(batch: PayoutBatch) -> str:
    return f"furikomi-{batch.pay_on:%Y%m%d}.txt"
