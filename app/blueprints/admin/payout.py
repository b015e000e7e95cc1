"""One payout: its claims and talks, what became of it, taking it out, and giving it back."""

from flask import abort, flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import clock
from app.blueprints.admin.payouts import WORDS
from app.blueprints.admin.talks import bp
from app.blueprints.cast_room.account import KINDS
from app.blueprints.fields import Day, of_this_century
from app.casts import bank_accounts
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.payouts import batch_lists, batches, returning
from app.payouts.models import BatchState, Payout, PayoutState, ReturnReason
from app.web import Answer, form_again, go, undone

PAGE = "admin/payout.html"
RETURN_REASONS = {
    ReturnReason.NO_ACCOUNT: _("No such account (口座なし)"),
    ReturnReason.OTHER_NAME: _("Another name (名義相違)"),
    ReturnReason.CLOSED: _("Account closed (口座解約)"),
    ReturnReason.OTHER: _("Another reason"),
}


class ReturnForm(FlaskForm):  # type: ignore[misc]
    reason = RadioField(
        _("What the bank says"),
        choices=[SelectChoice(reason.value, words) for reason, words in RETURN_REASONS.items()],
        validators=[InputRequired(_("Please choose what the bank says."))],
    )
    returned_on = Day(
        _("Day on which the money came back"),
        validators=[InputRequired(_("Please give a day.")), of_this_century],
    )


@bp.get("/payouts/<public_id>")
@operators_only
def show_payout(public_id: str) -> Answer:
    form = ReturnForm(formdata=None)
    return render_template(PAGE, form=form, problems=[], **_facts(_payout(public_id)))


@bp.post("/payouts/<public_id>/removal")
@operators_only
def take_out_payout(public_id: str) -> Answer:
    payout = _payout(public_id)
    batch_id = payout.batch.public_id
    try:
        batches.take_out(payout.id, by=me().id, now=clock.now())
    except Refused as refusal:
        return _again(public_id, *undone(refusal))
    flash(gettext("Taken out. The claims wait for the next batch."))
    return go(url_for(".show_batch", public_id=batch_id))


@bp.post("/payouts/<public_id>/return")
@operators_only
def return_payout(public_id: str) -> Answer:
    """The bank sent the money back; the cast is asked to look at the account."""
    payout, form = _payout(public_id), ReturnForm()
    if not form.validate():
        return _again(public_id, form=form)
    try:
        returning.give_back(
            payout.id,
            reason=ReturnReason(form.reason.data),
            returned_on=form.returned_on.data,
            by=me().id,
            now=clock.now(),
        )
    except Refused as refusal:
        return _again(public_id, *undone(refusal), form=form)
    flash(gettext("Written down. The cast is asked to look at the account."))
    return go(url_for(".show_payout", public_id=public_id))


def _payout(public_id: str) -> Payout:
    return batch_lists.find_payout(public_id) or abort(404)


def _again(public_id: str, *problems: Problem, form: ReturnForm | None = None) -> Answer:
    form = form or ReturnForm(formdata=None)
    return form_again(PAGE, page=PAGE, problems=problems, form=form, **_facts(_payout(public_id)))


def _facts(payout: Payout) -> dict[str, object]:
    can_return = payout.batch.state in {BatchState.ACCEPTED, BatchState.PAID}
    is_live = payout.state in {PayoutState.WAITING, PayoutState.PAID}
    return {
        "payout": payout,
        "batch": payout.batch,
        "claims": batch_lists.claims_of(payout),
        "others": batch_lists.other_tries(payout),
        "account": bank_accounts.find(payout.cast_id),
        "history": batch_lists.history_of(payout.batch, payout),
        "can_take_out": payout.batch.state is BatchState.MADE and is_live,
        "can_return": can_return and is_live,
        "return_reasons": RETURN_REASONS,
        "kinds": KINDS,
        **WORDS,
    }
