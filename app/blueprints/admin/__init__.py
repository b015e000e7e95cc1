"""The operator's pages: each file a place of the side list, all on one blueprint."""

from app.blueprints.admin import (
    accounts,
    applications,
    cases,
    casts,
    health,
    inquiries,
    moderation,
    notices,
    parting,
    payout,
    payout_batch,
    payouts,
    prices,
    texts,
    transfer_fees,
    transfers,
    withholding,
)
from app.blueprints.admin.talks import bp

__all__ = [
    "accounts",
    "applications",
    "bp",
    "cases",
    "casts",
    "health",
    "inquiries",
    "moderation",
    "notices",
    "parting",
    "payout",
    "payout_batch",
    "payouts",
    "prices",
    "texts",
    "transfer_fees",
    "transfers",
    "withholding",
]
