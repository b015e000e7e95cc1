from datetime import timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.casts import memos
from app.casts.models import GuestNote, State
from app.db import session
from app.people.models import Account
from app.talks import entering
from tests.factories import MINUTE, NOON, make_cast, make_guest, ring
from tests.reservations import make_booking

HX = {"HX-Request": "true"}
WORDS = "推理小説が好き"


@pytest.fixture
def cast(at):
    at(NOON + timedelta(hours=2, minutes=4))  # 14:04 in Japan
    return make_cast(name="千景")


@pytest.fixture
def guest():
    return make_guest(points=10_000, nickname="みずいろ")


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


def page(browser, url="/cast-room"):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def type_in(desk, words, *, seen, url="/cast-room/memo", **more):
    return desk.post(url, data={"words": words, "seen": seen, **more}, headers=HX)


@pytest.mark.req("C51")
def test_the_memo_on_the_dashboard_saves_itself_and_says_when(desk, cast):
    assert 'id="memo-words"' in page(desk)

    answer = type_in(desk, "<b>木曜</b>\r\n早め", seen=0)

    assert answer.status_code == 200
    assert "保存しました 14:04" in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert memos.memo_of(cast.account_id).words == "<b>木曜</b>\n早め"
    text = page(desk)
    assert "&lt;b&gt;木曜&lt;/b&gt;\n早め</textarea>" in text
    assert 'name="seen" value="1"' in text


@pytest.mark.req("C51")
def test_a_plain_form_saves_the_memo_too(desk, cast):
    answer = desk.post("/cast-room/memo", data={"words": "木曜", "seen": 0})

    assert (answer.status_code, answer.location) == (303, "/cast-room#cast-room-memo")
    assert "保存しました 14:04" in page(desk)
    assert memos.memo_of(cast.account_id).words == "木曜"


@pytest.mark.req("C51")
@pytest.mark.parametrize("headers", [HX, {}])
def test_a_window_that_comes_late_shows_both_texts_and_saves_none(desk, cast, headers):
    type_in(desk, "朝の窓", seen=0)

    data = {"words": "夜の窓", "seen": 0}
    answer = desk.post("/cast-room/memo", data=data, headers=headers)

    assert answer.status_code == 409
    assert "夜の窓</textarea>" in answer.text
    assert "朝の窓</textarea>" in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert 'hx-trigger="submit, input' not in answer.text  # only a press saves now
    assert memos.memo_of(cast.account_id).words == "朝の窓"
    if headers:
        assert answer.headers["HX-Retarget"] == "#cast-room-memo"

    both = type_in(desk, "朝と夜の窓", seen=1, anew=1)
    assert both.text.lstrip().startswith('<section id="cast-room-memo"')
    assert memos.memo_of(cast.account_id).words == "朝と夜の窓"


@pytest.mark.parametrize("headers", [HX, {}])
def test_too_long_a_memo_says_so_and_keeps_what_stands(desk, cast, headers):
    type_in(desk, "前", seen=0)
    data = {"words": "x" * (policy.MEMO_LENGTH + 1), "seen": 1}

    answer = desk.post("/cast-room/memo", data=data, headers=headers)

    assert answer.status_code == 422
    assert f"{policy.MEMO_LENGTH}文字以内" in answer.text
    assert memos.memo_of(cast.account_id).words == "前"


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30])
def test_a_version_that_no_page_sent_is_none(desk, seen):
    assert type_in(desk, "x", seen=seen).status_code == 400


@pytest.mark.req("C51")
def test_a_note_written_at_a_talk_is_there_at_the_next_ring_and_on_the_reservation(
    desk, cast, guest, at
):
    at(NOON)
    talk = ring(guest, cast)
    url = f"/cast-room/talks/{talk.public_id}"
    assert type_in(desk, WORDS, seen=0, url=f"{url}/note").status_code == 200
    assert WORDS in page(desk)  # it rings

    entering.decline(talk, now=NOON)
    text = page(desk, url)
    assert f"{WORDS}</textarea>" in text
    assert guest.public_id not in text

    booking = make_booking(guest=guest, cast=cast)
    text = page(desk, f"/cast-room/bookings/{booking.public_id}")
    assert f"{WORDS}</textarea>" in text
    assert WORDS in page(desk)  # beside the next reservation

    more = type_in(desk, "SFも", seen=1, url=f"/cast-room/bookings/{booking.public_id}/note")
    assert more.status_code == 200
    assert memos.note_of(cast.account_id, guest.id).words == "SFも"


@pytest.mark.req("C51")
def test_a_note_stands_in_the_room_of_the_cast_and_not_of_the_guest(desk, cast, guest, client_of):
    memos.save_note(cast.account_id, guest.id, words=WORDS, seen=0, now=NOON)
    cast.state = State.ONLINE
    talk = ring(guest, cast, now=NOON)
    entering.accept(talk, now=NOON)
    url = f"/talks/{talk.public_id}/room"

    assert f"{WORDS}</textarea>" in page(desk, url)
    assert WORDS not in page(client_of(guest), url)


@pytest.mark.req("C51")
def test_all_notes_are_listed_and_searched(desk, cast, guest):
    assert "メモはまだありません" in page(desk, "/cast-room/notes")
    memos.save_note(cast.account_id, guest.id, words=WORDS, seen=0, now=NOON)
    note = session.scalars(select(GuestNote)).one()

    text = page(desk, "/cast-room/notes?q=推理 みずいろ")
    assert WORDS in text and f"/cast-room/notes/{note.public_id}" in text
    assert "この言葉を含むメモはありません" in page(desk, "/cast-room/notes?q=温泉")

    url = f"/cast-room/notes/{note.public_id}"
    assert f"{WORDS}</textarea>" in page(desk, url)
    assert desk.post(url, data={"words": "SF", "seen": 1}).location == f"{url}#cast-room-memo"
    assert session.scalars(select(GuestNote.words)).one() == "SF"


def test_strangers_find_no_notes_and_write_none(desk, cast, guest, client_of):
    other = make_cast()
    memos.save_note(other.account_id, guest.id, words=WORDS, seen=0, now=NOON)
    note = session.scalars(select(GuestNote)).one()
    talk = ring(guest, other, now=NOON)
    foreign = [f"/cast-room/notes/{note.public_id}", f"/cast-room/talks/{talk.public_id}/note"]

    assert desk.get(foreign[0]).status_code == 404
    for url in foreign:
        assert type_in(desk, "x", seen=0, url=url).status_code == 404
    assert type_in(client_of(guest), "x", seen=0).status_code == 404
    assert client_of(guest).get("/cast-room/notes").status_code == 404
    assert session.scalars(select(GuestNote.words)).one() == WORDS


@pytest.mark.req("C47", "C50")
def test_an_unreported_talk_counts_down_to_the_moment_that_it_must_be_reported_by(
    desk, cast, guest, at
):
    booking = make_booking(guest=guest, cast=cast)
    at(booking.ends_at + 3 * MINUTE)

    text = page(desk)

    assert "完了報告" in text
    assert f'data-until="{booking.report_until.timestamp()}">7:00</b>' in text
