"""A gateway for laptops and tests: cards that pay, fail or let one wait; nobody loses money.

It behaves as a real one does: the guest chooses a card on its page, and a signed notice comes to
our hook afterwards, sent again until we answer. Production refuses to start with it.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from app import signatures
from app.db import session
from app.errors import N_, Problem, Refused
from app.purchases.models import Order, SandboxPayment
from app.purchases.settling import Notice, Outcome

HEADER = "X-Payment-Signature"
PENDING_TIME = timedelta(seconds=20)
AGAIN_AFTER = timedelta(seconds=30)  # until a notice is answered
LARGEST_NOTICE = 10_000  # bytes
LARGEST_AMOUNT_YEN = 2**31
FIELDS = ("id", "order", "amount_yen", "outcome")
WORD = re.compile(r"[\w:-]{1,100}", re.ASCII)


class Malformed(Refused):
    status = 400


class Card(StrEnum):
    GOOD = "good"  # pays at once
    REFUSED = "refused"  # the bank says no
    SLOW = "slow"  # the bank takes its time, then pays


class SandboxGateway:
    name = "sandbox"

    def begin(self, order: Order) -> str:
        """Open the books for an order; the path of the page with the cards."""
        known = select(SandboxPayment).filter_by(order_public_id=order.public_id)
        if session.scalars(known).one_or_none() is None:
            session.add(SandboxPayment(order_public_id=order.public_id, amount_yen=order.price_yen))
            session.flush()
        return f"/points/orders/{order.public_id}/card"

    def read_notice(
        self, body: bytes, signature: str | None, *, secrets: Sequence[str], now: datetime
    ) -> Notice:
        """A notice of ours. Raises Unsigned, or Malformed where it cannot be read."""
        signatures.check(body, signature, secrets=secrets, now=now)
        try:
            told = json.loads(body[:LARGEST_NOTICE])
            return Notice(
                key=f"sandbox:{_word(told['id'])}",
                order_public_id=_word(told["order"]),
                amount_yen=_amount(told["amount_yen"]),
                outcome=Outcome(told["outcome"]),
                body={name: told[name] for name in FIELDS},
            )
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            raise Malformed(
                Problem(code="malformed", text=N_("The notice cannot be read."))
            ) from fault


def _word(given: object) -> str:
    """An id as we write them: what a database can hold, and short."""
    if not isinstance(given, str) or not WORD.fullmatch(given):
        raise ValueError(given)
    return given


def _amount(given: object) -> int:
    if type(given) is not int or not 0 < given < LARGEST_AMOUNT_YEN:
        raise ValueError(given)
    return given


GATEWAY = SandboxGateway()


def choose_card(order_public_id: str, card: Card, *, now: datetime) -> None:
    """Pay with a card of the sandbox's. A card was chosen already: nothing changes."""
    payment = _payment(order_public_id)
    if payment.outcome is not None:
        return
    payment.outcome = Outcome.FAILED if card is Card.REFUSED else Outcome.PAID
    payment.decided_at = now + PENDING_TIME if card is Card.SLOW else now
    payment.notify_at = now


def awaits_card(order_public_id: str) -> bool:
    """Has the guest still to choose a card?"""
    wanted = select(SandboxPayment.outcome).filter_by(order_public_id=order_public_id)
    return session.execute(wanted).one().outcome is None


def notices_due(now: datetime) -> list[bytes]:
    """Notices to be sent now; each comes again until it is answered."""
    due = session.scalars(
        select(SandboxPayment)
        .where(SandboxPayment.notified_at.is_(None), SandboxPayment.notify_at <= now)
        .order_by(SandboxPayment.notify_at)
        .limit(20)
        .with_for_update(skip_locked=True)
    ).all()
    for payment in due:
        payment.notify_at = now + AGAIN_AFTER
    return [notice_of(payment, now=now) for payment in due]


def notice_of(payment: SandboxPayment, *, now: datetime) -> bytes:
    """What the gateway says of a payment now."""
    assert payment.outcome and payment.decided_at, "no card was chosen"
    outcome = payment.outcome if payment.decided_at <= now else Outcome.PENDING.value
    told = {
        "id": f"{payment.order_public_id}:{outcome}",
        "order": payment.order_public_id,
        "amount_yen": payment.amount_yen,
        "outcome": outcome,
    }
    return json.dumps(told).encode()


def answered(notice: bytes, *, now: datetime) -> None:
    """The house took this notice; after the last word there is nothing more to say."""
    told = json.loads(notice)
    payment = _payment(told["order"])
    if told["outcome"] == Outcome.PENDING:
        payment.notify_at = payment.decided_at
    else:
        payment.notified_at = now


def _payment(order_public_id: str) -> SandboxPayment:
    wanted = select(SandboxPayment).filter_by(order_public_id=order_public_id)
    return session.scalars(wanted.with_for_update()).one()
