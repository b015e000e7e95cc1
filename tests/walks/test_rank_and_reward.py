"""A cast rises in rank: told in writing before, paid by the new reward after, and by the old one for before."""

import pytest

from app import casting_letters
from app.books import checks as books
from app.casts import jobs as casts
from app.casts.models import Rank
from app.db import session
from app.people.models import Account
from tests.commissions import name_seller
from tests.factories import japan, make_cast, make_guest, make_operator, make_remitter
from tests.walks import working
from tests.walks.mailbox import link_in, mails_to, read_mail
from tests.walks.walker import Walker

NAME = "れん"
WORDS = "いつも丁寧なトークをありがとうございます。"
MIDNIGHT = japan(2026, 11, 23, 0, 0, 10)


class House:
    """Blue pays 2,500 yen a minute, gold 5,000."""

    def __init__(self, evening, client_of):
        self.evening = evening
        name_seller()
        make_remitter()
        working.set_prices({"blue": 5_000, "gold": 10_000})
        self.cast = make_cast(name=NAME, online=False)
        account = session.get_one(Account, self.cast.account_id)
        self.email, self.desk = account.email, Walker(client_of(account))
        self.phone = Walker(client_of(make_guest(points=200_000, nickname="みずいろ")))
        self.office = Walker(client_of(make_operator()))


@pytest.fixture
def house(app, evening, client_of, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return House(evening, client_of)


def confirm_conditions(house, subject, *lines):
    """As the mail says them, and as the page behind its link does."""
    house.evening.do(casting_letters.give_conditions)
    mail = read_mail(house.email, subject)
    house.desk.go(link_in(mail))
    house.desk.reads(*lines)
    house.desk.press("内容を確認しました")
    house.desk.reads("内容を確認されました")
    return mail


def rise_to_gold(house):
    office, desk = house.office, house.desk
    office.go("/admin")
    office.follow("キャスト")
    office.follow(NAME)
    office.press("キャストを招待する", rank="gold", holds_from="2026-11-23", words=WORDS)
    house.evening.do(casting_letters.give_conditions)
    assert len(mails_to(house.email, "お仕事の条件")) == 1  # an offer changes nothing yet
    desk.go(link_in(read_mail(house.email, "ご招待")))
    desk.reads("2,500円", "5,000円", WORDS)
    desk.press("このランクを受ける")


@pytest.mark.req("C16", "C52", "C53", "C60", "D20")
def test_what_was_earned_before_keeps_the_reward_of_its_day(house):
    desk, evening = house.desk, house.evening
    first = confirm_conditions(house, "お仕事の条件をお知らせします", "2,500円")
    assert "2,500円" in first
    working.talk(house.phone, desk, evening, name=NAME)

    # The new conditions come in writing before they hold, and say what differs.
    rise_to_gold(house)
    mail = confirm_conditions(
        house,
        "11月23日(月)からのお仕事の条件",
        "5,000円",
        "変更前",
        "2,500円",
        "2026年11月23日から",
    )
    assert "報酬ランク: GOLD" in mail and "5,000円" in mail
    desk.go("/cast-room/conditions")
    desk.reads("適用前", "変更: 報酬ランク、1分の報酬、1枠の報酬")

    # Until midnight all is as it was.
    working.talk(house.phone, desk, evening, name=NAME)
    house.phone.reads("1分 × 5,000 pt")
    evening.come_to(MIDNIGHT)
    evening.do(casts.apply_prices)
    assert house.cast.rank is Rank.GOLD
    working.talk(house.phone, desk, evening, name=NAME)
    house.phone.reads("1分 × 10,000 pt")

    # Two of the old reward and one of the new; each keeps its own in list, total and claim.
    desk.go("/cast-room/earnings")
    desk.reads("10,000円", "3回")
    desk.go("/cast-room")
    desk.follow("請求集計・申請")
    desk.follow("集計する")
    desk.reads("1分 2,500円", "1分 5,000円", "合計 10,000円")
    desk.press("10,000円を請求する")
    desk.reads("10,000円", "12月30日(水)")
    evening.do(casting_letters.give_conditions)
    assert len(mails_to(house.email, "お仕事の条件")) == 2
    assert books.problems() == []
