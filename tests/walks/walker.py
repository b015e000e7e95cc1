"""A person at a browser without JavaScript: reads a page, follows its links, presses its buttons.

Only what stands on the page can be used, so a walk also proves that each page leads to the next.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "use"}
HIDDEN_FROM_READERS = {"script", "style", "template", "head"}


@dataclass
class Link:
    href: str
    words: str = ""


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list["Button"] = field(default_factory=list)


@dataclass
class Button:
    name: str
    value: str
    words: str = ""


class Page(HTMLParser):
    """What stands on a page: its words, links and forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._link: Link | None = None
        self._button: Button | None = None
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        match tag:
            case "a":
                self._link = Link(given.get("href", ""), given.get("aria-label", ""))
                self.links.append(self._link)
            case "form":
                self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
            case "input" if self.forms and "name" in given:
                self._fill(given)
            case "button" if self.forms:
                words = given.get("aria-label", "")
                self._button = Button(given.get("name", ""), given.get("value", ""), words)
                self.forms[-1].buttons.append(self._button)

    def _fill(self, given: dict[str, str]) -> None:
        """A field as the page has filled it in; of radios, the one that is chosen."""
        chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given
        if chosen:
            self.forms[-1].fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "a":
            self._link = None
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if HIDDEN_FROM_READERS & set(self._open):
            return
        self.words += data if data.strip() else " "
        for named in (self._link, self._button):
            if named:
                named.words += data.strip()


class Walker:
    """One person, who stands on one page at a time."""

    def __init__(self, client) -> None:
        self.client = client
        self.path = ""
        self.page = Page("")

    def go(self, path: str) -> None:
        self._arrive(self.client.get(path), path)

    def follow(self, words: str) -> None:
        """Press the first link that says this."""
        found = [link for link in self.page.links if words in link.words]
        assert found, f"no link says {words!r} on {self.path}: {self.page.words}"
        self.go(urljoin(self.path, found[0].href))

    def press(self, words: str, /, **typed: str) -> None:
        """Press the first button that says this, with the form filled in like this."""
        for form in self.page.forms:
            for button in form.buttons:
                if words in button.words:
                    self._send(form, button, typed)
                    return
        raise AssertionError(f"no button says {words!r} on {self.path}: {self.page.words}")

    def reads(self, *sentences: str) -> bool:
        """Does the page say all of this? Spaces do not count."""
        words = _tight(self.page.words)
        missing = [each for each in sentences if _tight(each) not in words]
        assert not missing, f"{self.path} does not say {missing}: {self.page.words}"
        return True

    def _send(self, form: Form, button: Button, typed: dict[str, str]) -> None:
        path = urljoin(self.path, form.action) if form.action else self.path
        sent = {**form.fields, **({button.name: button.value} if button.name else {}), **typed}
        if form.method == "post":
            self._arrive(self.client.post(path, data=sent), path)
        else:
            self._arrive(self.client.get(path, query_string=sent), path)

    def _arrive(self, answer, path: str) -> None:
        while answer.status_code in {302, 303}:
            path = answer.location
            answer = self.client.get(path)
        assert answer.status_code < 400, f"{path} answered {answer.status_code}: {answer.text}"
        where = urlsplit(path)
        self.path = where.path + (f"?{where.query}" if where.query else "")
        self.page = Page(answer.text)


def _tight(words: str) -> str:
    return re.sub(r"\s+", "", words)
