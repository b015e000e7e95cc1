"""What stands on a page, read from its HTML: words, links, and forms with what they hold."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# What HTML leaves open, and who does not read it.
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "use"}
HIDDEN_FROM_READERS = {"script", "style", "template", "head"}
Given = dict[str, str]


@dataclass
class Link:
    href: str
    words: str = ""


@dataclass
class Button:
    name: str
    value: str
    action: str  # where it sends the form, if elsewhere
    words: str = ""


@dataclass
class Form:
    action: str
    method: str
    takes_files: bool
    fields: dict[str, list[str]] = field(default_factory=dict)  # as the page has filled them in
    offers: dict[str, list[str]] = field(default_factory=dict)  # what can be chosen, in order
    buttons: list[Button] = field(default_factory=list)

    def offer(self, name: str, value: str, *, is_chosen: bool) -> None:
        self.offers.setdefault(name, []).append(value)
        chosen = self.fields.setdefault(name, [])
        if is_chosen:
            chosen.append(value)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.pictures: list[tuple[str, str]] = []  # their words, and where they are
        self._open: list[str] = []
        self._named: list[Link | Button] = []  # what is being read
        self._form: Form | None = None
        self._area: list[str] | None = None
        self._list = ""
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        match tag:
            case "a":
                self.links.append(Link(given.get("href", ""), given.get("aria-label", "")))
                self._named.append(self.links[-1])
            case "img":
                self.pictures.append((given.get("alt", ""), given.get("src", "")))
            case "form":
                self._form = Form(
                    action=given.get("action", ""),
                    method=given.get("method", "get"),
                    takes_files=given.get("enctype") == "multipart/form-data",
                )
                self.forms.append(self._form)
            case "input" | "textarea" | "select" | "option" | "button" if self._form:
                self._fill(self._form, tag, given)

    def _fill(self, form: Form, tag: str, given: Given) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        match tag, given.get("type", ""):
            case "button", "" | "submit":
                action = given.get("formaction", "")
                form.buttons.append(Button(name, value, action, given.get("aria-label", "")))
                self._named.append(form.buttons[-1])
            case "select", _:
                self._list = name
            case "option", _:
                form.offer(self._list, value, is_chosen="selected" in given)
            case "textarea", _:
                self._area = form.fields.setdefault(name, [""])
            case "input", "radio" | "checkbox" if name:
                form.offer(name, value or "on", is_chosen="checked" in given)
            case "input", _ if name:
                form.fields[name] = [] if given.get("type") == "file" else [value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        match tag:
            case "a":
                self._named = [each for each in self._named if not isinstance(each, Link)]
            case "button":
                self._named = [each for each in self._named if not isinstance(each, Button)]
            case "textarea" if self._area:
                self._area[0] = re.sub(r"\A\r?\n", "", self._area[0])  # as HTML has it
                self._area = None
            case "select":
                self._choose_first()
            case "form":
                self._form = None

    def _choose_first(self) -> None:
        """A list in which nothing was chosen shows, and sends, its first line."""
        if self._form and not self._form.fields.get(self._list, [""]):
            self._form.fields[self._list] = self._form.offers[self._list][:1]

    def handle_data(self, data: str) -> None:
        if HIDDEN_FROM_READERS & set(self._open):
            return
        if self._area is not None:
            self._area[0] += data
        self.words += data if data.strip() else " "
        for named in self._named:
            named.words += data.strip()
