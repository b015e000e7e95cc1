"""Reporting a message or a person, from thread, talk and profile."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import session
from app.desk import person_reports
from app.desk.moderation_tables import PersonReport
from app.messages import thread
from app.people.models import Account
from app.talks.models import ReportReason
from tests.evidence import CAST
from tests.factories import NOON, make_cast, make_guest, make_talk
from tests.reservations import make_booking

FORM = {"reason": "contact", "words": "連絡先をしつこく聞かれました"}
HX = {"HX-Request": "true"}


@pytest.fixture
def guest(at):
    at(NOON)
    return make_guest(points=20_000, nickname="みずいろ")


@pytest.fixture
def cast():
    return make_cast(name="千景", profile="天文台で働いています")


@pytest.fixture
def mine(client_of, guest):
    return client_of(guest)


@pytest.fixture
def hers(client_of, cast):
    return client_of(session.get(Account, cast.account_id))


def write(booking, by, words):
    return thread.write(booking.id, by=by, words=words, knows_warning=True, now=NOON)


def reports():
    return session.scalars(select(PersonReport).order_by(PersonReport.id)).all()


@pytest.mark.req("D41")
def test_a_message_is_reported_with_its_words_once(mine, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    message = write(booking, CAST, "LINEのIDを教えて")
    url = f"/bookings/{booking.public_id}/messages/{message.public_id}/report"
    assert url in mine.get(f"/bookings/{booking.public_id}/messages").text
    assert "LINEのIDを教えて" in mine.get(url).text

    for _ in range(2):
        assert mine.post(url, data=FORM).location == url

    (report,) = reports()
    assert (report.reporter_id, report.subject_id) == (guest.id, cast.account_id)
    assert (report.seen, report.words) == ("LINEのIDを教えて", FORM["words"])
    assert "受け付け" in mine.get(url).text


def test_nobody_reports_their_own_message_or_anothers_thread(mine, hers, client_of, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    message = write(booking, CAST, "こんにちは")
    url = f"/bookings/{booking.public_id}/messages/{message.public_id}/report"
    stranger = client_of(make_guest())

    for browser in (hers, stranger):
        assert browser.get(url).status_code == 404
        assert browser.post(url, data=FORM).status_code == 404
    other = make_booking(guest=guest, cast=make_cast(), start=NOON + timedelta(hours=5))
    elsewhere = f"/bookings/{other.public_id}/messages/{message.public_id}/report"
    assert mine.post(elsewhere, data=FORM).status_code == 404
    assert reports() == []


def test_a_message_has_no_number_that_can_be_counted(mine, guest, cast):
    booking = make_booking(guest=guest, cast=cast)
    message = write(booking, CAST, "こんにちは")

    page = mine.get(f"/bookings/{booking.public_id}/messages").text

    assert f'id="message-{message.public_id}"' in page
    assert f'name="until" value="{message.public_id}"' in page


def test_a_profile_is_reported_as_it_read_then(mine, guest, cast):
    url = f"/people/{cast.public_id}/report"
    assert url in mine.get(f"/casts/{cast.public_id}").text
    mine.post(url, data=FORM)
    cast.profile = "別の文章"

    (report,) = reports()
    assert "天文台で働いています" in report.seen
    assert report.subject_id == cast.account_id


def test_a_cast_reports_a_guest_from_a_talk(hers, guest, cast):
    talk = make_talk(guest, cast)
    url = f"/people/{talk.public_id}/report"

    hers.post(url, data=FORM)

    (report,) = reports()
    assert (report.reporter_id, report.subject_id, report.seen) == (
        cast.account_id,
        guest.id,
        "みずいろ",
    )


def test_a_reason_is_needed_and_long_words_are_not_lost(mine, cast):
    url = f"/people/{cast.public_id}/report"
    missing = mine.post(url, data={"words": "ひどい"}, headers=HX)
    long = mine.post(url, data={**FORM, "words": "長" * 501})

    assert missing.status_code == long.status_code == 422
    assert "ひどい" in missing.text and "<html" not in missing.text
    assert "長" * 501 in long.text
    assert reports() == []


@pytest.mark.committed
def test_pressed_at_once_it_is_one_report(at_once):
    guest, cast = make_guest(), make_cast()
    ids = guest.id, cast.account_id

    def press():
        return person_reports.report_person(
            session.get_one(Account, ids[1]),
            by=session.get_one(Account, ids[0]),
            reason=ReportReason.OTHER,
            words="",
            now=NOON,
        ).id

    assert len(set(at_once(*[press] * 4))) == 1
    assert len(reports()) == 1
