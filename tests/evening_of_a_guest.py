"""A guest who did everything that one can do here, for tests of what is left of them.

Every word that the guest gave is one of WORDS, and stands nowhere else.
"""

from datetime import date, timedelta

from sqlalchemy import select

from app import case_letters, desk_letters, letters
from app.bookings import completions, notices, openings
from app.bookings.models import Booking, CompletionKind
from app.cases import deciding, opening, walk_ins
from app.casts import favourites, memos
from app.casts.models import Cast
from app.db import session
from app.desk import conduct, inquiries, moderation, person_reports
from app.desk.inquiry_tables import Subject
from app.desk.moderation_tables import Verdict
from app.messages import thread
from app.messages.models import Message
from app.notices import office_notices
from app.notices.models import Audience
from app.people import (
    addresses,
    blocks,
    choices,
    devices,
    recovery,
    registration,
    signing_in,
    terms,
)
from app.people.choices import Topic
from app.people.models import Account, Role
from app.purchases import orders, packs, settling
from app.talks import impressions, rating, reports
from app.talks.models import Party, ReportReason, Talk
from tests.evidence import at, finish, make_room
from tests.factories import NOON, give_points, make_cast, make_operator, publish
from tests.reservations import attend, make_booking, settle

DAY = timedelta(days=1)
EMAIL = "kieru@secret.example"
NICKNAME = "消えるさん"
BORN_ON = date(1987, 6, 5)
PASSWORD = "a password of nobody else"
SECRET = "a secret of at least thirty-two letters"
WORDS = {
    "message": "明日は仕事の話をしたいです",
    "rating": "とても楽になりました",
    "report": "連絡先を聞かれました",
    "objection": "声が聞こえませんでした",
    "walk_in": "途中で音が切れました",
    "inquiry": "領収書の宛名を変えられますか",
    "person_report": "しつこく勧誘されました",
}
NOTED = "コーヒーが好きな方"  # by a cast, about the guest
ALL = [(0, 1_000)]


def make_guest_of_an_evening() -> Account:
    """Registered, bought, talked, rated, reported, booked, wrote, objected; all of it is over."""
    guest = _registered()
    cast = make_cast(name="ひより")
    _bought(guest)
    _talked(guest, cast)
    booking = _booked(guest, make_cast(name="れん", online=False))
    _chose(guest, cast)
    _asked_the_office(guest, booking)
    _fell_out(guest, booking)
    _mailed(guest, booking)
    session.flush()
    return guest


def _registered() -> Account:
    guest = registration.register(
        email=EMAIL,
        password=PASSWORD,
        nickname=NICKNAME,
        born_on=BORN_ON,
        consents=terms.FIRST,
        locale="ja",
        now=NOON,
    ).account
    letters.confirmation(guest, now=NOON)
    registration.confirm_address(guest, now=NOON)
    tested = dict.fromkeys(("camera", "microphone", "speaker", "echo", "connection"), True)
    signing_in.begin(guest, device="Chrome 131 / Windows", now=NOON)
    addresses.ask(guest, "kawaru@secret.example", password=PASSWORD, now=NOON)
    recovery.ask(EMAIL, Role.GUEST, now=NOON)
    devices.keep(guest.id, device="Chrome 131, Windows", **tested, now=NOON)
    return guest


def _bought(guest: Account) -> None:
    order = orders.confirm(
        guest.id,
        points=1000,
        price_yen=packs.price_yen(1000),
        form_key=f"screen of {guest.id}",
        shown={"Price": "1,000"},
        gateway="sandbox",
        back_to="/points",
        now=NOON,
    )
    paid = settling.Notice(
        key=f"sandbox:{order.public_id}",
        order_public_id=order.public_id,
        amount_yen=order.price_yen,
        outcome=settling.Outcome.PAID,
        body={"order": order.public_id},
    )
    settling.settle(paid, now=NOON)
    give_points(guest, 10_000)


def _talked(guest: Account, cast: Cast) -> Talk:
    room = make_room(guest=guest, cast=cast)
    room.talk_until(130)
    finish(room, "guest leaves", 130)
    talk = room.talk
    rating.rate(talk, stars=5, line=WORDS["rating"], now=at(600))
    reports.report(
        talk.id,
        by=Party.GUEST,
        person=guest.id,
        reason=ReportReason.CONTACT,
        words=WORDS["report"],
        now=at(600),
    )
    case = walk_ins.object_to(talk.id, words=WORDS["walk_in"], now=at(700))
    walk_ins.decide(
        case.id,
        minutes=1,
        keeps_reward=True,
        said="1分を返却します",
        by=make_operator().id,
        now=at(1_000),
    )
    impressions.keep(talk.id, stars=5, words="明るい方でした", now=at(700))
    return talk


