"""The banks and branches of Japan, found by whatever one types of them.

Read from the data of the package zengin-code, and not through it: its import reads all 1,146 banks
with all their branches (0.2 s, 22 MB), where a page needs one bank.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from app import bank_kana

YUCHO = "9900"
FOUND = 12  # suggestions at once
COMMON = ("9900", "0001", "0005", "0009", "0010", "0033", "0036", "0038")  # offered first


@dataclass(frozen=True, kw_only=True)
class Place:
    """A bank, or one of its branches."""

    code: str
    name: str
    kana: str
    hira: str
    roma: str

    @property
    def full_name(self) -> str:
        """A bank's name as people say it: the data leaves 銀行 out."""
        name = unicodedata.normalize("NFKC", self.name)
        is_bank = self.code < "1000" or self.code == YUCHO  # the rest are 信金, 信組, 農協 …
        return f"{name}銀行" if is_bank and not name.endswith("銀行") else name

    def fits(self, folded: str) -> int | None:
        """How well what was typed fits: the less the better, None where it does not at all."""
        names = (self.code, _fold(self.name), _fold(self.kana), _plain_latin(self.roma))
        if folded in names:
            return 0
        if any(name.startswith(folded) for name in names):
            return 1
        if any(folded in name for name in names[1:]):
            return 2
        return None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A branch that exists, as an account keeps it."""

    bank_code: str
    bank_name: str
    code: str
    name: str


def find_bank(code: str) -> Place | None:
    return _banks().get(code)


def find_branch(bank_code: str, code: str) -> Branch | None:
    bank = find_bank(bank_code)
    branch = _branches(bank_code).get(code) if bank else None
    if bank is None or branch is None:
        return None
    return Branch(bank_code=bank.code, bank_name=bank.full_name, code=code, name=branch.name)


@lru_cache(maxsize=1024)
def names_in_file(bank_code: str, code: str) -> tuple[str, str] | None:
    """Bank and branch as the banks' file names them; None where there is no such branch today.

    A name is empty where banks cannot write it: thirteen foreign banks have a full stop in theirs.
    """
    bank = find_bank(bank_code)
    branch = _branches(bank_code).get(code) if bank else None
    if bank is None or branch is None:
        return None
    return bank_kana.place_name(bank.kana), bank_kana.place_name(branch.kana)


def search_banks(words: str) -> list[Place]:
    """The banks that fit best; the usual ones where nothing is typed."""
    if not words.strip():
        return [bank for code in COMMON if (bank := find_bank(code))]
    return _best(_banks(), words)


def search_branches(bank_code: str, words: str) -> list[Place]:
    """The bank's branches that fit best; its first ones where nothing is typed."""
    if find_bank(bank_code) is None:
        return []
    branches = _branches(bank_code)
    return _best(branches, words) if words.strip() else list(branches.values())[:FOUND]


def _best(places: dict[str, Place], words: str) -> list[Place]:
    folded = _fold(words)
    fitting = [
        (fit, each.code) for each in places.values() if (fit := each.fits(folded)) is not None
    ]
    return [places[code] for _fit, code in sorted(fitting)[:FOUND]]


def _fold(text: str) -> str:
    """Kanji, kana of either kind, and Latin, without what people leave out or add."""
    plain = unicodedata.normalize("NFKC", text).lower().strip()
    for ending in ("銀行", "ぎんこう", "ギンコウ", "支店", "出張所"):
        plain = plain.removesuffix(ending) or plain
    if not any("ぁ" <= each <= "ヺ" for each in plain):
        return _plain_latin(plain)
    # The same signs as the data's kana: big ones, a dash for a long vowel.
    return bank_kana.write(plain).whole.lower().replace(" ", "")


# The data's Latin letters follow its kana, which has no small ones: shinjiyuku, satsuporo, toukiyou.
_AS_TYPED = (
    (re.compile(r"(sh|ch|j)iy(?=[auo])"), r"\1"),
    (re.compile(r"([kgnhbpmr])iy(?=[auo])"), r"\1y"),
    (re.compile(r"tsu(?=([kstpcfgdbj]))"), r"\1"),
    (re.compile(r"tch"), "cch"),
    (re.compile(r"o[uo]"), "o"),
    (re.compile(r"uu"), "u"),
    (re.compile(r"[-ー－\s]"), ""),
)


def _plain_latin(text: str) -> str:
    """Latin letters as people type them, and as the data has them, made the same."""
    for pattern, plain in _AS_TYPED:
        text = pattern.sub(plain, text)
    return text


@lru_cache(maxsize=1)
def _banks() -> dict[str, Place]:
    return _read("banks.json")


@lru_cache(maxsize=4)
def _branches(bank_code: str) -> dict[str, Place]:
    """Only for the code of a bank that exists, since it names a file."""
    return _read("branches", f"{bank_code}.json")


def _read(*names: str) -> dict[str, Place]:
    spec = find_spec("zengin_code")
    assert spec and spec.submodule_search_locations, "zengin-code is not installed"
    folder = Path(spec.submodule_search_locations[0], "source-data", "data")
    rows = json.loads(folder.joinpath(*names).read_bytes())
    return {code: Place(**row) for code, row in sorted(rows.items())}
