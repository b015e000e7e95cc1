"""Ranks: what a minute or a slot costs the guest and pays the cast, by rows that hold from a day on (C60)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text

from app import policy
from app.casts.models import Rank, RankPrice
from app.db import rows, session

# Example values of REQUIREMENTS; the operator's rows decide.
FIRST_PRICES = {
    Rank.BLUE: (100, 50),
    Rank.SILVER: (150, 50),
    Rank.GOLD: (200, 50),
    Rank.PLATINUM: (300, 55),
    Rank.BLACK: (500, 60),
}

_APPLY = text("""
    WITH holding AS (
        SELECT DISTINCT ON (rank) rank, price_points,
               price_points * CAST(:point_price_yen AS int) * reward_percent / 100 AS reward_yen,
               slot_points,
               slot_points * CAST(:point_price_yen AS int) * reward_percent / 100 AS slot_reward_yen
        FROM rank_price WHERE holds_from <= :today ORDER BY rank, holds_from DESC
    )
    UPDATE talk_cast
    SET price_points = holding.price_points, reward_yen = holding.reward_yen,
        slot_points = holding.slot_points, slot_reward_yen = holding.slot_reward_yen
    FROM holding
    WHERE holding.rank = talk_cast.rank
      AND (talk_cast.price_points, talk_cast.reward_yen,
           talk_cast.slot_points, talk_cast.slot_reward_yen)
          IS DISTINCT FROM (holding.price_points, holding.reward_yen,
                            holding.slot_points, holding.slot_reward_yen)
    RETURNING account_id
""")


def set_first_prices(holds_from: date) -> None:
    """The rows that a new house starts with; existing ones stay."""
    known = set(session.scalars(select(RankPrice.rank)))
    for rank, (price_points, reward_percent) in FIRST_PRICES.items():
        if rank not in known:
            session.add(
                RankPrice(
                    rank=rank,
                    holds_from=holds_from,
                    price_points=price_points,
                    reward_percent=reward_percent,
                    slot_points=policy.SLOT_MINUTES * price_points,
                )
            )
    session.flush()


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a minute and a reserved slot cost the guest, in points, and pay the cast, in yen."""

    price_points: int
    reward_yen: int
    slot_points: int
    slot_reward_yen: int


def price_of(rank: Rank, *, today: date) -> Price:
    """Prices and rewards of a rank as they hold today (C60, D14)."""
    row = session.scalars(
        select(RankPrice)
        .where(RankPrice.rank == rank, RankPrice.holds_from <= today)
        .order_by(RankPrice.holds_from.desc())
        .limit(1)
    ).one()
    return worth(row)


def worth(row: RankPrice) -> Price:
    """A row in points and yen, as guests and casts see it."""
    return Price(
        price_points=row.price_points,
        reward_yen=_reward_yen(row.price_points, row.reward_percent),
        slot_points=row.slot_points,
        slot_reward_yen=_reward_yen(row.slot_points, row.reward_percent),
    )


def _reward_yen(points: int, percent: int) -> int:
    return points * policy.POINT_PRICE_YEN * percent // 100


def prices_now(*, today: date) -> dict[Rank, int]:
    """Points a minute by rank, cheapest first (C15)."""
    holding = session.scalars(
        select(RankPrice).where(RankPrice.holds_from <= today).order_by(RankPrice.holds_from)
    )
    prices = {row.rank: row.price_points for row in holding}
    return dict(sorted(prices.items(), key=lambda each: each[1]))


def apply_due(today: date) -> int:
    """Put prices that hold from today on their casts; running talks keep theirs (D9)."""
    return len(rows(_APPLY, today=today, point_price_yen=policy.POINT_PRICE_YEN))
