"""Leaving: why not yet, what is lost, and that nothing personal is left but what the register keeps."""

from datetime import timedelta

import pytest
from sqlalchemy import Date, LargeBinary, select, update

from app import leaving, letters, mail, policy
from app.audit import AuditEntry
from app.bookings.models import OpeningCall
from app.casts import memos
from app.casts.models import Cast, Favourite, GuestNote
from app.db import Base, session
from app.desk import jobs as desk
from app.desk.inquiry_tables import Inquiry
from app.errors import Refused
from app.mail import Mail, MailState
from app.messages import thread
from app.notices.models import NoticeReading
from app.people import closing, registration, signing_in, terms
from app.people.blocks import Block
from app.people.credentials import EmailChange, PasswordRequest, SignIn
from app.people.models import Account, DeviceCheck, MailChoices, Role
from app.personal_data import register
from app.points import expiry, lots, returning, spending
from app.points.models import PointEntry, Reason
from app.points.spending import Wanted
from app.purchases.models import Order, OrderState
from app.talks.models import TalkRating
from tests.evening_of_a_guest import (
    BORN_ON,
    EMAIL,
    NICKNAME,
    NOTED,
    PASSWORD,
    WORDS,
    make_guest_of_an_evening,
)
from tests.factories import (
    NOON,
    SECOND,
    give_points,
    make_cast,
    make_guest,
    make_talk,
    ring,
)
from tests.reservations import attend, make_booking, settle

DAY = timedelta(days=1)
LATER = NOON + 2 * DAY
ENTRIES = {entry.table: entry for entry in register.entries()}


def leave(guest, *, now=LATER, accepts_loss=True):
    points = lots.purse_of(guest.id, now=now).points
    letters.left(guest, points=points, now=now)
    lost = leaving.leave(guest.id, points_seen=points, accepts_loss=accepts_loss, now=now)
    session.flush()
    session.expire_all()
    return lost


def why_not(guest, *, now=NOON):
    return [problem.code for problem in leaving.why_not_leave(guest.id, now=now)]


