"""Who pays: our account and name as our bank has them, how its file differs, and who bears the fee.

Each change is a further row, so every batch keeps the settings it was made with; the last row counts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy import text as sql

from app import audit, bank_kana, policy
from app.casts import banks
from app.db import session
from app.errors import N_, Problem, Refused
from app.payouts.models import Remitter
from app.people.models import Account

CODE_DIGITS = 10  # that the bank calls us by
NAME_BYTES = 40  # of our name in the file
OURS = (
    *("code", "name", "bank_code", "bank_name", "branch_code", "branch_name", "account_kind"),
    *("account_number", "designation", "line_ends", "end_mark", "cast_bears_fee"),
)


def current() -> Remitter | None:
    """The settings that count now; None before an operator has written any."""
    return session.scalars(select(Remitter).order_by(Remitter.id.desc()).limit(1)).first()


def version() -> str:
    """Which settings count now, for a form that shows them; empty before there are any."""
    held = current()
    return str(held.id) if held else ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator writes, as typed."""

    code: str
    name: str
    bank_code: str
    branch_code: str
    account_kind: str = "1"
    account_number: str
    cast_bears_fee: bool
    designation: str = "7"
    line_ends: bool = True
    end_mark: bool = False


def why_not_write(wanted: Settings) -> list[Problem]:
    """Why our bank would not know us by these; an empty list where it may."""
    return [
        *_of_digits("code", wanted.code, CODE_DIGITS),
        *_of_name(wanted.name),
        *_of_place(wanted.bank_code, wanted.branch_code),
        *_of_digits("account_number", wanted.account_number, policy.ACCOUNT_DIGITS),
        *_of_choices(wanted),
    ]


def write(wanted: Settings, *, by: int | None, now: datetime, seen: str | None = None) -> Remitter:
    """Pay with these settings from the next batch on. The same ones again change nothing.

    `seen` is the version that was on the form: where another one counts meanwhile, whoever writes is
    told before they replace it. Raises Refused.
    """
    if problems := why_not_write(wanted):
        raise Refused(*problems)
    session.execute(_ONE_BY_ONE)
    held, new = current(), draft(wanted)
    changed = [name for name in OURS if held is None or getattr(held, name) != getattr(new, name)]
    if held and not changed:
        return held
    if held and seen is not None and seen != version():
        raise Refused(_changed_meanwhile(held))
    new.written_by, new.at = by, now
    session.add(new)
    session.flush()
    facts = {name: getattr(new, name) for name in changed}
    audit.note("remitter.written", about=f"remitter:{new.id}", by=by, now=now, **facts)
    return new


def history() -> list[tuple[Remitter, str | None]]:
    """Every row with the name of whoever wrote it, the newest first."""
    wanted = (
        select(Remitter, Account.nickname)
        .outerjoin(Account, Account.id == Remitter.written_by)
        .order_by(Remitter.id.desc())
    )
    return [(row, nickname) for row, nickname in session.execute(wanted)]


def draft(wanted: Settings) -> Remitter:
    """The row that would be written, as the bank would read it; for settings that may be."""
    names = banks.names_in_file(wanted.bank_code, wanted.branch_code)
    assert names, "the branch was looked for before"
    return Remitter(
        code=wanted.code.zfill(CODE_DIGITS),
        name=bank_kana.write(wanted.name).whole,
        bank_code=wanted.bank_code,
        bank_name=names[0],
        branch_code=wanted.branch_code,
        branch_name=names[1],
        account_kind=wanted.account_kind,
        account_number=wanted.account_number.zfill(policy.ACCOUNT_DIGITS),
        designation=wanted.designation,
        line_ends=wanted.line_ends,
        end_mark=wanted.end_mark,
        cast_bears_fee=wanted.cast_bears_fee,
    )


# Reading goes on, and batches are made.
_ONE_BY_ONE = sql("LOCK TABLE remitter IN SHARE ROW EXCLUSIVE MODE")


def _changed_meanwhile(held: Remitter) -> Problem:
    writer = session.get(Account, held.written_by) if held.written_by else None
    text = N_(
        "%(name)s has saved other settings since this page was opened; they count now and stand in"
        " the list of changes. Please compare, and save again if yours are to count."
    )
    values = {"name": writer.nickname if writer else "–"}
    return Problem(code="changed_meanwhile", text=text, values=values)


def _of_digits(name: str, number: str, most: int) -> list[Problem]:
    if number.isascii() and number.isdigit() and len(number) <= most:
        return []
    text = N_("Please give up to %(most)s digits.")
    return [Problem(code=f"no_{name}", about=name, text=text, values={"most": most})]


def _of_name(name: str) -> list[Problem]:
    if problems := bank_kana.why_not_write(name, about="name"):
        return problems
    if len(bank_kana.write(name).whole) > NAME_BYTES:
        text = N_("Banks take at most %(most)s signs here; ゛ and ゜ count by themselves.")
        return [Problem(code="too_long", about="name", text=text, values={"most": NAME_BYTES})]
    return []


def _of_place(bank_code: str, branch_code: str) -> list[Problem]:
    if banks.find_bank(bank_code) is None:
        text = N_("There is no bank with this code.")
        return [Problem(code="no_bank", about="bank_code", text=text)]
    if banks.find_branch(bank_code, branch_code) is None:
        text = N_("This bank has no branch with this code.")
        return [Problem(code="no_branch", about="branch_code", text=text)]
    return []


def _of_choices(wanted: Settings) -> list[Problem]:
    text = N_("Please choose one of these.")
    chosen = {
        "account_kind": (wanted.account_kind, "129"),
        "designation": (wanted.designation, "70 "),
    }
    return [
        Problem(code=f"no_{name}", about=name, text=text)
        for name, (value, among) in chosen.items()
        if value not in set(among)
    ]
