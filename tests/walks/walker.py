"""A person at a browser without JavaScript: reads a page, follows its links, presses its buttons.

Only what stands on the page can be used, so a walk also proves that each page leads to the next.
"""

import re
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from tests.walks.page import Button, Form, Page

Typed = str | list[str] | tuple[BytesIO, str]  # words, what is ticked, or a file with its name


class Walker:
    """One person, who stands on one page at a time."""

    def __init__(self, client) -> None:
        self.client = client
        self.path = ""
        self.answer = None  # as it came, for what is no page
        self.page = Page("")

    def go(self, path: str) -> None:
        self._arrive(self.client.get(path), path)

    def follow(self, words: str) -> None:
        """Press the first link that says this."""
        found = [link for link in self.page.links if words in link.words]
        assert found, f"no link says {words!r} on {self.path}: {self.page.words}"
        self.go(urljoin(self.path, found[0].href))

    def press(self, words: str, /, **typed: Typed) -> None:
        """Press the first button that says this, with the form filled in like this."""
        form, button = self._find(words)
        self._arrive(*self._send(form, button, typed))

    def press_in_vain(self, words: str, /, **typed: Typed) -> None:
        """Press it, and be told on the same page why it cannot be."""
        form, button = self._find(words)
        answer, path = self._send(form, button, typed)
        assert answer.status_code in {409, 422}, f"{path} answered {answer.status_code}"
        self._stand(path, answer)

    def finds_nothing(self, path: str, *, status: int = 404) -> None:
        answer = self.client.get(path)
        assert answer.status_code == status, f"{path} answered {answer.status_code}"
        self._stand(path, answer)

    def looks_at(self, words: str = "") -> None:
        """Every picture is there of which the page says this."""
        found = [src for alt, src in self.page.pictures if words in alt]
        assert found, f"no picture of {words!r} on {self.path}: {self.page.pictures}"
        for src in found:
            with self.client.get(urljoin(self.path, src)) as answer:
                assert answer.status_code == 200, f"{src} answered {answer.status_code}"
                assert answer.mimetype.startswith("image/")

    def reads(self, *sentences: str) -> bool:
        """Does the page say all of this? Spaces do not count."""
        words = _tight(self.page.words)
        missing = [each for each in sentences if _tight(each) not in words]
        assert not missing, f"{self.path} does not say {missing}: {self.page.words}"
        return True

    def misses(self, *sentences: str) -> bool:
        """Does the page say none of this?"""
        words = _tight(self.page.words)
        found = [each for each in sentences if _tight(each) in words]
        assert not found, f"{self.path} says {found}: {self.page.words}"
        return True

    def _find(self, words: str) -> tuple[Form, Button]:
        for form in self.page.forms:
            for button in form.buttons:
                if words in button.words:
                    return form, button
        raise AssertionError(f"no button says {words!r} on {self.path}: {self.page.words}")

    def _send(self, form: Form, button: Button, typed: dict[str, Typed]):
        action = button.action or form.action
        path = urljoin(self.path, action) if action else self.path
        for name, value in typed.items():
            _check(form, name, value)
        pressed = {button.name: button.value} if button.name else {}
        sent = {**form.fields, **pressed, **typed}
        if form.method == "post":
            return self.client.post(path, data=sent), path
        return self.client.get(path, query_string=sent), path

    def _arrive(self, answer, path: str) -> None:
        while answer.status_code in {302, 303}:
            path = urljoin(path, answer.location)
            answer = self.client.get(path)
        assert answer.status_code < 400, f"{path} answered {answer.status_code}: {answer.text}"
        self._stand(path, answer)

    def _stand(self, path: str, answer) -> None:
        where = urlsplit(path)
        self.path = where.path + (f"?{where.query}" if where.query else "")
        self.answer = answer
        self.page = Page(answer.text if answer.mimetype == "text/html" else "")


def _check(form: Form, name: str, value: Typed) -> None:
    """Only a field that stands there can be filled in, and only with what it offers."""
    assert name in form.fields, f"there is no field {name!r} among {sorted(form.fields)}"
    if isinstance(value, tuple):
        assert form.takes_files, "the form does not send its files"
    elif name in form.offers:
        wanted = {value} if isinstance(value, str) else set(value)
        assert wanted <= set(form.offers[name]), f"{name} offers {form.offers[name]}"


def _tight(words: str) -> str:
    return re.sub(r"\s+", "", words)
