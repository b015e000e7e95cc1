"""Form fields that take whatever a stranger sends, and say what is wrong with it."""

import re
import unicodedata
from datetime import datetime

from flask_babel import gettext
from wtforms import DateField, PasswordField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

LOST = "\ufffd"  # what decoding leaves of bytes that are no text
QUOTED = re.compile(r"%[89A-F][0-9A-F]")  # or this, where the form came urlencoded

LINE_END = re.compile("\r\n|[\r\u2028\u2029]")  # as some editors write them
TURNING = set(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)  # write the other way round: names that lie
HIDDEN = {"Cc", "Cs", "Zl", "Zp"}  # controls, halves of signs, and Unicode's own line ends


def is_readable(text: str) -> bool:
    """Text that was encoded well, on one line, without control characters (NUL among them)."""
    if LOST in text or TURNING & set(text):
        return False
    return not any(unicodedata.category(each) in HIDDEN for each in text)


class Line(StringField):
    """One line of text. What nobody can read is refused before any other rule looks at it."""

    def pre_validate(self, _form: BaseForm) -> None:
        given = self.data or ""
        if not is_readable(given) or QUOTED.search(given):
            self.data = "".join(filter(is_readable, QUOTED.sub("", given)))
            raise StopValidation(gettext("Some of these characters cannot be read."))


class Digits(Line):
    """A number that is a name, as a code or an account number: kept as text, without what parts it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = digits_of(self.data)


def digits_of(text: str | None) -> str:
    """Digits as people type them: full width, with spaces or dashes between."""
    plain = unicodedata.normalize("NFKC", text or "")
    return "".join(each for each in plain if each not in " -‐−ー")


class Lines(TextAreaField):
    """Some lines of text, with the line ends of one kind."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = LINE_END.sub("\n", self.data or "").strip()

    def pre_validate(self, _form: BaseForm) -> None:
        given = (self.data or "").replace("\n", " ").replace("\t", " ")
        if not is_readable(given) or QUOTED.search(given):
            self.data = ""
            raise StopValidation(gettext("Some of these characters cannot be read."))


class Secret(PasswordField):
    """A password, of any characters that one can type; never sent back to the page."""

    def pre_validate(self, _form: BaseForm) -> None:
        if not is_readable(self.data or ""):
            raise StopValidation(gettext("Some of these characters cannot be read."))


class Day(DateField):
    """A date by the browser's own picker."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        try:
            self.data = datetime.strptime(valuelist[0], "%Y-%m-%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            raise ValueError(gettext("Please give a date, as in 1990-04-23.")) from None


def of_this_century(_form: BaseForm, given: DateField) -> None:
    """Calendars reach further than anything that the office plans."""
    if given.data and not 2000 <= given.data.year < 2100:
        raise ValidationError(gettext("Please give a day of this century."))
