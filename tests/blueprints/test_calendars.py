"""Reservations as other programs read them: the bytes are parsed back."""

from datetime import UTC, timedelta

import icalendar
import pytest

from app.bookings import cancelling
from app.casts.models import Cast
from app.db import session
from app.people.models import Account, Role
from tests.factories import (
    NOON,
    book,
    make_account,
    make_cast,
    make_guest,
    make_operator,
    publish,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
START = NOON + 20 * HOUR


@pytest.fixture
def booking(at):
    at(NOON)
    cast = make_cast(name="ひより")
    publish(cast, START)
    guest = make_guest(points=10_000, nickname="みずいろ", email="mizuiro@example.com")
    return book(guest, cast, START, slots=2)


def person(id_):
    return session.get_one(Account, id_)


def url_of(booking):
    return f"/bookings/{booking.public_id}/calendar.ics"


def feed_of(account):
    return f"/calendar/{account.calendar_key}.ics"


def events_in(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def test_a_guest_s_file_holds_the_talk_and_nothing_private(client_of, booking):
    answer = client_of(person(booking.guest_id)).get(url_of(booking))

    [event] = events_in(answer)
    assert (event.start, event.end) == (START, START + timedelta(minutes=6))
    assert event.start.tzinfo.utcoffset(None) == timedelta(0)
    assert b"DTSTART:20261122T230000Z" in answer.data
    assert event["summary"] == "ひよりさんとのトーク"
    assert event["url"] == f"http://127.0.0.1:5000/bookings/{booking.public_id}"
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)
    assert event["uid"] == f"{booking.public_id}@127.0.0.1"
    assert event["dtstamp"].dt == NOON.astimezone(UTC)
    [alarm] = event.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", timedelta(minutes=-10))
    assert set(event) == {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "URL", "STATUS", "SEQUENCE", "CLASS")
    }
    assert b"@example.com" not in answer.data


def test_a_cast_s_file_names_the_guest_and_leads_into_the_cast_room(client_of, booking):
    answer = client_of(person(booking.cast_id)).get(url_of(booking))

    [event] = events_in(answer)
    assert event["summary"] == "みずいろさんとのトーク"
    assert event["url"] == f"http://127.0.0.1:5000/cast-room/bookings/{booking.public_id}"
    assert b"mizuiro@example.com" not in answer.data
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_feed_needs_no_login_and_is_in_its_owner_s_language(client, booking):
    guest, cast = person(booking.guest_id), person(booking.cast_id)
    cast.locale = "en"

    [guests] = events_in(client.get(feed_of(guest)))
    [casts] = events_in(client.get(feed_of(cast)))

    assert guests["summary"] == "ひよりさんとのトーク"
    assert casts["summary"] == "Your talk with みずいろ"
    assert guests["uid"] == casts["uid"]


def test_a_cancelled_talk_stays_in_the_feed_as_cancelled_with_the_same_name(client, booking, at):
    guest = person(booking.guest_id)
    [before] = events_in(client.get(feed_of(guest)))
    cancelling.by_guest(booking.id, accepts_loss=True, now=NOON)
    at(NOON + HOUR)

    [event] = events_in(client.get(feed_of(guest)))

    assert event["uid"] == before["uid"]
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert event["dtstamp"].dt > before["dtstamp"].dt
    assert event.walk("VALARM") == []


def test_an_extended_talk_ends_later_under_a_higher_number(client, booking):
    guest = person(booking.guest_id)
    # As an extension leaves it, apart from slots and points, which are undone before the books.
    end = booking.ends_at
    booking.extended, booking.ends_at = 1, end + timedelta(minutes=3)

    [event] = events_in(client.get(feed_of(guest)))

    assert (event.end, event["sequence"]) == (end + timedelta(minutes=3), 1)
    booking.extended, booking.ends_at = 0, end


def test_the_feed_holds_the_last_30_days_and_all_ahead_in_order(client, booking, at):
    guest, cast = person(booking.guest_id), session.get_one(Cast, booking.cast_id)
    later = START + 2 * HOUR
    publish(cast, later)
    second = book(guest, cast, later)
    names = [f"{each.public_id}@127.0.0.1" for each in (booking, second)]

    def shown(moment):
        at(moment)
        return [event["uid"] for event in events_in(client.get(feed_of(guest)))]

    assert shown(NOON) == names
    assert shown(booking.ends_at + 30 * DAY - HOUR) == names
    assert shown(booking.ends_at + 30 * DAY) == names[1:]
    assert shown(second.ends_at + 30 * DAY) == []


def test_nobody_reads_others_reservations(client, client_of, booking):
    for stranger in (make_guest(), make_account(Role.CAST)):
        assert client_of(stranger).get(url_of(booking)).status_code == 404
        assert events_in(client.get(feed_of(stranger))) == []
    assert client_of(make_operator()).get(url_of(booking)).status_code == 404
    assert client.get(url_of(booking)).location == f"/login?next={url_of(booking)}"


@pytest.mark.parametrize("key", ["nobody", "a" * 5000, "%00", "é"])
def test_an_unknown_key_is_not_found(client, booking, key):
    assert client.get(f"/calendar/{key}.ics").status_code == 404


def test_a_closed_account_has_no_feed(client, booking):
    guest = person(booking.guest_id)
    guest.closed_at = NOON

    assert client.get(feed_of(guest)).status_code == 404


@pytest.mark.parametrize(
    ("of", "home"), [("guest_id", "/bookings"), ("cast_id", "/cast-room/bookings")]
)
def test_a_new_key_closes_the_old_address(client, client_of, booking, of, home):
    account = person(getattr(booking, of))
    old, browser = feed_of(account), client_of(account)

    answer = browser.post("/calendar/key")

    assert (answer.status_code, answer.location) == (303, home)
    assert client.get(old).status_code == 404
    assert len(events_in(client.get(feed_of(account)))) == 1
    assert "以前のアドレスは使えません" in browser.get(home).text


def test_a_new_key_is_for_guests_and_casts_only(client, client_of):
    assert client_of(make_operator()).post("/calendar/key").status_code == 404
    assert client.post("/calendar/key").location == "/login"


def test_a_name_cannot_write_lines_of_its_own(client, booking):
    guest, cast = person(booking.guest_id), person(booking.cast_id)
    guest.nickname = "a\r\nATTENDEE:mailto:x;,\\"

    [event] = events_in(client.get(feed_of(cast)))

    assert "attendee" not in event
    assert "ATTENDEE:mailto:x;,\\" in event["summary"]
