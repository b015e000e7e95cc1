"""The name of a device in plain words, as far as its browser tells: "Chrome 131 / Windows"."""

import re

from app.people.devices import readable_name

BROWSERS = (  # the narrower first: most of them also call themselves Chrome or Safari
    ("Edge", re.compile(r"\b(?:Edg|EdgA|EdgiOS)/(\d{1,4})")),
    ("Opera", re.compile(r"\bOPR/(\d{1,4})")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d{1,4})")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/(\d{1,4})")),
    ("Safari", re.compile(r"\bVersion/(\d{1,4})[\d.]* (?:Mobile/\S+ )?Safari/")),
)
SYSTEMS = (
    ("iOS", re.compile(r"\b(?:iPhone|iPod)\b.* OS (\d{1,4})")),
    ("iPadOS", re.compile(r"\biPad\b.* OS (\d{1,4})")),
    ("Android", re.compile(r"\bAndroid (\d{1,4})")),
    ("Windows", re.compile(r"\bWindows\b()")),
    ("macOS", re.compile(r"\bMacintosh\b()")),
    ("Chrome OS", re.compile(r"\bCrOS\b()")),
    ("Linux", re.compile(r"\bLinux\b()")),
)
LONGEST = 500  # characters that are read


def name_of(user_agent: str) -> str:
    """Browser and system; "?" where neither is known."""
    words = user_agent[:LONGEST]
    known = [_first(kinds, words) for kinds in (BROWSERS, SYSTEMS)]
    return readable_name(" / ".join(filter(None, known))) or "?"


def _first(kinds: tuple[tuple[str, re.Pattern[str]], ...], words: str) -> str:
    for name, mark in kinds:
        if found := mark.search(words):
            return f"{name} {found[1]}".strip()
    return ""
