"""The rules of the house for templates: each reads a folder and lists what breaks it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

NEEDS = re.compile(r"\{# needs: .+#\}")
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
MACRO = re.compile(r"\{%-? (end)?macro\b.*?%\}", re.DOTALL)
NOT_HTML = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
VOID = {
    "area",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
ON_EVENT = re.compile(r"^on[a-z]+$")


@dataclass
class Tag:
    name: str
    attributes: dict[str, str]
    depth: int
    line: int


@dataclass
class Page(HTMLParser):
    """A template's tags. Expressions count as words; both branches of an `if` are there."""

    path: Path
    tags: list[Tag] = field(default_factory=list)
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.text = self.path.read_text()
        # A macro is no root of the fragment that it stands in.
        framed = MACRO.sub(lambda found: f"<{'/' if found[1] else ''}template>", self.text)
        bare = NOT_HTML.sub(_same_lines, framed)
        # One word for one expression, so that equal attributes stay equal.
        self.feed(EXPRESSION.sub(lambda found: _word(found[0]), bare))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append(Tag(tag, attributes, self.depth, self.getpos()[0]))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.depth -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def fragments_say_what_they_need(templates: Path) -> list[str]:
    return [
        f"{page.path}: the first line must be {{# needs: ... #}}"
        for page in _pages(templates, "_*.html")
        if not NEEDS.match(page.text.split("\n")[0])
    ]


def fragments_have_one_named_root(templates: Path) -> list[str]:
    """talks/_meter.html is <... id="talk-meter">, or talk-{{ id }} where it is repeated.

    The pieces of the frame, which stand above the folders, are never sent alone.
    """
    wrong = []
    for page in _pages(templates, "*/**/_*.html"):
        owner = page.path.parent.name.removesuffix("s").replace("_", "-")
        name = page.path.stem.strip("_").replace("_", "-")
        top = [tag for tag in page.tags if tag.depth == 0 and tag.name != "template"]
        roots = {tag.attributes.get("id", "") for tag in top}
        fits = re.compile(rf"({owner}-)?{name}(-expression\w+)?$|{owner}-expression\w+$")
        includes_only = not roots and "{% include" in page.text
        if not includes_only and (len(roots) != 1 or not fits.match(*roots)):
            wrong.append(f"{page.path}: its one root needs id={owner}-{name}, and has {roots}")
    return wrong


def posts_work_without_javascript(templates: Path) -> list[str]:
    wrong = []
    for page, tag in _tags(templates):
        if "hx-post" in tag.attributes:
            bare = (tag.name, tag.attributes.get("method", "").lower())
            if bare != ("form", "post"):
                wrong.append(f"{page.path}:{tag.line}: hx-post stands on no form with method=post")
            elif tag.attributes.get("action") != tag.attributes["hx-post"]:
                wrong.append(f"{page.path}:{tag.line}: action and hx-post differ")
    return wrong


def gets_work_without_javascript(templates: Path) -> list[str]:
    """What is fetched is also a link or a search form; only what polls or listens is not."""
    return [
        f"{page.path}:{tag.line}: hx-get without the same href or action"
        for page, tag in _tags(templates)
        if "hx-get" in tag.attributes and "hx-trigger" not in tag.attributes
        if tag.attributes["hx-get"]
        not in {tag.attributes.get("href"), tag.attributes.get("action")}
    ]


def nothing_stands_inline(templates: Path) -> list[str]:
    wrong = []
    for page, tag in _tags(templates):
        inline = [name for name in tag.attributes if name == "style" or ON_EVENT.match(name)]
        inline += [name for name in tag.attributes if name.startswith("hx-on")]
        inline += [value for value in tag.attributes.values() if value.startswith("javascript:")]
        if tag.name == "style" or (tag.name == "script" and "src" not in tag.attributes):
            inline.append(tag.name)
        wrong += [f"{page.path}:{tag.line}: inline {what}" for what in inline]
    return wrong


def _pages(templates: Path, pattern: str) -> Iterator[Page]:
    return (Page(path) for path in sorted(templates.rglob(pattern)))


def _tags(templates: Path) -> Iterator[tuple[Page, Tag]]:
    return ((page, tag) for page in _pages(templates, "*.html") for tag in page.tags)


def _word(expression: str) -> str:
    inside = " ".join(expression.strip("{}- ").split())
    return "expression" + "".join(c if c.isalnum() else f"{ord(c):02x}" for c in inside)


def _same_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
