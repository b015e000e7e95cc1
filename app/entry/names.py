"""Names: how they are written, and which cannot be taken."""

import re
import unicodedata

from sqlalchemy import select

from app import policy
from app.casts.models import Cast
from app.casts.profiles import fold_name
from app.db import session
from app.entry.models import WAITING_STATES, Application
from app.errors import N_, Problem

KATAKANA = re.compile(r"[ァ-ヶー]+(?:[・ ][ァ-ヶー]+)*")
TO_KATAKANA = {number: number + 0x60 for number in range(ord("ぁ"), ord("ゖ") + 1)}
# The letters of a cast name. Others look like them, and would be taken for another cast.
SCRIPTS = ("HIRAGANA", "KATAKANA", "CJK", "IDEOGRAPHIC", "LATIN")


def tidy(name: str) -> str:
    """Single spaces, none outside, letters and their marks in one piece."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def to_katakana(kana: str) -> str:
    """Full-width katakana out of hiragana or half-width."""
    return tidy(unicodedata.normalize("NFKC", kana)).translate(TO_KATAKANA)


def why_not_real_name(name: str, *, about: str) -> list[Problem]:
    if not name:
        return [
            Problem(code="no_name", about=about, text=N_("Please write it as in your document."))
        ]
    if len(name) > policy.REAL_NAME_LENGTH:
        text = N_("Please use at most %(most)s characters.")
        values = {"most": policy.REAL_NAME_LENGTH}
        return [Problem(code="name_length", about=about, text=text, values=values)]
    if not name.isprintable():
        return [_unreadable(about)]
    return []


def why_not_kana(kana: str, *, about: str) -> list[Problem]:
    if problems := why_not_real_name(kana, about=about):
        return problems
    if KATAKANA.fullmatch(kana):
        return []
    text = N_("Please write this in katakana, for example ヤマダ.")
    return [Problem(code="no_kana", about=about, text=text)]


def why_not_cast_name(name: str, *, application_id: int) -> list[Problem]:
    """C6, D44: a name of its own, in letters that nobody takes for others."""
    about = "cast_name"
    if not 0 < len(name) <= policy.CAST_NAME_LENGTH:
        text = N_("Please choose a cast name of at most %(most)s characters.")
        values = {"most": policy.CAST_NAME_LENGTH}
        return [Problem(code="cast_name_length", about=about, text=text, values=values)]
    folded = fold_name(name)
    if not folded.isprintable() or not any(map(str.isalnum, folded)):
        return [_unreadable(about)]
    if not all(map(_is_usual, folded)):
        text = N_("Please write the cast name in Japanese or Latin letters.")
        return [Problem(code="cast_name_letters", about=about, text=text)]
    return [taken()] if is_taken(folded, application_id=application_id) else []


def taken() -> Problem:
    text = N_("Somebody else has this cast name already. Please choose another one.")
    return Problem(code="cast_name_taken", about="cast_name", text=text)


def is_taken(folded: str, *, application_id: int) -> bool:
    """By a cast, or by another application that waits."""
    by_cast = select(Cast.account_id).where(Cast.folded_name == folded)
    waiting = select(Application.id).where(
        Application.folded_name == folded,
        Application.state.in_(WAITING_STATES),
        Application.id != application_id,
    )
    return any(session.scalar(each.limit(1)) for each in (by_cast, waiting))


def _is_usual(letter: str) -> bool:
    kind = unicodedata.category(letter)
    if kind.startswith("M"):  # marks that did not melt into a letter can hardly be seen
        return False
    return not kind.startswith("L") or unicodedata.name(letter, "").startswith(SCRIPTS)


def _unreadable(about: str) -> Problem:
    text = N_("Some of these characters cannot be read.")
    return Problem(code="unreadable", about=about, text=text)
