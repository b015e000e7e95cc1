"""Writing to the office: asking with and without an account, the thread, and the operator's side."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.db import session
from app.desk import inquiries, jobs
from app.desk.inquiry_tables import Inquiry, InquiryLine, LineKind, Subject
from app.mail import Mail
from tests.factories import NOON, make_cast, make_guest, make_operator
from tests.reservations import make_booking

DAY = timedelta(days=1)
HX = {"HX-Request": "true"}
FORM = {
    "subject": "becoming_cast",
    "name": "山田 花子",
    "email": "Hanako@example.com",
    "words": "学生証だけでも応募できますか。",
    "form_key": "a-form",
}


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def the_inquiry():
    return session.scalars(select(Inquiry)).one()


@pytest.fixture
def inquiry(client, at):
    at(NOON)
    client.post("/contact", data=FORM)
    return the_inquiry()


@pytest.fixture
def desk(client_of):
    return client_of(make_operator())


@pytest.mark.req("G42", "G43", "G44", "G56")
def test_a_stranger_gets_a_number_and_a_confirmation_at_once(client, at):
    at(NOON)
    page = client.get("/contact?subject=becoming_cast").text
    assert "通常2〜3日で返信いたします" in page
    assert "7日たっても返信がない場合は、お手数ですがもう一度" in page
    assert '<option selected value="becoming_cast">' in page

    answer = client.post("/contact", data=FORM)

    assert answer.location == "/contact/sent"
    inquiry = the_inquiry()
    assert re.fullmatch(r"[34679ACDEFGHJKMNPQRTUVWXY]{8}", inquiry.number)
    assert inquiry.shown_number in client.get("/contact/sent").text
    (mail,) = mails()
    assert mail.to == "hanako@example.com"
    assert mail.subject == f"【サシトーク】お問い合わせを受け付けました({inquiry.shown_number})"
    assert mail.body.startswith("山田 花子 さん")
    assert "通常2〜3日" in mail.body
    assert f"http://127.0.0.1:5000/contact/{inquiry.key}" in mail.body
    assert FORM["words"] not in mail.body


def test_a_confirmation_is_in_the_readers_language(client):
    client.set_cookie("locale", "en")
    client.post("/contact", data=FORM)

    (mail,) = mails()
    assert mail.subject.startswith("Sashitalk: we have received your inquiry (")
    assert "A reply normally takes 2 to 3 days" in mail.body


@pytest.mark.req("G44")
def test_pressing_twice_sends_one_and_writing_again_is_another(client):
    for _ in range(2):
        client.post("/contact", data=FORM)
    assert len(mails()) == 1

    client.post("/contact", data={**FORM, "form_key": "a week later"})

    numbers = session.scalars(select(Inquiry.number)).all()
    assert len(set(numbers)) == len(mails()) == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("subject", "", "お問い合わせの種類を選んでください"),
        ("subject", "parties", "お問い合わせの種類を選んでください"),
        ("name", "", "お名前を入力してください"),
        ("name", "安い http://spam.example", "URLは入力できません"),
        ("email", "hanako@", "メールアドレス"),
        ("words", "  ", "お問い合わせの内容を入力してください"),
        ("words", "長" * 4001, "4000"),
        ("website", "http://spam.example", "何も入力しないで"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(client, field, value, words):
    answer = client.post("/contact", data={**FORM, field: value}, headers=HX)

    assert answer.status_code == 422
    assert words in answer.text
    assert "<html" not in answer.text
    if field != "name":
        assert "山田 花子" in answer.text
    assert session.scalars(select(Inquiry)).all() == []
    assert mails() == []


@pytest.mark.req("G30")
def test_a_talk_needs_its_time_and_name(client):
    answer = client.post("/contact", data={**FORM, "subject": "talk"})

    assert answer.status_code == 422
    assert "予約日時とお相手の名前を入力してください" in answer.text


@pytest.mark.req("G30", "C45", "C59")
@pytest.mark.parametrize("party", ["guest", "cast"])
def test_time_and_name_of_ones_own_booking_are_filled_in(client_of, at, party):
    at(NOON)
    guest, cast = make_guest(points=10_000, nickname="みずいろ"), make_cast(name="千景")
    booking = make_booking(guest=guest, cast=cast)
    person = guest if party == "guest" else cast.account_id
    browser = client_of(guest if party == "guest" else session.get(type(guest), person))

    page = browser.get(f"/contact?booking={booking.public_id}").text
    other = "千景" if party == "guest" else "みずいろ"
    about = re.search(r'name="about"[^>]*value="([^"]*)"', page) or re.search(
        r'value="([^"]*)"[^>]*name="about"', page
    )
    assert about
    assert about[1].endswith(other)
    assert 'name="email"' not in page
    browser.post("/contact", data={**FORM, "subject": "talk", "about": about[1]})

    inquiry = the_inquiry()
    me = guest if party == "guest" else session.get(type(guest), cast.account_id)
    assert (inquiry.account_id, inquiry.email, inquiry.name) == (me.id, me.email, me.nickname)


def test_anothers_booking_is_not_filled_in(client_of, at):
    at(NOON)
    booking = make_booking(guest=make_guest(points=10_000), cast=make_cast(name="千景"))

    page = client_of(make_guest()).get(f"/contact?booking={booking.public_id}")

    assert "千景" not in page.text


def test_a_thread_is_read_by_its_link_and_its_account_only(client, client_of, inquiry):
    guest = make_guest()
    asked = inquiries.Asked(
        subject=Subject.OTHER,
        name="x",
        email="x@example.com",
        about="",
        words="自分の質問",
        locale="ja",
        account_id=guest.id,
    )
    own = inquiries.ask(asked, form_key="k", now=NOON)
    number, stranger_s = own.shown_number, inquiry.number

    mine = client_of(guest)
    assert "自分の質問" in mine.get(f"/contact/{number}").text
    assert number in mine.get("/contact").text
    for browser in (client, client_of(make_guest())):
        assert browser.get(f"/contact/{number}").status_code == 404
        assert browser.post(f"/contact/{number}", data={"words": "x"}).status_code == 404
    assert mine.get(f"/contact/{stranger_s}").status_code == 404
    assert client.get(f"/contact/{stranger_s}").status_code == 404
    by_link = client.get(f"/contact/{inquiry.key}")
    assert FORM["words"] in by_link.text
    assert by_link.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_office_answers_and_the_person_writes_on(client, desk, inquiry):
    queue = desk.get("/admin/inquiries").text
    assert inquiry.shown_number in queue
    assert "学生証だけでも" in queue
    page = desk.get(f"/admin/inquiries/{inquiry.number}").text
    assert "返信待ち" in page and "未決定" not in page
    answer = {"words": "はい、応募できます。", "seen": 1, "press": "answer"}

    answered = desk.post(f"/admin/inquiries/{inquiry.number}/answer", data=answer)

    assert answered.status_code == 303
    mail = mails()[-1]
    assert mail.subject == f"【サシトーク】お問い合わせへの返信({inquiry.shown_number})"
    assert "はい、応募できます。" in mail.body
    assert f"/contact/{inquiry.key}" in mail.body
    assert "返信済み" in client.get(f"/contact/{inquiry.key}").text
    assert inquiry.shown_number not in desk.get("/admin/inquiries").text
    assert inquiry.shown_number in desk.get("/admin/inquiries?state=answered").text

    client.post(f"/contact/{inquiry.key}", data={"words": "ありがとうございます。"})
    client.post(f"/contact/{inquiry.key}", data={"words": "ありがとうございます。"})

    assert inquiry.shown_number in desk.get("/admin/inquiries").text
    written = session.scalars(select(InquiryLine.words).order_by(InquiryLine.id)).all()
    assert written == [FORM["words"], "はい、応募できます。", "ありがとうございます。"]


def test_a_note_is_never_shown_to_the_person(client, desk, inquiry):
    url = f"/admin/inquiries/{inquiry.number}/answer"
    desk.post(url, data={"words": "常連さん", "seen": 1, "press": "note"})

    assert "常連さん" in desk.get(f"/admin/inquiries/{inquiry.number}").text
    assert "常連さん" not in client.get(f"/contact/{inquiry.key}").text
    assert len(mails()) == 1


def test_an_operator_does_not_answer_past_another(desk, client_of, inquiry):
    url = f"/admin/inquiries/{inquiry.number}/answer"
    desk.post(url, data={"words": "一人目", "seen": 1, "press": "answer"})

    second = client_of(make_operator()).post(
        url, data={"words": "二人目", "seen": 1, "press": "answer"}, headers=HX
    )

    assert second.status_code == 422
    assert "先に書き込みました" in second.text
    assert "二人目" in second.text
    assert "一人目" in second.text
    assert [mail.body for mail in mails() if "二人目" in mail.body] == []


@pytest.mark.req("G44")
def test_what_waits_a_week_stands_on_top_in_red(desk, inquiry, at):
    at(NOON + 3 * DAY)
    assert 'class="state wrong"' not in desk.get("/admin/inquiries").text
    assert "count urgent" not in desk.get("/admin").text

    at(NOON + 7 * DAY)
    page = desk.get("/admin/inquiries").text

    assert "7日超" in page or "7日" in page
    assert 'class="state wrong"' in page
    assert "count urgent" in desk.get("/admin").text


def test_the_queue_is_narrowed_by_its_address(desk, inquiry):
    def shows(query):
        return inquiry.shown_number in desk.get(f"/admin/inquiries?{query}").text

    assert shows("subject=becoming_cast")
    assert not shows("subject=talk")
    assert not shows("mine=1")
    desk.post(f"/admin/inquiries/{inquiry.number}/standing", data={"press": "take"})
    assert shows("mine=1")
    desk.post(f"/admin/inquiries/{inquiry.number}/standing", data={"press": "close"})
    assert shows("state=closed")
    assert desk.get("/admin/inquiries?state=lost").status_code == 404
    found = desk.get(f"/admin/inquiries?number={inquiry.shown_number.lower()}")
    assert found.location == f"/admin/inquiries/{inquiry.number}"


def test_next_leads_to_who_has_waited_longest(desk, inquiry, client):
    client.post("/contact", data={**FORM, "form_key": "second", "email": "b@example.com"})
    second = session.scalars(select(Inquiry).filter_by(email="b@example.com")).one()

    page = desk.get(f"/admin/inquiries/{second.number}").text

    assert re.search(rf'rel="next" accesskey="n" href="/admin/inquiries/{inquiry.number}"', page)


@pytest.mark.req("D31")
def test_a_question_becomes_the_way_to_apply_once(desk, inquiry):
    for _ in range(2):
        desk.post(f"/admin/inquiries/{inquiry.number}/application")

    (mail,) = [mail for mail in mails() if "キャスト応募のご案内" in mail.subject]
    assert "http://127.0.0.1:5000/cast/entry" in mail.body
    assert the_inquiry().led_on_at


def test_only_operators_see_the_queue(client_of, inquiry):
    for path in ("/admin/inquiries", f"/admin/inquiries/{inquiry.number}"):
        assert client_of(make_guest()).get(path).status_code == 404


@pytest.mark.committed
def test_two_operators_at_once_answer_once(at_once):
    first, second = make_operator(), make_operator()
    asked = inquiries.Asked(
        subject=Subject.OTHER, name="x", email="x@example.com", about="", words="?", locale="ja"
    )
    inquiry_id = inquiries.ask(asked, form_key="k", now=NOON).id
    operators = [first.id, second.id]

    def answer(by):
        return lambda: inquiries.answer(
            inquiry_id, words=f"{by}", seen=1, closes=False, by=by, now=NOON
        )

    at_once(*map(answer, operators))

    answers = session.scalars(select(InquiryLine).filter_by(kind=LineKind.ANSWER)).all()
    assert len(answers) == 1


@pytest.mark.committed
def test_one_form_pressed_at_once_is_one_inquiry(at_once):
    asked = inquiries.Asked(
        subject=Subject.OTHER, name="x", email="x@example.com", about="", words="?", locale="ja"
    )

    at_once(*[lambda: inquiries.ask(asked, form_key="k", now=NOON).id] * 4)

    assert len(session.scalars(select(Inquiry)).all()) == 1
    assert len(session.scalars(select(InquiryLine)).all()) == 1


def test_a_thread_is_deleted_years_after_its_last_words(client, desk, inquiry, at, queue):
    client.post("/contact", data={**FORM, "form_key": "waits", "email": "waits@example.com"})
    answer = {"words": "はい", "seen": 1, "press": "answer"}
    desk.post(f"/admin/inquiries/{inquiry.number}/answer", data=answer)

    at(NOON + policy.INQUIRY_KEPT - DAY)
    queue.do(jobs.forget_inquiries)
    assert len(session.scalars(select(Inquiry)).all()) == 2

    at(NOON + policy.INQUIRY_KEPT)
    queue.do(jobs.forget_inquiries)
    assert session.scalars(select(Inquiry.email)).all() == ["waits@example.com"]
    assert len(session.scalars(select(InquiryLine)).all()) == 1


@pytest.mark.req("C13")
def test_who_has_none_of_the_documents_can_ask(client):
    page = client.get("/contact?subject=identity").text

    assert '<option selected value="identity">本人確認書類について</option>' in page
    assert client.get("/contact?subject=parties").status_code == 200


@pytest.mark.req("C59", "G56")
def test_casts_and_guests_find_the_way_to_the_office(client_of, at):
    at(NOON)
    guest, cast = make_guest(points=10_000), make_cast()
    booking = make_booking(guest=guest, cast=cast)
    hers = client_of(session.get(type(guest), cast.account_id))

    assert 'href="/contact"' in hers.get("/cast-room").text
    for browser, page in ((hers, "/cast-room/bookings/"), (client_of(guest), "/bookings/")):
        shown = browser.get(f"{page}{booking.public_id}").text
        assert f'href="/contact?booking={booking.public_id}"' in shown
