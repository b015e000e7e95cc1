"""Those who take the money. Each begins a payment, and later tells how it went by a signed notice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.purchases.gateways import sandbox
from app.purchases.models import Order
from app.purchases.settling import Notice


class Gateway(Protocol):
    """What the house needs of a payment service; no card number ever reaches us."""

    name: str

    def begin(self, order: Order) -> str:
        """Start the payment of an order; the path or address where the guest pays."""

    def read_notice(
        self, body: bytes, signature: str | None, *, secrets: Sequence[str], now: datetime
    ) -> Notice:
        """A notice whose signature holds. Raises Unsigned or Malformed."""


GATEWAYS: dict[str, Gateway] = {sandbox.GATEWAY.name: sandbox.GATEWAY}
