"""What can be bought, and which pack mends a shortage."""

from app import policy

PACKS = policy.PACKS_POINTS
USUAL = policy.USUAL_PACK_POINTS


def price_yen(points: int) -> int:
    """What a pack costs, tax included."""
    return points * policy.POINT_PRICE_YEN


def pack_for(missing_points: int) -> int:
    """The smallest pack that covers a shortage, or the largest there is (G12)."""
    return next((pack for pack in PACKS if pack >= missing_points), PACKS[-1])