def columns_with(words):
    """(table, column) of every place in the house where these words stand."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            values = session.scalars(select(column).where(column.is_not(None)))
            if any(stands_in(words, value, column) for value in values):
                found.add((table.name, column.name))
    return found


def stands_in(words, value, column):
    if isinstance(column.type, LargeBinary):
        return words.encode() in bytes(value)
    if isinstance(column.type, Date):
        return words == value.isoformat()
    return words in str(value)


@pytest.mark.req("D35", "G38")
def test_nothing_personal_is_left_but_what_the_register_keeps(at, queue):
    guest = make_guest_of_an_evening()
    for words in (EMAIL, NICKNAME, BORN_ON.isoformat(), *WORDS.values(), NOTED, "Chrome 131"):
        assert columns_with(words), f"the evening has left no {words}"

    last = f"account:{guest.id}:left"
    leave(guest)

    # Mails to casts name the guest, and the last mail the address, until their time is over; the
    # report of a cast says whom it is about, as their name read then.
    assert columns_with(EMAIL) == {("mail", "to")}
    mails, reported = {("mail", "body"), ("mail", "subject")}, {("person_report", "seen")}
    assert columns_with(NICKNAME) == mails | reported
    assert session.scalars(select(Mail.key).filter_by(to=EMAIL)).all() == [last]
    assert columns_with(BORN_ON.isoformat()) == columns_with("Chrome 131") == set()
    assert columns_with(WORDS["rating"]) == columns_with(NOTED) == set()
    assert columns_with(WORDS["inquiry"]) == {("inquiry_line", "words")}
    for kept in (WORDS[each] for each in ("message", "report", "objection", "person_report")):
        for table, column in columns_with(kept):
            assert column in ENTRIES[table].kept.split() and ENTRIES[table].why

    at(LATER + policy.MAILS_KEPT + DAY)
    mail.send_due(smtp_url="", sender="us@example.com", now=LATER)
    queue.do(letters.erase_old)

    assert columns_with(EMAIL) == set()
    assert columns_with(NICKNAME) == reported

    thread.erase_old(LATER + policy.WORDS_KEPT)
    assert columns_with(WORDS["message"]) == reported
    at(LATER + max(policy.CONDUCT_KEPT, policy.INQUIRY_KEPT))
    queue.do(desk.forget_conduct)
    queue.do(desk.forget_inquiries)

    for gone in (NICKNAME, WORDS["message"], WORDS["person_report"], WORDS["inquiry"]):
        assert columns_with(gone) == set()


@pytest.mark.req("D35")
def test_rows_that_the_register_lets_go_are_gone_and_erased_columns_say_nothing():
    guest = make_guest_of_an_evening()
    guest.suspended_at, guest.suspended_because = NOON, "言葉づかいのため"
    guest_id, before = guest.id, {name: getattr(guest, name) for name in erased_of("account")}

    leave(guest)

    for model in (
        Favourite,
        MailChoices,
        DeviceCheck,
        OpeningCall,
        SignIn,
        EmailChange,
        PasswordRequest,
        Block,
        GuestNote,
        NoticeReading,
    ):
        assert ENTRIES[model.__tablename__].goes
        assert session.scalars(select(model)).all() == [], model
    account = session.get_one(Account, guest_id)
    unchanged = {name for name, value in before.items() if getattr(account, name) == value}
    assert unchanged == {"locale"}  # was the usual one
    assert account.nickname == closing.GONE and account.email.endswith(f"@{closing.NOBODY}")
    assert session.scalars(select(TalkRating.line)).all() == [""]
    inquiry = session.scalars(select(Inquiry)).one()
    assert {getattr(inquiry, name) for name in erased_of("inquiry")} == {"", None}
    assert session.scalars(select(Cast.rating_count).filter_by(name="ひより")).one() == 1


def erased_of(table):
    return ENTRIES[table].erased.split()


@pytest.mark.req("D35")
def test_what_is_left_of_the_points_ends_as_entries_and_the_books_agree():
    guest = make_guest()
    give_points(guest, 500)
    give_points(guest, 300)

    assert leave(guest) == 800

    ended = session.scalars(select(PointEntry).filter_by(reason=Reason.EXPIRY)).all()
    assert sorted(entry.delta for entry in ended) == [-500, -300]
    assert {entry.at for entry in ended} == {LATER}
    assert expiry.expire_due(NOON + 365 * DAY) == 0


def test_points_that_come_back_to_somebody_who_left_still_expire_with_their_lot():
    guest = make_guest(points=500)
    minute = Wanted(guest.id, 100, "talk:1", "minute")
    spending.spend_many([minute], reason=Reason.TALK_MINUTE, now=NOON)
    leave(guest)
    returning.give_back("minute", reason=Reason.MINUTE_RETURNED, key="back", now=LATER)

    assert expiry.expire_due(NOON + 365 * DAY) == 1


@pytest.mark.req("D35")
def test_the_loss_has_to_be_accepted_and_the_points_be_those_that_were_seen():
    guest = make_guest(points=500)

    with pytest.raises(Refused) as refused:
        leaving.leave(guest.id, points_seen=500, accepts_loss=False, now=NOON)
    assert refused.value.codes == {"loss_not_accepted"}
    with pytest.raises(Refused) as refused:
        leaving.leave(guest.id, points_seen=400, accepts_loss=True, now=NOON)
    assert refused.value.codes == {"points_changed"}
    assert guest.closed_at is None
    assert lots.purse_of(guest.id, now=NOON).points == 500


@pytest.mark.req("D35")
def test_nobody_leaves_while_a_talk_rings_or_runs():
    guest, cast = make_guest(points=500), make_cast()
    ring(guest, cast)
    assert why_not(guest) == ["in_a_talk"]

    runs = make_guest(points=500)
    make_talk(runs, make_cast())
    assert why_not(runs) == ["in_a_talk"]
    with pytest.raises(Refused):
        leave(runs)


@pytest.mark.req("D35")
def test_nobody_leaves_with_a_reservation_ahead_or_not_settled():
    booking = make_booking()
    guest = session.get_one(Account, booking.guest_id)
    assert why_not(guest) == ["booked"]
    assert why_not(guest, now=booking.ends_at + SECOND) == ["booked"]

    attend(booking, guest=[(0, 1_000)], cast=[(0, 1_000)])
    settle(booking)

    assert why_not(guest) == []


@pytest.mark.req("D35")
def test_nobody_leaves_while_the_office_has_to_decide():
    booking = make_booking(slots=3)
    attend(booking, cast=[(0, 60)])
    settle(booking)
    guest = session.get_one(Account, booking.guest_id)

    assert why_not(guest) == ["open_case"]  # of which no case is made yet


@pytest.mark.parametrize(
    ("state", "age", "codes"),
    [
        (OrderState.CONFIRMED, policy.ORDER_UNANSWERED - SECOND, ["open_order"]),
        (OrderState.CONFIRMED, policy.ORDER_UNANSWERED, []),
        (OrderState.PENDING, 9 * DAY, ["open_order"]),
        (OrderState.FAILED, timedelta(0), []),
    ],
)
def test_an_order_that_may_still_be_paid_is_waited_for(state, age, codes):
    guest = make_guest()
    session.add(
        Order(
            guest_id=guest.id,
            points=500,
            price_yen=500,
            form_key="screen",
            shown={},
            gateway="sandbox",
            state=state,
            back_to="/points",
            created_at=NOON,
        )
    )

    assert why_not(guest, now=NOON + age) == codes


@pytest.mark.req("D35")
def test_all_sessions_end_and_the_address_can_register_anew():
    guest = make_guest_of_an_evening()
    key = signing_in.begin(guest, device="Chrome / Windows", now=NOON).key

    leave(guest)

    assert signing_in.find(key) is None
    assert signing_in.sign_in(EMAIL, PASSWORD, role=Role.GUEST, now=LATER) is None
    again = registration.register(
        email=EMAIL,
        password=PASSWORD,
        nickname="新しい人",
        born_on=BORN_ON,
        consents=terms.FIRST,
        locale="ja",
        now=LATER,
    )
    assert again.is_new and again.account.id != guest.id
    assert lots.purse_of(again.account.id, now=LATER).points == 0


def test_two_who_left_are_told_apart_and_both_may_leave():
    for _ in range(2):
        leave(make_guest())

    assert len(set(session.scalars(select(Account.email)))) == 2


@pytest.mark.req("D35")
def test_what_waits_in_the_outbox_does_not_leave_but_the_last_mail_does():
    guest = make_guest(email=EMAIL, nickname=NICKNAME)
    letters.already_registered(guest, now=NOON)

    leave(guest)

    states = dict(session.execute(select(Mail.state, Mail.to)).all())
    assert states == {MailState.WITHDRAWN: "", MailState.WAITING: EMAIL}


@pytest.mark.parametrize(
    ("locale", "subject", "lost"),
    [
        ("ja", "【サシトーク】退会が完了しました", "残りの500 ptは"),
        ("en", "Sashitalk: your account is closed", "The remaining 500 pt are gone"),
    ],
)
def test_the_last_mail_says_what_is_gone_and_what_stays(locale, subject, lost):
    guest = make_guest(points=500, email=EMAIL, nickname=NICKNAME)
    guest.locale = locale

    leave(guest)

    last = session.scalars(select(Mail)).one()
    assert (last.to, last.subject) == (EMAIL, subject)
    assert lost in last.body and NICKNAME in last.body
    assert str(policy.BOOKS_KEPT_YEARS) in last.body and str(policy.MAILS_KEPT.days) in last.body
    assert "/register\n" in last.body


def test_a_mail_that_a_job_wrote_at_that_very_moment_is_erased_soon(at, queue):
    guest = make_guest(email=EMAIL)
    last = f"account:{guest.id}:left"
    leave(guest)
    mail.post(to=EMAIL, subject="x", body="x", key="x:1", now=LATER, account_id=guest.id)
    letters.already_registered(guest, now=LATER)
    at(LATER)

    queue.do(letters.erase_old)

    kept = session.scalars(select(Mail.key).filter_by(to=EMAIL)).all()
    assert kept == [last]


def test_the_audit_knows_that_and_when():
    guest = make_guest()
    leave(guest)

    note = session.scalars(select(AuditEntry).filter_by(did="account.left")).one()
    assert (note.about, note.at) == (f"account:{guest.id}", LATER)


def test_old_mails_of_everybody_are_erased_and_young_ones_stay(at, queue):
    for key, days in (("old", 31), ("young", 29)):
        moment = LATER - days * DAY
        mail.post(to="a@example.com", subject=key, body=key, key=key, now=moment)
        session.execute(update(Mail).values(state=MailState.SENT))
    at(LATER)

    queue.do(letters.erase_old)

    session.expire_all()
    found = dict(session.execute(select(Mail.key, Mail.to)).all())
    assert found == {"old": "", "young": "a@example.com"}


def test_what_casts_noted_about_a_guest_goes_and_does_not_come_back():
    guest, other, cast = make_guest(), make_guest(), make_cast()
    for each in (guest, other):
        memos.save_note(cast.account_id, each.id, words="猫が好き", seen=0, now=NOON)

    leave(guest)

    assert [note.guest_id for note in memos.notes_of(cast.account_id)] == [other.id]
    with pytest.raises(Refused, match="closed"):
        memos.save_note(cast.account_id, guest.id, words="猫が好き", seen=0, now=LATER)
