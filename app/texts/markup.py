"""The few marks of a text: "# " and "## " begin headings, "- " points of a list; the rest is words.

Nothing here makes HTML: a text becomes pieces, and the template that draws them escapes their words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from itertools import groupby


class Kind(StrEnum):
    HEADING = "heading"
    SUBHEADING = "subheading"
    LIST = "list"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    lines: tuple[str, ...]  # one of a heading; the points of a list


MARKS = {"# ": Kind.HEADING, "## ": Kind.SUBHEADING, "- ": Kind.LIST}
MARK_OF_TAG = {"h2": "# ", "h3": "## ", "li": "- ", "p": ""}


def read(text: str) -> list[Piece]:
    """What a text consists of. An empty line, a heading or a list ends a paragraph."""
    lines = [_line(each) for each in text.splitlines()]
    return [
        piece
        for kind, group in groupby(lines, key=lambda line: line[0])
        if kind
        for piece in _pieces(kind, [words for _, words in group])
    ]


def write(html: str) -> str:
    """The built-in words of a template in these marks, to go on from; links become their words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [MARK_OF_TAG[tag] + words for tag, words in reader.found if words]
    tags = [tag for tag, words in reader.found if words]
    text = ""
    for tag, before, line in zip(tags, ["", *tags], lines, strict=False):
        text += ("\n" if tag == before == "li" else "\n\n") + line
    return text.strip()


def _line(line: str) -> tuple[Kind | None, str]:
    bare = line.strip()
    if not bare:
        return None, ""
    for mark, kind in MARKS.items():
        if bare.startswith(mark) and (words := bare.removeprefix(mark).strip()):
            return kind, words
    return Kind.PARAGRAPH, bare


def _pieces(kind: Kind, lines: list[str]) -> Iterator[Piece]:
    if kind in {Kind.HEADING, Kind.SUBHEADING}:
        yield from (Piece(kind, (line,)) for line in lines)
    else:
        yield Piece(kind, tuple(lines))


class _Reader(HTMLParser):
    """The words of headings, paragraphs and points, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in MARK_OF_TAG:
            self.open = tag
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.open:
            self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            tag, words = self.found[-1]
            self.found[-1] = tag, re.sub(r"\s+", " ", words + data).lstrip()
