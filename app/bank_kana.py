"""Names as Japanese banks write them: half-width kana, one byte a sign, its marks apart.

One sign that differs can make the receiving bank send money back, so this is strict. Accounts use it
today; the banks' file of payouts is written with it as well.
"""

import re
import unicodedata
from dataclasses import dataclass

from app.errors import N_, Problem

NAME_BYTES = 30  # of an account holder's name in the banks' file
PLACE_BYTES = 15  # of the name of a bank or a branch

VOICED, HALF_VOICED = "\u3099", "\u309a"  # the combining marks that NFD sets apart
_MARKS = {VOICED: "ﾞ", HALF_VOICED: "ﾟ"}
# NFKC would set these apart with a space before them.
_ALONE = str.maketrans({"゛": VOICED, "゜": HALF_VOICED})
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_DASHES = str.maketrans(dict.fromkeys("ーｰ―–−‐‑‒—－", "-"))
_FULL = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_HALF = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_TO_HALF = str.maketrans(dict(zip(_FULL, _HALF, strict=True)) | _MARKS)

_KANA = "ｱ-ﾜﾝﾞﾟ"  # neither ｦ nor small ones
_OF_PARTIES = re.compile(rf"[{_KANA}A-Z0-9 ().\-]*")
_OF_BRANCHES = re.compile(rf"[{_KANA}A-Z0-9 \-]*")
_STRAY_MARK = re.compile(r"(?<![ｶ-ﾄﾊ-ﾎｳ])ﾞ|(?<![ﾊ-ﾎ])ﾟ")
_WITH_MARK = re.compile(r".[ﾞﾟ]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """A name in the banks' writing."""

    whole: str
    has_o_for_wo: bool  # ヲ is not among the banks' signs

    @property
    def name(self) -> str:
        """At most 30 bytes of it; a sign is never parted from its mark."""
        kept = ""
        for sign in _WITH_MARK.findall(self.whole):
            if len(kept) + len(sign) > NAME_BYTES:
                break
            kept += sign
        return kept.rstrip()

    @property
    def is_cut(self) -> bool:
        return self.name != self.whole


def write(text: str) -> Written:
    """The name in the banks' writing. Whether banks take it is asked with `why_not_write`."""
    kana = unicodedata.normalize("NFKC", text.translate(_ALONE))
    kana = "".join(chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in kana)
    big = kana.translate(_SMALL).translate(_DASHES)
    with_o = big.replace("ヲ", "オ")
    apart = "".join(map(_parted, with_o))
    half = apart.translate(_TO_HALF).upper()
    return Written(" ".join(half.split()), has_o_for_wo=with_o != big)


def _parted(sign: str) -> str:
    """A kana and its mark; every other sign stays whole, to be told as it was typed."""
    kana, mark = (*unicodedata.normalize("NFD", sign), "")[:2]
    # ヷ ヸ ヹ ヺ would fall apart into ワ and a mark: banks do not write them.
    return kana + mark if mark in _MARKS and sign not in "ヷヸヹヺ" else sign


def why_not_write(text: str, *, about: str) -> list[Problem]:
    """Why banks would not take this name of a person; an empty list where they do."""
    whole = write(text).whole
    if not whole:
        said = N_("Please give the name in katakana, as the bank has it.")
        return [Problem(code="no_name", about=about, text=said)]
    strange = sorted({each for each in whole if not _OF_PARTIES.fullmatch(each)})
    if strange:
        return [_not_in_banks(strange, about=about)]
    if _STRAY_MARK.search(whole):
        said = N_(
            "A ゛ or ゜ stands after a letter that takes none. Please look at the name again."
        )
        return [Problem(code="stray_mark", about=about, text=said)]
    return []


def is_party_name(written: str) -> bool:
    """Whether it may stand in the file as the name of whoever pays or is paid."""
    return bool(_OF_PARTIES.fullmatch(written)) and not _STRAY_MARK.search(written)


def is_branch_name(written: str) -> bool:
    """Whether it may stand in the file as the name of a bank or a branch."""
    return bool(_OF_BRANCHES.fullmatch(written)) and not _STRAY_MARK.search(written)


def place_name(kana: str) -> str:
    """The name of a bank or a branch for the file; empty where banks cannot write it: it may be."""
    whole = write(kana).whole
    return whole if is_branch_name(whole) and len(whole) <= PLACE_BYTES else ""


def same(one: str, other: str) -> bool:
    """Whether banks would read these as one name; spaces do not count (D27)."""
    return _joined(one) == _joined(other) != ""


def _joined(text: str) -> str:
    return write(text).whole.replace(" ", "")


def _not_in_banks(strange: list[str], *, about: str) -> Problem:
    text = N_(
        "Banks cannot write “%(signs)s”. Please use katakana, Latin letters and digits,"
        " as in the bank's own spelling."
    )
    values = {"signs": "".join(strange)[:10]}
    return Problem(code="not_in_banks", about=about, text=text, values=values)