def _booked(guest: Account, cast: Cast) -> Booking:
    booking = make_booking(guest=guest, cast=cast, slots=2)
    thread.write(booking.id, by=Party.GUEST, words=WORDS["message"], knows_warning=False, now=NOON)
    notices.remind_due(booking.starts_at - timedelta(minutes=5))
    attend(booking, guest=ALL, cast=ALL)
    completions.file(
        booking.id,
        kind=CompletionKind.DONE,
        impression="落ち着いた方でした",
        stars=5,
        now=booking.talk_ends_at,
    )
    settled = settle(booking)
    assert settled
    case = opening.object_to(
        booking.id, by=Party.GUEST, words=WORDS["objection"], now=settled.settled_at
    )
    deciding.decide(
        case.id,
        returned_points=100,
        earned_yen=200,
        said="記録を確認しました",
        by=make_operator().id,
        now=settled.settled_at + timedelta(hours=1),
    )
    return booking


def _chose(guest: Account, cast: Cast) -> None:
    favourites.add(guest.id, cast.account_id, now=NOON)
    favourites.tell(guest.id, cast.account_id, wanted=True, now=NOON)
    wanted = dict.fromkeys(Topic, True)
    choices.keep(guest, wanted, tell_from=10, tell_until=20, now=NOON)
    start = NOON + 2 * DAY
    publish(cast, start)
    openings.ask(guest.id, cast.account_id, starts_at=start, now=NOON)


def _asked_the_office(guest: Account, booking: Booking) -> None:
    """An inquiry with its answer and a note, and a notice that was read."""
    office = make_operator().id
    asked = inquiries.Asked(
        subject=Subject.TALK,
        name=NICKNAME,
        email=EMAIL,
        about=f"{NICKNAME}の予約",
        words=WORDS["inquiry"],
        locale="ja",
        account_id=guest.id,
        booking=booking,
    )
    inquiry = inquiries.ask(asked, form_key=f"contact of {guest.id}", now=NOON)
    desk_letters.inquiry_received(inquiry, now=NOON)
    inquiries.answer(inquiry.id, words="変えられます", seen=1, closes=True, by=office, now=NOON)
    inquiries.write_note(inquiry.id, words="以前にも同じ質問", by=office, now=NOON)
    notice = office_notices.write(
        title="点検のお知らせ",
        words="明日の朝に点検します。",
        audience=Audience.GUESTS,
        starts_at=NOON,
        ends_at=None,
        must_read=True,
        by=office,
        now=NOON,
    )
    office_notices.confirm(notice, by=guest, now=NOON)


def _fell_out(guest: Account, booking: Booking) -> None:
    """Noted by a cast; both have blocked and reported each other; the office has warned the guest."""
    cast = session.get_one(Account, booking.cast_id)
    memos.save_note(cast.id, guest.id, words=NOTED, seen=0, now=NOON)
    for one, other in ((guest, cast), (cast, guest)):
        blocks.block(one, other, now=NOON)
        person_reports.report_person(
            other, by=one, reason=ReportReason.OTHER, words=WORDS["person_report"], now=NOON
        )
    message = session.scalars(select(Message).filter_by(booking_id=booking.id)).one()
    person_reports.report_message(
        message,
        by=cast,
        writer_id=guest.id,
        reason=ReportReason.HARASSMENT,
        words="失礼です",
        now=NOON,
    )
    office = make_operator().id
    item = moderation.about_person(guest)[0]
    moderation.look_at(item, verdict=Verdict.WARNED, words="軽微です", by=office, now=NOON)
    conduct.note(guest.id, words="様子を見る", by=office, now=NOON)
    warning = conduct.warn(guest.id, words="言葉づかいにお気をつけください", by=office, now=NOON)
    desk_letters.warned(guest, warning, now=NOON)


def _mailed(guest: Account, booking: Booking) -> None:
    """What the jobs write: to the guest, and of the guest to the cast."""
    for notice in notices.unmailed():
        letters.of_booking(notice, now=NOON)
        notices.mark_mailed(notice, now=NOON)
    for case in walk_ins.untold():
        case_letters.walk_in_decided(case, now=NOON)
        walk_ins.mark_told(case, now=NOON)
    assert booking.guest_id == guest.id
