"""A house whose legal notice names the seller, so that casts are commissioned in writing."""

from app.payouts import conditions
from app.texts import publishing
from app.texts.blanks import BLANKS
from app.texts.models import TextKind
from tests.factories import NOON, make_operator

SELLER = {"ja": "サシトーク見本株式会社", "en": "Sashitalk Mihon K.K."}


def name_seller(seller=SELLER, *, now=NOON):
    """Publish the legal notice, whole; the seller's name is the one given."""
    kind = TextKind.COMMERCE
    fields = {blank.name: {"ja": f"見本の{blank.name}", "en": ""} for blank in BLANKS[kind]}
    publishing.publish(
        kind,
        fields=fields | {"seller": seller},
        body_ja="",
        body_en="",
        holds_from=now,
        based_on=publishing.newest(kind),
        by=make_operator().id,
        now=now,
    )


def give(now=NOON):
    """What the job writes until everybody was told."""
    given = []
    while more := conditions.give_due(now):
        given += more
    return given
