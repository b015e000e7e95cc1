"""The blanks that the operator fills in, by text. What policy.py can tell is no blank."""

from dataclasses import dataclass

from app.errors import N_
from app.texts.models import AGREED_TO, TextKind


@dataclass(frozen=True, kw_only=True)
class Blank:
    name: str
    label: str  # a msgid
    hint: str = ""  # a msgid
    is_needed: bool = True  # of what the law asks for: without it nothing is sold in production
    has_english: bool = True


CHANGES = Blank(
    name="changes",
    label=N_("What is new"),
    hint=N_("In a few words. Whoever agreed to an older version reads this first."),
)

BLANKS: dict[TextKind, tuple[Blank, ...]] = {
    TextKind.COMMERCE: (
        Blank(
            name="seller",
            label=N_("Seller"),
            hint=N_("The registered name of the company, or the name of the person."),
        ),
        Blank(name="responsible", label=N_("Person responsible for the business")),
        Blank(
            name="address",
            label=N_("Address of the seller"),
            hint=N_("Whole, with postal code, as registered."),
        ),
        Blank(
            name="phone",
            label=N_("Telephone of the seller"),
            hint=N_("One that is answered, for example 03-1234-5678."),
            has_english=False,
        ),
        Blank(name="phone_hours", label=N_("Hours of the telephone"), is_needed=False),
        Blank(name="email", label=N_("E-mail address of the seller"), has_english=False),
        Blank(
            name="telecom",
            label=N_("Number of the telecommunications notification"),
            hint=N_("As the ministry gave it, for example A-06-12345."),
            has_english=False,
        ),
    ),
    TextKind.PREPAID: (),
    TextKind.EXTERNAL: (),
    **dict.fromkeys(AGREED_TO, (CHANGES,)),
}
