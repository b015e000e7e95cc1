"""Sales of a month, to the yen."""

import pytest

from app.books import sales


@pytest.mark.parametrize(
    ("yen", "tax"),
    [(110, 10), (109, 9), (100, 9), (11, 1), (10, 0), (0, 0), (-110, -10), (-109, -9)],
)
def test_the_tax_within_an_amount_is_floored(yen, tax):
    assert sales.tax_within(yen) == tax


def test_a_month_of_sales_is_added_up():
    month = sales.of(
        {
            "paid_used_yen": -10_100,
            "paid_returned_yen": 100,
            "paid_expired_yen": -1_000,
            "paid_given_up_yen": -109,
            "paid_moved_yen": -50,
            "free_used_points": -700,
            "rewards_yen": 5_000,
            "sent_yen": 3_000,
            "withheld_yen": 306,
            "cast_fees_yen": 110,
            "bank_fees_yen": 330,
        }
    )

    assert (month.used, month.expired, month.moved, month.total) == (10_000, 1_109, 50, 11_159)
    assert month.tax == 909 + 100 + 4
    assert month.house_fees == 220
    assert month.margin == 11_159 - 5_000 - 220
    assert (month.sent, month.withheld) == (3_000, 306)


def test_a_month_in_which_more_came_back_than_was_used_has_negative_sales():
    month = sales.of({"paid_returned_yen": 1_100, "rewards_yen": -500})

    assert (month.total, month.tax, month.margin) == (-1_100, -100, -600)
