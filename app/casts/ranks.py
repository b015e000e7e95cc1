"""Ranks: what a minute costs the guest and pays the cast, by rows that hold from a day on (C60)."""

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
               price_points * CAST(:point_price_yen AS int) * reward_percent / 100 AS reward_yen
        FROM rank_price WHERE holds_from <= :today ORDER BY rank, holds_from DESC
    )
    UPDATE talk_cast SET price_points = holding.price_points, reward_yen = holding.reward_yen
    FROM holding
    WHERE holding.rank = talk_cast.rank
      AND (talk_cast.price_points, talk_cast.reward_yen)
          IS DISTINCT FROM (holding.price_points, holding.reward_yen)
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
                )
            )
    session.flush()


def price_of(rank: Rank, *, today: date) -> tuple[int, int]:
    """Price in points and reward in yen of one minute, as they hold today."""
    row = session.scalars(
        select(RankPrice)
        .where(RankPrice.rank == rank, RankPrice.holds_from <= today)
        .order_by(RankPrice.holds_from.desc())
        .limit(1)
    ).one()
    yen = row.price_points * policy.POINT_PRICE_YEN
    return row.price_points, yen * row.reward_percent // 100


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
