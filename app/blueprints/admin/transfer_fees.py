"""The operator's tariff of transfer fees: its rows, and what becomes of some amounts (D25)."""

from datetime import date

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock
from app.blueprints.admin.decision_forms import Amount
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Day, Digits, digits_of, of_this_century
from app.casts import banks
from app.errors import Refused
from app.guards import me, operators_only
from app.payouts import fee_rows, fees, remitters
from app.payouts.fee_rows import Fee
from app.web import Answer, form_again, go, undone

PAGE, FRAGMENT = "admin/transfer_fees.html", "admin/_transfer_fee_form.html"
ANY = "any"  # bank or branch, in the address of a row
WHOLE = InputRequired(_("Please give a whole number."))


class FeeForm(FlaskForm):  # type: ignore[misc]
    bank_code = Digits(
        _("Code of the bank"), description=_("Empty: any bank. Four digits: this bank only.")
    )
    branch_code = Digits(
        _("Code of the branch"), description=_("Empty: any branch. Three digits: this branch only.")
    )
    from_yen = Amount(
        _("From this amount on, in yen"),
        description=_("0 for any amount. Of the amount that is sent."),
        validators=[WHOLE],
    )
    fee_yen = Amount(_("Fee of one transfer, in yen, with tax"), validators=[WHOLE])
    holds_from = Day(
        _("Holds from"), validators=[InputRequired(_("Please give a day.")), of_this_century]
    )


@bp.get("/transfer-settings/fees")
@operators_only
def transfer_fees() -> Answer:
    form = FeeForm(formdata=None, from_yen=0, holds_from=_today())
    return render_template(PAGE, form=form, problems=[], **_shown())


@bp.post("/transfer-settings/fees")
@operators_only
def add_transfer_fee() -> Answer:
    form = FeeForm()
    if not form.validate():
        return form_again(FRAGMENT, page=PAGE, form=form, **_shown())
    fee = Fee(
        bank_code=form.bank_code.data,
        branch_code=form.branch_code.data,
        from_yen=form.from_yen.data,
        fee_yen=form.fee_yen.data,
        holds_from=form.holds_from.data,
    )
    try:
        fee_rows.add(fee, by=me().id, now=clock.now())
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(FRAGMENT, page=PAGE, form=form, problems=problems, **_shown())
    flash(gettext("The fee is added. The table beside it shows what becomes of some amounts."))
    return go(url_for(".transfer_fees"))


@bp.post("/transfer-settings/fees/<bank>/<branch>/<int:from_yen>/<day>/removal")
@operators_only
def remove_transfer_fee(bank: str, branch: str, from_yen: int, day: str) -> Answer:
    """Take back a row that has not begun."""
    row = fee_rows.find(_code(bank), _code(branch), from_yen, _day(day)) or abort(404)
    fee_rows.remove(row, by=me().id, now=clock.now())
    flash(gettext("The planned fee is removed."))
    return go(url_for(".transfer_fees"))


def _shown() -> dict[str, object]:
    """The tariff, and the examples for the branch that the address asks for."""
    asked = {name: digits_of(request.args.get(name, ""))[:4] for name in ("bank", "branch")}
    held = remitters.current()
    cast_bears_fee = held.cast_bears_fee if held else True
    return {
        "lines": fee_rows.lines(today=_today()),
        "asked": asked,
        "asked_bank": banks.find_bank(asked["bank"]),
        "examples": fees.examples(
            asked["bank"], asked["branch"], on=_today(), cast_bears_fee=cast_bears_fee
        ),
        "cast_bears_fee": cast_bears_fee,
        "begins": clock.start_of,
        "today": _today(),
        "any": ANY,
    }


def _today() -> date:
    return clock.now().astimezone(clock.JAPAN).date()


def _code(text: str) -> str:
    return "" if text == ANY else text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
