"""The bank account of a cast: finding bank and branch, 記号・番号 of ゆうちょ, changing it (C5, C27)."""

from collections.abc import Sequence

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import bank_kana, casting_letters, clock, policy
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.fields import Line, Secret, digits_of
from app.casts import bank_accounts, banks, yucho
from app.casts.bank_models import AccountKind
from app.casts.banks import Branch
from app.errors import N_, Problem
from app.guards import casts_only, limiter, me
from app.people import passwords
from app.talks import calling
from app.web import Answer, form_again, go

FORM = "cast_room/account_form.html"
FIND_BRANCH = "cast_room/find_branch.html"
WORDS_LENGTH = 40  # of a search
KINDS = {
    AccountKind.ORDINARY: _("Ordinary (普通)"),
    AccountKind.CURRENT: _("Current (当座)"),
    AccountKind.SAVINGS: _("Savings (貯蓄)"),
}


class AccountForm(FlaskForm):  # type: ignore[misc]
    bank = HiddenField()
    branch = HiddenField()
    kind = RadioField(
        _("Kind of account"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        default=AccountKind.ORDINARY.value,
        validators=[InputRequired(_("Please choose the kind of account."))],
    )
    number = Line(
        _("Account number"),
        validators=[InputRequired(_("Please give the account number."))],
        description=_("Up to seven digits; shorter ones are filled with zeros at the left."),
    )
    holder = Line(
        _("Account holder, in katakana"),
        validators=[InputRequired(_("Please give the name in katakana, as the bank has it."))],
        description=_("Your own account only. As it stands in the bankbook, with a space between the names."),
    )  # fmt: skip
    password = Secret(
        _("Your password"),
        validators=[InputRequired(_("Please give your password."))],
        description=_("So that nobody else can change where your rewards go."),
    )


class SymbolForm(FlaskForm):  # type: ignore[misc]
    """What stands on the first page of a bankbook of ゆうちょ銀行."""

    symbol = Line(
        _("記号"), validators=[InputRequired(_("Please give the five digits of the 記号."))]
    )
    number = Line(_("番号"), validators=[InputRequired(_("Please give the 番号."))])
    is_savings = BooleanField(_("It is a savings account (通常貯蓄貯金)"))


@bp.context_processor
def _what_is_missing() -> dict[str, object]:
    """What keeps a cast from working, for the pages that say so; asked for only there."""
    return {
        "whats_missing": lambda: bank_accounts.why_not_work(me().id),
        "money_came_back": _money_came_back,
    }


@bp.get("/account")
@casts_only
def account() -> Answer:
    return render_template(
        "cast_room/account.html",
        account=bank_accounts.find(me().id),
        past=bank_accounts.past(me().id),
        kinds=KINDS,
        call=_call(),
    )


@bp.get("/account/new")
@casts_only
def find_bank() -> Answer:
    words = _words()
    found = banks.search_banks(words)
    return render_template("cast_room/find_bank.html", words=words, found=found, call=_call())


@bp.get("/account/new/banks")
@casts_only
def suggest_banks() -> Answer:
    """The suggestions alone, while somebody types."""
    words = _words()
    return render_template("cast_room/_banks.html", words=words, found=banks.search_banks(words))


@bp.get("/account/new/<bank_code>")
@casts_only
def find_branch(bank_code: str) -> Answer:
    return render_template(FIND_BRANCH, form=SymbolForm(), problems=[], **_branches(bank_code))


@bp.get("/account/new/<bank_code>/branches")
@casts_only
def suggest_branches(bank_code: str) -> Answer:
    return render_template("cast_room/_branches.html", **_branches(bank_code))


@bp.post("/account/new/yucho")
@casts_only
def convert() -> Answer:
    """記号・番号 as other banks name the account, to be compared with the bankbook. Keeps nothing.

    A POST, so that no number of an account stands in an address.
    """
    form = SymbolForm()
    if not form.validate():
        return _symbol_again(form)
    symbol, number = digits_of(form.symbol.data), digits_of(form.number.data)
    if problems := yucho.why_not_convert(symbol, number):
        return _symbol_again(form, problems)
    converted = yucho.convert(symbol, number, is_savings=form.is_savings.data)
    branch = banks.find_branch(banks.YUCHO, converted.branch_code)
    if branch is None:
        return _symbol_again(form, [_NO_BRANCH])
    prepared = AccountForm(
        formdata=None,
        bank=branch.bank_code,
        branch=branch.code,
        kind=converted.kind.value,
        number=converted.number,
        holder=bank_accounts.legal_holder(me().id),
    )
    return render_template(FORM, form=prepared, problems=[], converted=converted, **_facts(branch))


@bp.get("/account/new/<bank_code>/<branch_code>")
@casts_only
def fill_account(bank_code: str, branch_code: str) -> Answer:
    branch = banks.find_branch(bank_code, branch_code) or abort(404)
    form = AccountForm(
        formdata=None,
        bank=branch.bank_code,
        branch=branch.code,
        holder=bank_accounts.legal_holder(me().id),
    )
    return render_template(FORM, form=form, problems=[], converted=None, **_facts(branch))


@bp.post("/account")
@casts_only
@limiter.limit(policy.LOGIN_TRIES, key_func=lambda: f"account:{me().id}")
def change_account() -> Answer:
    """Pay this account from now on; the cast hears of it by mail."""
    form, now = AccountForm(), clock.now()
    branch = banks.find_branch(form.bank.data or "", form.branch.data or "") or abort(404)
    if problems := _why_not(form, branch):
        facts = {"converted": None, **_facts(branch)}
        return form_again(FORM, page=FORM, problems=problems, form=form, **facts)
    before = bank_accounts.find(me().id)
    changed = bank_accounts.change(
        me().id,
        branch=branch,
        kind=AccountKind(form.kind.data),
        number=digits_of(form.number.data),
        holder=form.holder.data,
        by=me().id,
        now=now,
    )
    if before and before.id == changed.id:
        flash(gettext("This account is registered already. Nothing was changed."))
    else:
        casting_letters.bank_account_changed(me(), changed, now=now)
        flash(gettext("Your account was registered. We have mailed you about it."))
        if bank_kana.write(form.holder.data).has_o_for_wo:
            flash(gettext("Banks write オ for ヲ, so the holder's name is kept that way."))
    return go(url_for(".account"))


def _why_not(form: AccountForm, branch: Branch) -> list[Problem]:
    if not form.validate():
        return [_LOOK_AGAIN]
    problems = bank_accounts.why_not_change(
        branch=branch,
        kind=AccountKind(form.kind.data),
        number=digits_of(form.number.data),
        holder=form.holder.data,
    )
    if not passwords.matches(form.password.data, me().password_hash):
        problems.append(_WRONG_PASSWORD)
    return problems


_LOOK_AGAIN = Problem(code="look_again", text=N_("Please look at the marked fields once more."))
_WRONG_PASSWORD = Problem(
    code="wrong_password", about="password", text=N_("This is not your password.")
)
_NO_BRANCH = Problem(
    code="no_branch",
    about="symbol",
    text=N_("No branch of Japan Post Bank has this 記号. Please look at it once more."),
)


def _symbol_again(form: SymbolForm, problems: Sequence[Problem] = ()) -> Answer:
    facts = _branches(banks.YUCHO)
    return form_again(FIND_BRANCH, page=FIND_BRANCH, problems=problems, form=form, **facts)


def _branches(bank_code: str) -> dict[str, object]:
    bank = banks.find_bank(bank_code) or abort(404)
    words = _words()
    return {
        "bank": bank,
        "is_yucho": bank.code == banks.YUCHO,
        "words": words,
        "found": banks.search_branches(bank.code, words),
        "call": _call(),
    }


def _facts(branch: Branch) -> dict[str, object]:
    return {"branch": branch, "kinds": KINDS, "call": _call()}


def _words() -> str:
    return request.args.get("words", "")[:WORDS_LENGTH].strip()


def _call() -> calling.Call:
    return calling.call_of(me().id, now=clock.now())


def _money_came_back() -> bool:
    """From the account that counts now; a new one makes it good."""
    account = bank_accounts.find(me().id)
    return bool(account and account.came_back_at)
