"""The office's look at bank accounts: another holder's name, or one account of two casts."""

from flask import Response, abort, flash, make_response, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import DataRequired, Length

from app import casting_letters, clock
from app.blueprints.admin.talks import bp
from app.blueprints.cast_room.account import KINDS
from app.blueprints.fields import Lines
from app.casts import account_reviews, bank_accounts
from app.casts.account_reviews import Review
from app.casts.bank_models import BankAccount
from app.db import session
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.people.models import Account
from app.web import Answer, form_again, go, undone

PAGE = "admin/account.html"
REASONS = {
    "came_back": _("A payout came back from it"),
    "holder": _("Another name than the cast's"),
    "shared": _("Another cast has the same account"),
}


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    said = Lines(
        _("What the cast should correct"),
        description=_("The cast reads it on the account's page and by mail."),
        validators=[
            DataRequired(_("Please say in a sentence what should be corrected.")),
            Length(
                max=account_reviews.SAID_LENGTH, message=_("Please use at most %(max)d characters.")
            ),
        ],
    )


@bp.context_processor
def _waiting_accounts() -> dict[str, object]:
    """For the side list of every operator's page; asked for only there."""
    return {"count_waiting_accounts": account_reviews.count_waiting}


@bp.get("/accounts")
@operators_only
def account_queue() -> Answer:
    return render_template(
        "admin/accounts.html",
        waiting=account_reviews.queue(),
        decided=account_reviews.decided_lately(),
        reasons=REASONS,
    )


@bp.get("/accounts/<public_id>")
@operators_only
def show_account(public_id: str) -> Answer:
    review = _review(public_id)
    form = CorrectionForm(formdata=None)
    return render_template(PAGE, form=form, problems=[], number=None, **_facts(review))


@bp.post("/accounts/<public_id>/look")
@operators_only
def look_at_number(public_id: str) -> Response:
    """The whole number, once, and a line in the audit. It is kept by no browser."""
    review = _review(public_id)
    number = account_reviews.look(review.account, by=me().id, now=clock.now())
    form = CorrectionForm(formdata=None)
    shown = render_template(PAGE, form=form, problems=[], number=number, **_facts(review))
    response = make_response(shown)
    response.cache_control.no_store = True
    return response


@bp.post("/accounts/<public_id>/acceptance")
@operators_only
def accept_account(public_id: str) -> Answer:
    review = _review(public_id)
    try:
        account = account_reviews.accept(review.account.id, by=me().id, now=clock.now())
    except Refused as refusal:
        return _again(public_id, CorrectionForm(formdata=None), *undone(refusal))
    return _decided(account)


@bp.post("/accounts/<public_id>/correction")
@operators_only
def ask_for_correction(public_id: str) -> Answer:
    """Ask the cast for another account; a second press changes nothing."""
    review, form, now = _review(public_id), CorrectionForm(), clock.now()
    if not form.validate():
        return _again(public_id, form)
    try:
        account = account_reviews.ask_correction(
            review.account.id, said=form.said.data, by=me().id, now=now
        )
    except Refused as refusal:
        return _again(public_id, form, *undone(refusal))
    if account.verdict == "correction":
        cast = session.get_one(Account, account.account_id)
        casting_letters.bank_account_correction(cast, account, now=now)
    return _decided(account)


def _decided(account: BankAccount) -> Answer:
    if account.reviewed_by == me().id:
        flash(gettext("Decided."))
    else:
        flash(gettext("Somebody else has decided this meanwhile. It stands as they decided."))
    return go(url_for(".show_account", public_id=account.public_id))


def _review(public_id: str) -> Review:
    return account_reviews.find(public_id) or abort(404)


def _again(public_id: str, form: CorrectionForm, *problems: Problem) -> Answer:
    facts = {"number": None, **_facts(_review(public_id))}
    return form_again(PAGE, page=PAGE, problems=problems, form=form, **facts)


def _facts(review: Review) -> dict[str, object]:
    waiting = account_reviews.queue()
    return {
        "review": review,
        "account": review.account,
        "sharers": account_reviews.sharers(review.account),
        "past": bank_accounts.past(review.account.account_id),
        "waits": any(each.account.id == review.account.id for each in waiting),
        "next_review": next(
            (each for each in waiting if each.account.id != review.account.id), None
        ),
        "reasons": REASONS,
        "kinds": KINDS,
    }
