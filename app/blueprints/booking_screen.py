"""The final screen of a booking: what, when, how much, and until when it can be cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask_babel import gettext

from app import policy
from app.blueprints.final_screen import FinalScreen
from app.bookings.terms import Terms
from app.casts.models import Cast
from app.db import unguessable
from app.people.models import Account
from app.web import clock_time, moment, span, yen
from app.web import points as say_points


@dataclass(frozen=True, kw_only=True)
class BookingScreen(FinalScreen):
    cast: str
    starts_at: float
    slots: int
    price_points: int  # of a slot

    @classmethod
    def of(cls, terms: Terms, *, cast: Cast, guest: Account, now: datetime) -> Self:
        return cls(
            key=unguessable(),
            person=guest.public_id,
            cast=cast.public_id,
            starts_at=terms.starts_at.timestamp(),
            slots=terms.slots,
            price_points=terms.price_points,
            shown=_six_items(terms, cast=cast, now=now),
            made_at=now.timestamp(),
        )


def _six_items(terms: Terms, *, cast: Cast, now: datetime) -> dict[str, str]:
    """Quantity, price, payment, delivery, withdrawal, period: what the law asks to be shown."""
    return {
        gettext("What you book"): gettext(
            "A talk with %(name)s: %(slots)s slots of %(slot)s, %(minutes)s minutes of talk",
            name=cast.name,
            slots=terms.slots,
            slot=span(policy.SLOT),
            minutes=terms.talk_minutes,
        ),
        gettext("Price"): gettext(
            "%(points)s in total (%(yen)s, tax included): %(slot)s for a slot, %(minute)s for a"
            " minute of talk",
            points=say_points(terms.points),
            yen=yen(terms.points),
            slot=say_points(terms.price_points),
            minute=say_points(per_minute(terms)),
        ),
        gettext("Payment"): gettext("From your points, at once."),
        gettext("When"): gettext(
            "%(start)s to %(end)s (Japan time). The talk runs without the first and the last %(pad)s,"
            " and ends then even if you come late.",
            pad=span(policy.PAD),
            start=moment(terms.starts_at),
            end=clock_time(terms.ends_at),
        ),
        gettext("Cancelling"): cancelling_of(terms, now=now),
        gettext("Period of this offer"): gettext("Until %(until)s.", until=moment(terms.closes_at)),
    }


def cancelling_of(terms: Terms, *, now: datetime) -> str:
    """The deadline as a moment, or the plain sentence that there is none (G24, G27, D1)."""
    if now <= terms.free_cancel_until:
        return gettext(
            "Until %(until)s you can cancel and get all points back; later none. If the cast"
            " cancels or does not come, all points come back.",
            until=moment(terms.free_cancel_until),
        )
    return gettext(
        "This booking cannot be cancelled with return of the points: the start is less than"
        " %(ahead)s away. If the cast cancels or does not come, all points come back.",
        ahead=span(terms.starts_at - terms.free_cancel_until),
    )


def per_minute(terms: Terms) -> int:
    """Points for a minute of talk, rounded up, so that no slot looks cheaper than it is (D14)."""
    return -(-terms.points // terms.talk_minutes)
