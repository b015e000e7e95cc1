"""The final screen of a claim: the talks with their yen. It comes back signed, and is claimed as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from app.blueprints.final_screen import SignedScreen
from app.db import unguessable
from app.payouts import claims
from app.payouts.ledger import Earning
from app.people.models import Account


@dataclass(frozen=True, kw_only=True)
class ClaimScreen(SignedScreen):
    talks: dict[str, int]  # each by its key, with its yen

    @classmethod
    def of(cls, earnings: Sequence[Earning], *, cast: Account, now: datetime) -> Self:
        return cls(
            key=unguessable(),
            person=cast.public_id,
            talks=claims.shown_of(earnings),
            made_at=now.timestamp(),
        )
