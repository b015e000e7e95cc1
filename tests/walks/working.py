"""What casts and their guests do on more than one walk: begin to work, and talk by the minute."""

from datetime import date, timedelta

from sqlalchemy import select

from app.casts import jobs as casts
from app.casts.models import Rank, RankPrice
from app.db import session
from app.talks.models import Talk
from tests.evidence import Room
from tests.factories import PASSWORD
from tests.walks.evening import stay_together
from tests.walks.mailbox import link_in, read_mail

COUNTED = timedelta(minutes=11, seconds=1)  # after its end, a talk's minutes are final
SECONDS = {1: 80, 2: 140}  # together, with the free minute, for so many charged ones


def set_prices(prices, *, holds_from=date(2026, 1, 1)):
    """What a minute of these ranks costs, and a slot too; half of it is the cast's."""
    for rank, points in prices.items():
        row = {"price_points": points, "slot_points": points, "reward_percent": 50}
        session.merge(RankPrice(rank=Rank(rank), holds_from=holds_from, **row))
    session.flush()


def admit(office, *, rank, number):
    """The office opens the application that waits longest, looks, and passes it."""
    office.go("/admin")
    office.follow("審査")
    office.follow("営業日")
    office.press("画像1を開く")
    seen = dict.fromkeys(("face_ok", "name_ok", "born_ok", "address_ok"), "y")
    found = {"kind": "licence", "issuer": "東京都公安委員会", "number": number, "rank": rank}
    office.press("審査を通過とする", **found, **seen)
    office.reads("通過", rank.upper())


def begin_to_work(desk, address):
    """A password by the link of the mail, the door, and the account that rewards go to."""
    desk.go(link_in(read_mail(address, "通過")))
    desk.press("このパスワードにする", password=PASSWORD)
    desk.go("/cast/login")
    desk.press("ログイン", email=address, password=PASSWORD)
    desk.follow("銀行口座の登録へ")
    desk.follow("口座を登録する")
    register(desk, number="1234567")


def register(desk, *, number):
    """An account at a branch in Shinjuku, from the list of banks on."""
    desk.press("探す", words="みずほ")
    desk.follow("みずほ銀行")
    desk.press("探す", words="新宿")
    desk.follow("新宿")
    desk.press("この口座を登録する", kind="ordinary", number=number, password=PASSWORD)
    desk.reads("みずほ銀行", number[-4:])
    desk.misses(number)


def talk(phone, desk, evening, *, name, minutes=1):
    """A walk-in from the list to the receipt, where the guest stands then; its minutes are counted."""
    evening.do(casts.turn)
    desk.go("/cast-room")
    if any("待機を始める" in button.words for form in desk.page.forms for button in form.buttons):
        desk.press("待機を始める")
    phone.go("/casts")
    phone.follow(name)
    phone.follow("入室する")
    phone.press(f"{name}さんと話す")
    evening.pass_by(5)
    desk.go("/cast-room")
    desk.press("応答する")
    made = session.scalars(select(Talk).order_by(Talk.id.desc()).limit(1)).one()
    stay_together(evening, Room(made), SECONDS[minutes])
    phone.go(f"/talks/{made.public_id}/room")
    phone.press("トークを終える")
    evening.pass_by(COUNTED.total_seconds())
    phone.go(f"/talks/{made.public_id}/receipt")
    return made
