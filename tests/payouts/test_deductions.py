"""The tax in rewards, and what of it the house may deduct, by the day of the service."""

from datetime import date

import pytest

from app.payouts import deductions


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2026, 9, 30), 80),
        (date(2026, 10, 1), 70),
        (date(2028, 9, 30), 70),
        (date(2028, 10, 1), 50),
        (date(2030, 9, 30), 50),
        (date(2030, 10, 1), 30),
        (date(2031, 9, 30), 30),
        (date(2031, 10, 1), 0),
    ],
)
def test_the_share_falls_by_steps(day, percent):
    assert deductions.share_of(day, is_registered=False) == percent
    assert deductions.share_of(day, is_registered=True) == 100


def test_the_tax_is_a_part_of_the_reward_rounded_down():
    assert [deductions.tax_in(yen) for yen in (0, 10, 11, 100, 5000, 11_000)] == [
        *(0, 0, 1, 9, 454, 1000)
    ]


def test_yen_are_summed_by_share_the_highest_first():
    served = [
        (date(2026, 9, 30), False, 1100),
        (date(2026, 10, 1), False, 2200),
        (date(2026, 10, 2), True, 330),
        (date(2026, 10, 3), False, 1100),
    ]

    shares = deductions.by_share(served)

    assert list(shares.items()) == [(100, 330), (80, 1100), (70, 3300)]
    assert deductions.deductible(shares) == 30 + 80 + 210
