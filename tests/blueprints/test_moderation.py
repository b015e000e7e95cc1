"""The operator's moderation: the list, a verdict, a person's page, warning and suspending."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app import letters
from app.audit import AuditEntry
from app.bookings.models import BookingState, Settlement, Slot
from app.cases.models import Case
from app.casts.models import State
from app.db import db, session
from app.desk import conduct, figures, inquiries, jobs, moderation, person_reports
from app.desk.inquiry_tables import Subject
from app.desk.moderation_tables import Look, PersonNote, Verdict
from app.errors import Refused
from app.mail import Mail
from app.messages import thread
from app.people import blocks
from app.people.models import Account
from app.points.lots import purse_of
from app.talks import entering, reports
from app.talks.models import LIVE_STATES, EndedBy, Party, ReportReason, Talk, TalkState
from tests.evidence import CAST
from tests.factories import (
    NOON,
    PASSWORD,
    book,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    publish,
    ring,
)
from tests.reservations import make_booking

HOUR = timedelta(hours=1)
HX = {"HX-Request": "true"}
BECAUSE = "連絡先の交換を繰り返し求めたため"


@pytest.fixture
def guest(at):
    at(NOON)
    return make_guest(points=20_000, nickname="みずいろ")


@pytest.fixture
def cast():
    return make_cast(name="千景")


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def desk(operator, client_of):
    return client_of(operator)


def person(cast):
    return session.get(Account, cast.account_id)


def report_cast(guest, cast, words="こわかったです"):
    return person_reports.report_person(
        person(cast), by=guest, reason=ReportReason.HARASSMENT, words=words, now=NOON
    )


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def did():
    return session.scalars(select(AuditEntry.did).order_by(AuditEntry.id)).all()


@pytest.mark.req("D41")
def test_talks_messages_profiles_and_flags_stand_in_one_list(desk, guest, cast):
    talk = make_talk(guest, cast)
    reports.report(
        talk.id,
        by=Party.GUEST,
        person=guest.id,
        reason=ReportReason.MONEY,
        words="お金の話",
        now=NOON,
    )
    report_cast(guest, cast)
    booking = make_booking(
        guest=make_guest(points=9_000), cast=make_cast(name="朝日"), start=NOON + 5 * HOUR
    )
    thread.write(booking.id, by=CAST, words="090-1234-5678 です", knows_warning=True, now=NOON)

    page = desk.get("/admin/moderation").text

    for words in ("お金の話", "こわかったです", "090-1234-5678 です", "朝日", "千景"):
        assert words in page
    only = desk.get("/admin/moderation?kind=flagged").text
    assert "090-1234-5678" in only and "こわかったです" not in only
    assert desk.get("/admin/moderation?kind=other").status_code == 404
    flagged = session.scalars(select(thread.Message)).one()
    for path in (
        f"talk/{talk.public_id}.guest",
        f"flagged/{flagged.public_id}",
        f"profile/{report_cast(guest, cast).public_id}",
    ):
        assert desk.get(f"/admin/moderation/{path}").status_code == 200
    for path in ("talk/x.guest", "talk/x", "flagged/x", "profile/x", "other/x"):
        assert desk.get(f"/admin/moderation/{path}").status_code == 404


def test_the_first_look_stands_and_a_warning_is_mailed_once(desk, client_of, guest, cast):
    url = f"/admin/moderation/profile/{report_cast(guest, cast).public_id}"
    words = "やさしい言葉でお話しください"

    desk.post(url, data={"press": "warned", "words": words})
    client_of(make_operator()).post(url, data={"press": "fine", "words": "問題なし"})

    assert session.scalars(select(Look)).one().verdict == "warned"
    (mail,) = mails()
    assert (mail.to, mail.subject) == (person(cast).email, "【サシトーク】事務局からのお願い")
    assert words in mail.body
    assert "http://127.0.0.1:5000/contact?subject=account" in mail.body
    assert "みずいろ" not in mail.body
    assert "こわかったです" not in desk.get("/admin/moderation").text
    assert "こわかったです" in desk.get("/admin/moderation?state=looked-at").text
    assert {"account.warned", "moderation.looked_at"} <= set(did())


def test_what_waits_is_not_pushed_out_by_what_was_looked_at(
    desk, operator, guest, cast, monkeypatch
):
    monkeypatch.setattr(moderation, "SHOWN", 1)
    report_cast(guest, cast)
    newer = report_cast(make_guest(nickname="あとから"), cast, words="あとの報告")
    assert moderation.count_new() == 2
    item = moderation.find(moderation.Kind.PROFILE, newer.public_id)
    moderation.look_at(item, verdict=Verdict.FINE, words="", by=operator.id, now=NOON)

    page = desk.get("/admin/moderation").text

    assert "こわかったです" in page and "あとの報告" not in page
    assert moderation.count_new() == 1
    assert [each.words for each in moderation.listed(looked_at=True)] == ["あとの報告"]


def test_the_list_asks_no_more_for_many_than_for_one(desk, guest):
    def asked():
        questions = []

        def note(*args):
            questions.append(args[2])

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert desk.get("/admin/moderation").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(questions)

    report_cast(guest, make_cast())
    one = asked()
    for _ in range(5):
        report_cast(make_guest(), make_cast())

    assert asked() == one


def test_every_kind_counts_until_it_was_looked_at(operator, guest, cast):
    talk = make_talk(guest, cast)
    reports.report(
        talk.id, by=Party.GUEST, person=guest.id, reason=ReportReason.OTHER, words="", now=NOON
    )
    report_cast(guest, cast)
    booking = make_booking(guest=guest, cast=cast, start=NOON + 20 * HOUR)
    thread.write(booking.id, by=CAST, words="090-1234-5678 です", knows_warning=True, now=NOON)
    waiting = moderation.listed()
    assert len(waiting) == moderation.count_new() == 3

    for number, item in enumerate(waiting, 1):
        moderation.look_at(item, verdict=Verdict.FINE, words="", by=operator.id, now=NOON)
        assert len(moderation.listed()) == moderation.count_new() == 3 - number


@pytest.mark.committed
def test_of_two_operators_who_warn_at_once_one_warns(client_of, at_once, at):
    at(NOON)
    guest, cast = make_guest(), make_cast()
    url = f"/admin/moderation/profile/{report_cast(guest, cast).public_id}"
    browsers = [client_of(make_operator()) for _ in range(2)]
    session.commit()

    at_once(
        *(
            lambda browser=browser: browser.post(url, data={"press": "warned", "words": "やさしく"})
            for browser in browsers
        )
    )

    assert len(mails()) == 1
    assert len(session.scalars(select(PersonNote)).all()) == 1


def test_pressing_warn_twice_warns_once(desk, guest):
    url = f"/admin/people/{guest.public_id}/notes"
    for words in ("やさしく", "やさしく", "もう一度"):
        desk.post(url, data={"press": "warn", "words": words})

    assert [each.words for each in session.scalars(select(PersonNote).order_by(PersonNote.id))] == [
        "やさしく",
        "もう一度",
    ]
    assert len(mails()) == 2


def test_a_warning_needs_words(desk, guest, cast):
    url = f"/admin/moderation/profile/{report_cast(guest, cast).public_id}"

    answer = desk.post(url, data={"press": "warned", "words": ""}, headers=HX)

    assert answer.status_code == 422
    assert "理由を入力してください" in answer.text
    assert mails() == []
    assert session.scalars(select(Look)).all() == []


def test_a_persons_page_shows_everything_about_them(desk, guest, cast):
    report_cast(guest, cast)
    blocks.block(guest, person(cast), now=NOON)
    url = f"/admin/people/{cast.public_id}"
    desk.post(f"{url}/notes", data={"press": "note", "words": "二度目"})

    page = desk.get(url).text

    for words in ("こわかったです", "二度目", person(cast).email, "この人をブロックした人"):
        assert words in page
    assert mails() == []
    assert desk.get(f"/admin/people/{make_operator().public_id}").status_code == 404


def test_a_guest_is_out_everywhere_at_once(desk, client, client_of, guest, cast):
    mine = client_of(guest)
    talk = make_talk(guest, cast)
    assert mine.get("/me").status_code == 200
    shown = desk.get(f"/admin/people/{guest.public_id}/suspension").text
    assert "すべての端末からすぐにログアウト" in shown
    assert guest.suspended_at is None

    for _ in range(2):
        desk.post(f"/admin/people/{guest.public_id}/suspension", data={"words": BECAUSE})

    assert mine.get("/me").status_code == 303
    assert (talk.state, talk.ended_by) == (TalkState.ENDED, EndedBy.OPERATOR)
    (mail,) = mails()
    assert (mail.to, mail.subject) == (
        guest.email,
        "【サシトーク】アカウントの利用停止のお知らせ",
    )
    assert BECAUSE in mail.body
    assert "http://127.0.0.1:5000/contact?subject=account" in mail.body
    assert did().count("account.suspended") == 1

    right = client.post("/login", data={"email": guest.email, "password": PASSWORD})
    wrong = client.post("/login", data={"email": guest.email, "password": "something else"})
    assert right.status_code == wrong.status_code == 422
    assert "現在ご利用を停止しています" in right.text
    assert "/contact?subject=account" in right.text
    assert "ご利用を停止" not in wrong.text
    assert client.get("/me").status_code == 303


def test_a_suspended_cast_leaves_list_page_and_schedule(desk, client, client_of, guest, cast):
    publish(cast, NOON + 2 * HOUR)
    waiting = ring(make_guest(points=5_000), cast)
    hers = client_of(person(cast))

    desk.post(f"/admin/people/{cast.public_id}/suspension", data={"words": BECAUSE})

    assert hers.get("/cast-room").status_code == 303
    assert waiting.state is TalkState.WITHDRAWN
    assert cast.state is State.OFFLINE
    assert "千景" not in client.get("/casts").text
    mine = client_of(guest)
    for path in ("", "/entry"):
        assert mine.get(f"/casts/{cast.public_id}{path}").status_code == 404
    for refused in (ring, lambda *who: book(*who, NOON + 2 * HOUR)):
        with pytest.raises(Refused):
            refused(guest, cast)
    assert desk.get(f"/casts/{cast.public_id}").status_code == 200

    desk.post(f"/admin/people/{cast.public_id}/suspension/end")

    assert "千景" in client.get(f"/casts/{cast.public_id}").text
    assert mails()[-1].subject == "【サシトーク】アカウントの利用停止を解除しました"
    assert "これまでどおりログインできます" in mails()[-1].body
    login = {"email": person(cast).email, "password": PASSWORD}
    assert client.post("/cast/login", data=login).status_code == 303
    assert did()[-2:] == ["account.suspension_lifted", "account.password_given"]


@pytest.mark.parametrize("hours", [20, 0.5])
def test_reservations_stay_until_the_office_returns_everything(desk, guest, cast, hours, at):
    start = NOON + 20 * HOUR
    booking = make_booking(guest=guest, cast=cast, start=start)
    had = purse_of(guest.id, now=NOON).points
    at(start - hours * HOUR)
    url = f"/admin/people/{cast.public_id}"
    cancel = f"{url}/bookings/{booking.public_id}/cancellation"
    assert desk.post(cancel).status_code == 404
    desk.post(f"{url}/suspension", data={"words": BECAUSE})
    assert session.get(type(booking), booking.id).state is BookingState.CONFIRMED
    assert cancel in desk.get(url).text

    desk.post(cancel)

    assert session.get(type(booking), booking.id).state is BookingState.CANCELLED
    assert purse_of(guest.id, now=NOON).points == had + booking.points
    assert "booking.cancelled_by_office" in did()


@pytest.mark.parametrize("hours", [18, 0.5])
@pytest.mark.parametrize("who", ["guest", "cast"])
def test_what_the_office_cancels_counts_against_nobody(desk, guest, cast, hours, who, at, queue):
    start = NOON + 20 * HOUR
    booking = make_booking(guest=guest, cast=cast, start=start)
    at(start - hours * HOUR)
    public_id = guest.public_id if who == "guest" else cast.public_id
    url = f"/admin/people/{public_id}"
    desk.post(f"{url}/suspension", data={"words": BECAUSE})
    before = figures.figures_of([cast.account_id], now=start)[cast.account_id]

    desk.post(f"{url}/bookings/{booking.public_id}/cancellation")

    settlement = session.get_one(Settlement, booking.id)
    assert (settlement.outcome, settlement.returned_points) == ("office_cancelled", booking.points)
    assert settlement.earned_yen == 0
    assert figures.figures_of([cast.account_id], now=start)[cast.account_id] == before
    assert not session.scalars(select(Case)).all()
    times = session.scalars(select(Slot.booking_id).where(Slot.starts_at == start)).all()
    assert times == ([None] if who == "guest" else [])
    queue.do(letters.tell_of_bookings)
    told = {mail.to: mail.body for mail in mails() if "キャンセル" in mail.subject}
    assert set(told) == {guest.email, person(cast).email}
    for body in told.values():
        assert "このトークは事務局がキャンセルいたしました。" in body
        assert "キャンセルされました" not in body


def test_a_suspended_guest_books_nothing_even_with_a_page_still_open(guest, cast, operator):
    publish(cast, NOON + 2 * HOUR)
    conduct.suspend(guest.id, because="x", by=operator.id, now=NOON)

    with pytest.raises(Refused) as refused:
        book(guest, cast, NOON + 2 * HOUR)

    assert "cannot_meet" in refused.value.codes


def test_a_reason_is_needed(desk, guest):
    url = f"/admin/people/{guest.public_id}/suspension"
    for words in ("", "長" * 501):
        answer = desk.post(url, data={"words": words}, headers=HX)
        assert answer.status_code == 422
        assert "<html" not in answer.text
    assert guest.suspended_at is None
    assert session.scalars(select(PersonNote)).all() == []


def test_operators_cannot_be_suspended_and_only_they_suspend(client_of, desk, guest, operator):
    with pytest.raises(Refused):
        conduct.suspend(operator.id, because="x", by=operator.id, now=NOON)
    url = f"/admin/people/{guest.public_id}/suspension"
    assert client_of(guest).post(url, data={"words": "x"}).status_code == 404


def test_a_talk_that_began_at_that_very_moment_ends_soon(guest, cast, queue):
    talk = make_talk(guest, cast)
    guest.suspended_at = NOON  # as another transaction did while this talk began

    queue.do(jobs.end_stray_talks)

    assert (talk.state, talk.ended_by) == (TalkState.ENDED, EndedBy.OPERATOR)


@pytest.mark.committed
def test_two_operators_suspend_at_once_while_a_guest_rings(at_once):
    guest, cast = make_guest(points=10_000), make_cast()
    operators = [make_operator().id, make_operator().id]
    ids = guest.id, cast.account_id, cast.price_points

    def suspend(by):
        return lambda: conduct.suspend(ids[0], because="x", by=by, now=NOON).id

    def rings():
        account = session.get_one(Account, ids[0])
        return entering.ask(account, ids[1], price_points=ids[2], now=NOON).id

    at_once(*map(suspend, operators), rings)
    conduct.end_stray_talks(NOON)

    assert len(session.scalars(select(PersonNote)).all()) == 1
    assert session.get(Account, ids[0]).suspended_at == NOON
    assert session.scalars(select(Talk).where(Talk.state.in_(LIVE_STATES))).all() == []


@pytest.mark.req("G37")
def test_the_office_comes_to_a_persons_conduct_from_wherever_it_meets_them(client_of):
    guest, cast = make_guest(points=1000), make_cast()
    talk = make_talk(guest=guest, cast=cast)
    asked = inquiries.Asked(
        subject=Subject.OTHER,
        name=guest.nickname,
        email=guest.email,
        about="",
        words="質問",
        locale="ja",
        account_id=guest.id,
    )
    inquiry = inquiries.ask(asked, form_key="k", now=NOON)
    her = session.get_one(Account, cast.account_id)
    desk = client_of(make_operator())

    pages = {
        f"/admin/casts/{cast.public_id}": her,
        f"/admin/inquiries/{inquiry.number}": guest,
        f"/admin/talks/{talk.public_id}": guest,
    }
    for page, person in pages.items():
        assert f'"/admin/people/{person.public_id}"' in desk.get(page).text
