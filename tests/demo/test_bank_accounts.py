"""The demo's casts can work, and the office has accounts to look at."""

from sqlalchemy import func, select

from app import demo
from app.casts import account_reviews, bank_accounts, banks
from app.casts.models import Cast
from app.casts.profile_models import CastPicture
from app.db import session
from app.demo import albums
from app.demo import bank_accounts as demo_accounts
from tests.factories import NOON


def test_all_casts_but_the_newest_can_work_and_three_wait_for_the_office():
    demo.fill(now=NOON)

    casts = session.scalars(select(Cast).order_by(Cast.joined_at)).all()
    lacking = [cast for cast in casts if bank_accounts.why_not_work(cast.account_id)]
    assert lacking == casts[-1:]  # who has passed the screening, and comes to the desk next
    assert [each.reasons for each in account_reviews.queue()] == [
        ["came_back"],
        ["holder"],
        ["shared"],
    ]
    pictures = session.scalar(select(func.count()).select_from(CastPicture))
    assert pictures == sum(map(len, albums.ALBUMS.values()))
    assert len(session.scalars(select(Cast).where(Cast.links != [])).all()) == 2


def test_its_branches_exist():
    for branch in demo_accounts.BRANCHES:
        assert banks.find_branch(branch.bank_code, branch.code) == branch
