import json

import pytest
from sqlalchemy import select

from app import own_data
from app.audit import AuditEntry
from app.casts import favourites
from app.db import session
from app.personal_data import register
from tests.evening_of_a_guest import BORN_ON, EMAIL, NICKNAME, WORDS, make_guest_of_an_evening
from tests.factories import NOON, make_cast, make_guest


def collected(guest):
    return json.loads(json.dumps(own_data.collect(guest, now=NOON), ensure_ascii=False))


@pytest.mark.req("G36")
def test_everything_of_an_evening_is_handed_out_with_purpose_and_time():
    guest = make_guest_of_an_evening()

    tables = collected(guest)["tables"]

    assert set(tables) == {entry.table for entry in register.entries() if entry.mine}
    assert [name for name, each in tables.items() if not each["rows"]] == []
    assert all(each["purpose"] and each["stays"] for each in tables.values())
    everything = json.dumps(tables, ensure_ascii=False)
    for words in (EMAIL, NICKNAME, BORN_ON.isoformat(), *WORDS.values()):
        assert words in everything


def test_times_are_japans_and_casts_are_named():
    guest = make_guest_of_an_evening()

    tables = collected(guest)["tables"]

    [talk, reserved] = tables["talk"]["rows"]
    assert talk["answered_at"] == "2026-11-22 12:00:00+09:00"
    assert (talk["cast"], reserved["cast"]) == ("ひより", "れん")
    assert "cast_id" not in talk and "guest_id" not in talk


def test_no_secret_and_nothing_of_others_is_in_it():
    guest, cast = make_guest(nickname="わたし"), make_cast()
    other = make_guest_of_an_evening()
    favourites.add(guest.id, cast.account_id, now=NOON)

    everything = json.dumps(collected(guest), ensure_ascii=False)

    assert "わたし" in everything
    for foreign in (other.email, NICKNAME, *WORDS.values(), "落ち着いた方でした"):
        assert foreign not in everything
    for secret in (guest.password_hash, guest.calendar_key):
        assert secret not in everything


def test_what_the_cast_wrote_for_the_office_is_not_handed_out():
    everything = json.dumps(collected(make_guest_of_an_evening()), ensure_ascii=False)

    assert "落ち着いた方でした" not in everything


def test_who_took_their_data_stands_in_the_audit():
    guest = make_guest()
    own_data.collect(guest, now=NOON)
    session.flush()

    note = session.scalars(select(AuditEntry).filter_by(did="account.data_handed_out")).one()
    assert (note.by, note.about) == (guest.id, f"account:{guest.id}")
