"""The final screen (facts/japan.md, 3.2): six items, kept with what was confirmed as evidence.

The screen goes to the browser signed and comes back with the press of the button. So what is
stored is what was shown, and nobody orders or books what no screen has said.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Self

from flask_babel import format_date, gettext
from itsdangerous import BadSignature, URLSafeSerializer

from app import clock, policy
from app.db import unguessable
from app.people.models import Account
from app.points import lots
from app.purchases import packs
from app.web import points as say_points
from app.web import yen


@dataclass(frozen=True, kw_only=True)
class SignedScreen:
    """A screen whose button does exactly what it says, once; a subclass adds what that is."""

    key: str  # one screen, one order, booking or claim
    person: str
    made_at: float

    @classmethod
    def read(cls, signed: str, secret: str, *, person: Account, now: datetime) -> Self | None:
        """The screen of this kind that this person saw lately; None for any other."""
        try:
            screen = cls(**cls._signer(secret).loads(signed))
        except BadSignature:
            return None
        age = timedelta(seconds=now.timestamp() - screen.made_at)
        fresh = age <= policy.CONFIRMATION_HOLDS and screen.person == person.public_id
        return screen if fresh else None

    def sign(self, secret: str) -> str:
        return str(self._signer(secret).dumps(asdict(self)))

    @classmethod
    def _signer(cls, secret: str) -> URLSafeSerializer:
        return URLSafeSerializer(secret, salt=cls.__name__)


@dataclass(frozen=True, kw_only=True)
class FinalScreen(SignedScreen):
    """What every final screen of a guest carries."""

    shown: dict[str, str]  # label and text, in the order of the page


@dataclass(frozen=True, kw_only=True)
class PackScreen(FinalScreen):
    points: int
    price_yen: int
    back: str
    talk: str

    @classmethod
    def of(cls, points: int, *, guest: Account, back: str, talk: str, now: datetime) -> Self:
        return cls(
            key=unguessable(),
            person=guest.public_id,
            points=points,
            price_yen=packs.price_yen(points),
            shown=_six_items(points, now=now),
            back=back,
            talk=talk,
            made_at=now.timestamp(),
        )


def _six_items(points: int, *, now: datetime) -> dict[str, str]:
    """Quantity, price, payment, delivery, withdrawal, period: what the law asks to be shown."""
    last_day = (lots.expiry_of(now) - timedelta(seconds=1)).astimezone(clock.JAPAN).date()
    return {
        gettext("What you buy"): say_points(points),
        gettext("Price"): gettext(
            "%(yen)s in total, tax included. We charge nothing else.",
            yen=yen(packs.price_yen(points)),
        ),
        gettext("Payment"): gettext("By credit card, at once, on the next page."),
        gettext("Usable"): gettext(
            "As soon as the payment is confirmed, until 23:59 on %(day)s (Japan time).",
            day=format_date(last_day, "long"),
        ),
        gettext("Cancelling"): gettext(
            "Points are not paid back because you changed your mind. Where you paid twice, or a"
            " fault of ours kept you from using them, we refund or return them."
        ),
        gettext("Period of this offer"): gettext("No limit."),
    }
