"""Who pays: the operator's settings of our account, of the banks' file, and of who bears the fee (D25)."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app import clock
from app.blueprints.admin.talks import bp
from app.blueprints.fields import Digits, Line
from app.casts import banks
from app.errors import Problem, Refused
from app.guards import me, operators_only
from app.payouts import remitters
from app.payouts.models import Remitter
from app.payouts.remitters import Settings
from app.web import Answer, form_again, go, undone, wants_fragment

PAGE, FRAGMENT = "admin/transfer_settings.html", "admin/_transfer_settings_form.html"
KINDS = {"1": _("Ordinary (普通)"), "2": _("Current (当座)"), "9": _("Another (その他)")}
DESIGNATIONS = {
    "7": _("7: by wire (電信)"),
    "0": _("0: the bank does not use it"),
    " ": _("A space: the bank wants it empty"),
}
BEARERS = {
    "cast": _("The cast: it is deducted from the payout"),
    "house": _("We do: casts get the whole amount (recommended)"),
}
LINE_ENDS = {"crlf": _("CR LF after each record"), "none": _("no line ends")}
END_MARKS = {"none": _("no mark at the end"), "1a": _("a byte 1A at the end")}
CHOOSE = InputRequired(_("Please choose one of these."))


def _choices(words: dict[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value, said) for value, said in words.items()]


class SettingsForm(FlaskForm):  # type: ignore[misc]
    code = Digits(
        _("Remitter code (振込依頼人コード)"),
        description=_(
            "Ten digits, as your bank has issued it. Shorter ones get zeros before them."
        ),
        validators=[InputRequired(_("Please give the code that your bank has issued."))],
    )
    name = Line(
        _("Our name, in katakana"),
        description=_(
            "As the bank has it, for example カ）サシトーク. At most 40 signs; ゛ and ゜ count."
        ),
        validators=[InputRequired(_("Please give the name in katakana, as the bank has it."))],
    )
    bank_code = Digits(
        _("Code of our bank"), validators=[InputRequired(_("Please give the four digits."))]
    )
    branch_code = Digits(
        _("Code of our branch"), validators=[InputRequired(_("Please give the three digits."))]
    )
    account_kind = RadioField(_("Kind of account"), choices=_choices(KINDS), validators=[CHOOSE])
    account_number = Digits(
        _("Account number"),
        validators=[InputRequired(_("Please give the account number."))],
        description=_("Up to seven digits; shorter ones are filled with zeros at the left."),
    )
    bearer = RadioField(
        _("Who bears the transfer fee"), choices=_choices(BEARERS), validators=[CHOOSE]
    )
    designation = RadioField(
        _("Way of the transfer (振込指定区分)"),
        choices=_choices(DESIGNATIONS),
        validators=[CHOOSE],
    )
    line_ends = RadioField(_("Line ends"), choices=_choices(LINE_ENDS), validators=[CHOOSE])
    end_mark = RadioField(_("Mark at the end"), choices=_choices(END_MARKS), validators=[CHOOSE])
    seen = HiddenField(validators=[Length(max=20)])  # the version that is shown

    @property
    def settings(self) -> Settings:
        return Settings(
            code=self.code.data,
            name=self.name.data,
            bank_code=self.bank_code.data,
            branch_code=self.branch_code.data,
            account_kind=self.account_kind.data,
            account_number=self.account_number.data,
            cast_bears_fee=self.bearer.data == "cast",
            designation=self.designation.data,
            line_ends=self.line_ends.data == "crlf",
            end_mark=self.end_mark.data == "1a",
        )


@bp.get("/transfer-settings")
@operators_only
def transfer_settings() -> Answer:
    return render_template(PAGE, form=_filled(remitters.current()), problems=[], **_shown())


@bp.post("/transfer-settings")
@operators_only
def write_transfer_settings() -> Answer:
    """Pay with these from the next batch on; with the button beside it, only show them as the bank reads."""
    form = SettingsForm()
    if not form.validate():
        return _again(form)
    if "look" in request.form:
        return _looked(form)
    try:
        remitters.write(form.settings, by=me().id, now=clock.now(), seen=form.seen.data)
    except Refused as refusal:
        problems = undone(refusal)
        form.seen.data = remitters.version()  # whoever was told may replace it
        return _again(form, problems)
    flash(gettext("Saved. Batches that are made from now on use these settings."))
    return go(url_for(".transfer_settings"))


def _looked(form: SettingsForm) -> Answer:
    if problems := remitters.why_not_write(form.settings):
        return _again(form, problems)
    shown = _shown() | {"looked": remitters.draft(form.settings)}
    template = FRAGMENT if wants_fragment() else PAGE
    return render_template(template, form=form, problems=[], **shown)


def _filled(held: Remitter | None) -> SettingsForm:
    """The form with what counts now; at first with what most banks want, and the cast guide says."""
    if held is None:
        usual = {"account_kind": "1", "designation": "7", "line_ends": "crlf", "end_mark": "none"}
        return SettingsForm(formdata=None, bearer="cast", seen="", **usual)
    return SettingsForm(
        formdata=None,
        seen=remitters.version(),
        code=held.code,
        name=held.name,
        bank_code=held.bank_code,
        branch_code=held.branch_code,
        account_kind=held.account_kind,
        account_number=held.account_number,
        bearer="cast" if held.cast_bears_fee else "house",
        designation=held.designation,
        line_ends="crlf" if held.line_ends else "none",
        end_mark="1a" if held.end_mark else "none",
    )


def _again(form: SettingsForm, problems: Sequence[Problem] = ()) -> Answer:
    return form_again(FRAGMENT, page=PAGE, form=form, problems=problems, **_shown())


def _shown() -> dict[str, object]:
    return {
        "history": remitters.history(),
        "looked": None,
        "branch_of": lambda row: banks.find_branch(row.bank_code, row.branch_code),
        "kinds": KINDS,
        "designations": DESIGNATIONS,
    }
