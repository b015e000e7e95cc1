"""ゆうちょ銀行's two ways of naming one account: 記号・番号 of its passbook, and what other banks use."""

import re
from dataclasses import dataclass

from app.casts.bank_models import AccountKind
from app.errors import N_, Problem

_SYMBOL = re.compile(r"[01]\d{4}")
SAVINGS_LEADER = "1"


@dataclass(frozen=True, kw_only=True)
class Converted:
    """What other banks transfer to: 店番, 預金種目, 口座番号."""

    branch_code: str
    kind: AccountKind
    number: str  # seven digits


def convert(symbol: str, number: str, *, is_savings: bool = False) -> Converted:
    """The account of this 記号 and 番号; ask `why_not_convert` first."""
    assert not why_not_convert(symbol, number), "this does not convert"
    if symbol.startswith(SAVINGS_LEADER):
        kind = AccountKind.SAVINGS if is_savings else AccountKind.ORDINARY
        # The last digit, always 1, is no part of the number that other banks know.
        return Converted(branch_code=f"{symbol[1:3]}8", kind=kind, number=number[:-1].zfill(7))
    code = f"{symbol[1:3]}9"
    return Converted(branch_code=code, kind=AccountKind.CURRENT, number=number.zfill(7))


def why_not_convert(symbol: str, number: str) -> list[Problem]:
    """Why this is no 記号 and 番号 of an account; an empty list where it is."""
    if not _SYMBOL.fullmatch(symbol):
        text = N_("The 記号 has five digits: it begins with 1 or 0.")
        return [Problem(code="no_symbol", about="symbol", text=text)]
    if symbol.startswith(SAVINGS_LEADER):
        if not re.fullmatch(r"\d{2,8}", number):
            text = N_("The 番号 has up to eight digits. Please leave a digit between the two out.")
            return [Problem(code="no_number", about="number", text=text)]
        if not number.endswith("1"):
            text = N_("A 番号 with this 記号 ends in 1. Please look at it once more.")
            return [Problem(code="not_ending_in_1", about="number", text=text)]
    elif not re.fullmatch(r"\d{1,6}", number):
        text = N_("With a 記号 that begins with 0, the 番号 has up to six digits.")
        return [Problem(code="no_number", about="number", text=text)]
    return []


def kinds_of_branch(code: str) -> set[AccountKind]:
    """What an account at a branch of ゆうちょ can be: 店番 in 9 are 当座, the others 普通 or 貯蓄."""
    if code.endswith("9"):
        return {AccountKind.CURRENT}
    return {AccountKind.ORDINARY, AccountKind.SAVINGS}
