"""A guest writes about a walk-in: before its cast has claimed it, and after. Every page and paper agrees."""

import pytest

from app import case_letters, payout_letters
from app.books import checks as books
from app.db import session
from app.payouts import jobs as payouts
from app.payouts.models import Claim
from app.people.models import Account
from app.points import lots
from tests.commissions import name_seller
from tests.factories import japan, make_cast, make_fees, make_guest, make_operator, make_remitter
from tests.walks import working
from tests.walks.mailbox import link_in, read_mail
from tests.walks.walker import Walker

NAME = "千景"
SAID = "音声が途切れていた1分を返却します。"
CLOSING = japan(2026, 12, 1, 3, 0, 10)


class House:
    """A guest, a blue cast of 2,500 yen a minute, and two operators."""

    def __init__(self, evening, client_of):
        self.evening = evening
        name_seller()
        make_remitter()
        make_fees()
        working.set_prices({"blue": 5_000, "silver": 150})
        self.guest = make_guest(points=100_000, nickname="みずいろ")
        self.cast = session.get_one(Account, make_cast(name=NAME, online=False).account_id)
        self.phone, self.desk = Walker(client_of(self.guest)), Walker(client_of(self.cast))
        self.office, self.other_office = (Walker(client_of(make_operator())) for _ in range(2))

    @property
    def points(self):
        return lots.purse_of(self.guest.id, now=self.evening.now).points


@pytest.fixture
def house(app, evening, client_of, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return House(evening, client_of)


def write_to_the_office(phone):
    """From the receipt; when it was and with whom is filled in already (G30)."""
    phone.follow("事務局に連絡")
    phone.reads("トークの時間", "12:00–12:02", "キャスト名", NAME)
    phone.press_in_vain("事務局に連絡する")
    phone.press("事務局に連絡する", words="途中から声が聞こえませんでした。")
    phone.reads("にご連絡を受け付けました", "までに結果をお知らせします")


def decide(house, *warned, **more):
    """One of the two minutes goes back; both hear of it."""
    office = house.office
    office.go("/admin")
    office.follow("ケース")
    office.follow("0時間0分")
    office.reads("途中から声が聞こえませんでした。", "2分 × 5,000 pt", *warned)
    office.press("この内容で決定する", minutes="1", said=SAID, **more)
    house.evening.do(case_letters.tell_of_walk_ins)


def reads_the_receipt(house):
    mail = read_mail(house.guest.email, "決定しました")
    assert SAID in mail and "5,000 pt" in mail
    house.phone.go(link_in(mail))
    house.phone.reads(SAID, "2分 × 5,000 pt = 10,000 pt", "返却", "合計 5,000 pt")
    assert house.points == 95_000


def pay(house):
    """Closed, made, approved, sent and paid; the statement then, as the mail leads to it."""
    evening, first, second = house.evening, house.office, house.other_office
    evening.come_to(CLOSING)
    for _ in range(2):
        evening.do(payouts.close_months)
    evening.come_to(japan(2026, 12, 21, 11))
    first.go("/admin/payouts")
    first.press("この日の振込データを作成する")
    second.go(first.path)
    second.press("内容を確認したので、承認してファイルを作成する")
    second.press("ファイルを出力する")
    second.go(first.path)
    second.press("銀行がファイルを受け付けた")
    evening.come_to(japan(2026, 12, 30, 15))
    second.go(first.path)
    second.press("振込済みにして、キャストに知らせる")
    evening.do(payout_letters.tell_of_payouts)
    house.desk.go(link_in(read_mail(house.cast.email, "お振り込みしました")))


def reads_the_balance(house, *lines):
    house.office.go("/admin/books/balance")
    house.office.reads(*lines, "差 0 pt 0円 0 pt", "差 0円")
    assert books.problems() == []


@pytest.mark.req("G28", "G30", "G31", "D20", "C52", "C58")
def test_before_the_claim_the_minute_goes_back_and_is_never_claimed(house):
    talk = working.talk(house.phone, house.desk, house.evening, name=NAME, minutes=2)
    page = f"/cast-room/talks/{talk.public_id}"
    write_to_the_office(house.phone)
    house.desk.go(page)
    house.desk.reads("このトークを事務局で確認しています", "保留中")
    house.desk.misses("途中から声が")
    house.desk.go("/cast-room/claims/total")
    house.desk.reads("いま請求できるトークはありません。")

    decide(house)
    reads_the_receipt(house)
    mail = read_mail(house.cast.email, "決定しました")
    assert SAID in mail and "報酬: 2,500円" in mail and " pt" not in mail
    house.desk.go(link_in(mail))
    house.desk.reads(
        SAID, "事務局の決定により、1分を返却しました。", "このトークの報酬 2,500円", "請求可能"
    )
    house.desk.go("/cast-room/earnings")
    house.desk.reads("2,500円", "2,500円をゲストに返却", "請求可能")

    pay(house)
    house.desk.reads("1分 2,500円", "−110円", "2,390円")
    house.desk.misses("5,000円")
    reads_the_balance(house, "支払い済み 2,500円", "当社負担 0円")


@pytest.mark.req("G28", "G31", "C55", "C58", "D20")
def test_after_the_claim_the_house_bears_what_goes_back(house):
    """The cast keeps what was claimed, and each page and mail tells her so."""
    talk = working.talk(house.phone, house.desk, house.evening, name=NAME, minutes=2)
    house.desk.go("/cast-room/claims/total")
    house.desk.press("5,000円を請求する")
    house.desk.reads("このあとゲストへの返却があっても、請求した金額から差し引くことはありません")
    claim = house.desk.path
    house.phone.go(f"/talks/{talk.public_id}/receipt")
    write_to_the_office(house.phone)

    decide(house, "報酬5,000円を請求済みです", "当社の負担になります")
    reads_the_receipt(house)
    mail = read_mail(house.cast.email, "決定しました")
    assert SAID in mail and "報酬: 5,000円" in mail
    house.desk.go(link_in(mail))
    house.desk.reads("事務局の決定により、1分を返却しました。", "このトークの報酬 5,000円")
    house.desk.reads("報酬は減りません", "請求済み")
    for page in (claim, "/cast-room/earnings", "/cast-room/talks"):
        house.desk.go(page)
        house.desk.reads("5,000円")
        house.desk.misses("2,500円です")

    pay(house)
    house.desk.reads("2分 5,000円", "−110円", "4,890円")
    assert session.scalars(Claim.__table__.select().with_only_columns(Claim.yen)).all() == [5_000]
    reads_the_balance(house, "支払い済み 5,000円", "当社負担 2,500円")


@pytest.mark.req("G28", "G31")
def test_the_office_may_leave_the_reward_with_the_cast(house):
    working.talk(house.phone, house.desk, house.evening, name=NAME, minutes=2)
    write_to_the_office(house.phone)

    decide(house, keeps_reward="y")
    reads_the_receipt(house)
    assert "報酬: 5,000円" in read_mail(house.cast.email, "決定しました")
    house.desk.go("/cast-room/claims/total")
    house.desk.press("5,000円を請求する")
    reads_the_balance(house, "請求済み・振込準備前 5,000円")
