"""Make one Japanese catalogue out of app/translations/ja/*.po, and say what it lacks.

Each part of the house keeps its own .po file; English needs none, because it is the msgids.
"""

import os
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

APP = Path(__file__).parent.parent / "app"
JAPANESE = APP / "translations" / "ja"
COMPILED = JAPANESE / "LC_MESSAGES" / "messages.mo"
SOURCES = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
ONE_TEXT = ("_", "N_", "_l", "gettext", "lazy_gettext")
TWO_TEXTS = ("ngettext", "lazy_ngettext")
MARKS: dict[str, Any] = dict.fromkeys(ONE_TEXT) | dict.fromkeys(TWO_TEXTS, (1, 2))


def compile_all() -> None:
    """Write the compiled catalogue, unless it is newer than every part."""
    parts = sorted(JAPANESE.glob("*.po"))
    made_at = COMPILED.stat().st_mtime if COMPILED.exists() else 0
    if all(part.stat().st_mtime < made_at for part in parts) and made_at:
        return
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    new = COMPILED.with_suffix(f".{os.getpid()}")
    with new.open("wb") as file:
        write_mo(file, merged(parts))
    new.replace(COMPILED)  # at once, since somebody may be reading it


def merged(parts: list[Path]) -> Catalog:
    """All parts as one. Two parts that translate one text differently are an error."""
    whole = Catalog(locale="ja", charset="utf-8")
    for part in parts:
        with part.open("rb") as file:
            for message in read_po(file, locale="ja"):
                _add(whole, message, part)
    return whole


def missing(folder: Path = APP) -> list[str]:
    """The texts of the house that have no Japanese, each with where it stands."""
    known = merged(sorted(JAPANESE.glob("*.po")))
    return sorted(
        f"{place}: {text}"
        for text, place in texts(folder).items()
        if not _is_translated(known.get(text))
    )


def texts(folder: Path = APP) -> dict[str, str]:
    """Every text that a source marks for translation, with one place where it stands."""
    found = extract_from_dir(folder, SOURCES, {"**": {"silent": "false"}}, keywords=MARKS)
    return {
        text if isinstance(text, str) else text[0]: f"{name}:{line}"
        for name, line, text, _, _ in found
    }


def _add(whole: Catalog, message: Message, part: Path) -> None:
    if not message.id or not _is_translated(message):
        return
    known = whole.get(message.id, message.context)
    if known and known.string != message.string:
        sys.exit(f"{part.name} translates {message.id!r} unlike an earlier file does.")
    if not known:
        whole.add(message.id, message.string, context=message.context)


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings)


if __name__ == "__main__":
    compile_all()
    if lacking := missing():
        sys.exit("No Japanese for:\n" + "\n".join(lacking))
