"""A reservation, page by page and without JavaScript: schedule, booking, mails, talk, settlement, case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.bookings.models import Booking
from app.books import checks as books
from app.db import session
from app.mail import Mail, MailState
from app.people.models import Account
from app.points import lots
from app.talks.models import Talk
from tests.evidence import CAST, GUEST, Room
from tests.factories import NOON, japan, make_cast, make_guest, make_operator
from tests.walks.walker import Walker

EIGHT = japan(2026, 11, 22, 20)  # this evening
HALF_HOURS = [EIGHT + n * timedelta(minutes=30) for n in range(2)]


@pytest.fixture
def cast():
    return make_cast(name="ひより", online=False)


@pytest.fixture
def people(client_of, evening, cast):
    """A guest, a cast and an operator, each at a browser without JavaScript."""
    guest = make_guest(points=2000, nickname="みずいろ")
    her = session.get_one(Account, cast.account_id)
    return guest, [Walker(client_of(each)) for each in (guest, her, make_operator())]


def mails_to(account):
    wanted = select(Mail.subject).where(Mail.to == account.email, Mail.state != MailState.WITHDRAWN)
    return list(session.scalars(wanted.order_by(Mail.id)))


def publish_the_evening(cast_page):
    """Ticked and registered, as the form without a script does it."""
    cast_page.go("/cast-room")
    cast_page.follow("スケジュール登録")
    ticks = {"at": [each.isoformat() for each in HALF_HOURS]}
    answer = cast_page.client.post("/cast-room/schedule", data={"week": "2026-11-22", **ticks})
    assert answer.status_code == 303
    cast_page.go(answer.location)


def book_two_slots(guest_page, cast):
    guest_page.go(f"/casts/{cast.public_id}")
    guest_page.follow("20:00から予約する")
    guest_page.press("確認画面へ進む", slots="2")
    guest_page.reads("通話5分", "この予約はキャンセルしてもポイントが戻りません")
    guest_page.press("600 ptで予約を確定する")


@pytest.mark.req("G20", "G26", "G28", "G30", "G31", "C30", "C31", "C35", "C36", "C44", "C47", "C49")
@pytest.mark.req("D16", "D17", "D41", "D42")
def test_from_the_schedule_to_the_decision_of_the_office(people, cast, evening):
    guest, (at_phone, at_desk, at_office) = people
    publish_the_evening(at_desk)
    book_two_slots(at_phone, cast)
    booking = session.scalars(select(Booking)).one()
    evening.pass_by(5)
    assert any("ご予約いただきました" in subject for subject in mails_to(guest))

    # They write each other before the talk.
    at_desk.go("/cast-room")
    at_desk.follow("みずいろさん")
    at_desk.press("送信する", words="どのようなお話をご希望ですか?")
    at_phone.go(f"/bookings/{booking.public_id}")
    at_phone.reads("どのようなお話をご希望ですか?")
    at_phone.press("送信する", words="映画の話ができたらうれしいです。")

    # An hour and ten minutes before, both hear of it.
    for before in (timedelta(minutes=60), timedelta(minutes=10)):
        evening.come_to(EIGHT - before)
    heard = mails_to(guest)
    assert sum("トークが始まります" in subject for subject in heard) == 2

    # The guest is there from the start; the cast comes a minute into the talk.
    evening.come_to(EIGHT)
    at_phone.go(f"/bookings/{booking.public_id}")
    at_phone.press("トークルームに入る")
    room = Room(session.scalars(select(Talk)).one())
    start = (EIGHT - NOON).total_seconds()
    room.join(GUEST, at=start + 5)
    room.beats(start + 5, start + 90)
    room.join(CAST, at=start + 90)
    room.beats(start + 90, start + 330)
    evening.come_to(EIGHT + timedelta(seconds=330))
    evening.tell(room)
    evening.pass_by(5)

    # The report is filled in; ten minutes later the missed minute goes back.
    at_desk.go(f"/cast-room/bookings/{booking.public_id}")
    at_desk.press("報告する", impression="少し遅れてしまいました。", stars="5")
    evening.come_to(booking.report_until + timedelta(seconds=1))
    at_phone.go(f"/bookings/{booking.public_id}")
    at_phone.reads("ひよりさんがいなかった1:00分のポイントをお戻ししました", "120 pt")
    at_desk.go(f"/cast-room/bookings/{booking.public_id}")
    at_desk.reads("240円")

    # The guest says that it was otherwise; the office looks and returns more.
    at_phone.follow("事務局に連絡")
    at_phone.reads("ひより", "20:00")
    at_phone.press("事務局に連絡する", words="音が聞こえず、ほとんど話せませんでした。")
    at_office.go("/admin/cases")
    at_office.follow("0時間0分")
    at_office.reads("音が聞こえず", "少し遅れてしまいました。")
    at_office.press(
        "この内容で決定する", returned_points="600", earned_yen="0", said="全額をお戻しします。"
    )
    evening.pass_by(5)

    at_phone.go(f"/bookings/{booking.public_id}")
    at_phone.reads("全額をお戻しします。", "600 pt")
    decided = select(Mail.body).where(Mail.to == guest.email, Mail.subject.contains("決定しました"))
    assert "全額をお戻しします。" in session.scalars(decided).one()
    assert lots.purse_of(guest.id, now=evening.now).points == 2000
    assert books.problems() == []


@pytest.mark.req("D39", "D42", "G25")
def test_what_the_cast_cancels_is_returned_and_reminds_nobody(people, cast, evening):
    guest, (at_phone, at_desk, _) = people
    publish_the_evening(at_desk)
    book_two_slots(at_phone, cast)
    booking = session.scalars(select(Booking)).one()

    at_desk.go(f"/cast-room/bookings/{booking.public_id}")
    at_desk.follow("予約をキャンセルする")
    at_desk.press("このトークをキャンセルする")
    for before in (60, 10, 0):
        evening.come_to(EIGHT - timedelta(minutes=before))

    at_phone.go("/bookings")
    at_phone.reads("キャストによるキャンセル")
    assert lots.purse_of(guest.id, now=NOON).points == 2000
    assert [s for s in mails_to(guest) if "始まります" in s] == []
    assert sum("キャンセルされました" in subject for subject in mails_to(guest)) == 1
