from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import policy
from app.casts import memos
from app.casts.models import CastMemo, GuestNote
from app.db import session
from app.errors import Refused
from tests.factories import MINUTE, NOON, make_cast, make_guest


def save(cast, words, *, seen, now=NOON):
    return memos.save_memo(cast.account_id, words=words, seen=seen, now=now)


@pytest.mark.req("C51")
def test_a_memo_is_kept_as_it_is_typed():
    cast = make_cast()

    first = save(cast, "こはく", seen=0)
    second = save(cast, "こはくさん", seen=first.sheet.version, now=NOON + MINUTE)

    assert (first.is_behind, second.is_behind) == (False, False)
    assert memos.memo_of(cast.account_id) == second.sheet
    assert (second.sheet.words, second.sheet.saved_at) == ("こはくさん", NOON + MINUTE)


@pytest.mark.req("C51")
def test_a_window_that_has_not_seen_what_stands_overwrites_nothing():
    cast = make_cast()
    save(cast, "朝の窓", seen=0)

    late = save(cast, "夜の窓", seen=0)

    assert late.is_behind
    assert (late.sheet.words, late.sheet.version) == ("朝の窓", 1)
    assert memos.memo_of(cast.account_id).words == "朝の窓"
    assert not save(cast, "朝と夜の窓", seen=late.sheet.version).is_behind


def test_the_same_words_again_change_nothing_from_whichever_window():
    cast = make_cast()
    first = save(cast, "同じ", seen=0)

    again = save(cast, "同じ", seen=0, now=NOON + MINUTE)

    assert not again.is_behind
    assert again.sheet == first.sheet


def test_a_memo_can_be_emptied():
    cast = make_cast()
    save(cast, "いらない", seen=0)

    assert save(cast, "", seen=1).sheet.words == ""


def test_too_long_is_refused_and_keeps_what_stands():
    cast, guest = make_cast(), make_guest()
    save(cast, "x" * policy.MEMO_LENGTH, seen=0)

    with pytest.raises(Refused) as refusal:
        save(cast, "y" * (policy.MEMO_LENGTH + 1), seen=1)
    words = "y" * (policy.NOTE_LENGTH + 1)
    with pytest.raises(Refused):
        memos.save_note(cast.account_id, guest.id, words=words, seen=0, now=NOON)

    assert refusal.value.codes == {"too_long"}
    assert memos.memo_of(cast.account_id).version == 1


@pytest.mark.req("C51")
def test_a_note_is_of_one_cast_about_one_guest():
    cast, other, guest = make_cast(), make_cast(), make_guest()

    memos.save_note(cast.account_id, guest.id, words="推理小説", seen=0, now=NOON)

    assert memos.note_of(cast.account_id, guest.id).words == "推理小説"
    assert memos.note_of(other.account_id, guest.id).words == ""
    [note] = memos.notes_of(cast.account_id)
    assert memos.find_note(note.public_id, cast_id=cast.account_id) is note
    assert memos.find_note(note.public_id, cast_id=other.account_id) is None
    assert memos.notes_of(other.account_id) == []


def test_notes_are_found_by_their_words_and_by_the_nickname():
    cast = make_cast()
    for nickname, words in [("こはく", "転職 100%"), ("nori", "推理小説"), ("みずいろ", "")]:
        guest = make_guest(nickname=nickname)
        memos.save_note(cast.account_id, guest.id, words=words, seen=0, now=NOON)

    def found(words):
        return [note.guest.nickname for note in memos.notes_of(cast.account_id, words=words)]

    assert sorted(found("")) == ["nori", "こはく"]
    assert found("NORI") == ["nori"]
    assert found("転職 こはく") == ["こはく"]
    assert found("0%") == ["こはく"]
    assert found("%小説") == []


def test_whoever_leaves_is_forgotten_on_both_sides():
    cast, other, guest = make_cast(), make_cast(), make_guest()
    save(cast, "memo", seen=0)
    for each in (cast, other):
        memos.save_note(each.account_id, guest.id, words="note", seen=0, now=NOON)

    memos.forget(cast.account_id)
    assert session.scalars(select(CastMemo)).all() == []
    assert session.scalars(select(GuestNote.cast_id)).all() == [other.account_id]

    memos.forget(guest.id)
    assert session.scalars(select(GuestNote)).all() == []


@pytest.mark.req("C51")
@settings(max_examples=30)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 1), st.sampled_from(["type", "look"]), st.text("あい", max_size=3)
        ),
        max_size=12,
    )
)
def test_no_text_disappears_that_the_window_which_replaced_it_had_not_shown(steps, undone):
    with undone():
        cast = make_cast()
        shown = [memos.memo_of(cast.account_id)] * 2
        for window, act, words in steps:
            before = memos.memo_of(cast.account_id)
            if act == "look":
                shown[window] = before
                continue
            saved = save(cast, words, seen=shown[window].version)
            if saved.sheet.words != before.words:
                assert shown[window].words == before.words
            if not saved.is_behind:
                shown[window] = saved.sheet


@pytest.mark.committed
@pytest.mark.req("C51")
def test_of_two_windows_that_save_at_the_same_instant_one_hears_of_the_other(at_once):
    cast_id = make_cast().account_id
    works = [
        partial(memos.save_memo, cast_id, words=words, seen=0, now=NOON) for words in ("左", "右")
    ]

    left, right = at_once(*works)

    assert sorted([left.is_behind, right.is_behind]) == [False, True]
    assert left.sheet == right.sheet == memos.memo_of(cast_id)


@pytest.mark.committed
def test_the_first_note_about_a_guest_is_one_row_from_two_windows(at_once):
    cast_id, guest_id = make_cast().account_id, make_guest().id
    works = [
        partial(memos.save_note, cast_id, guest_id, words=words, seen=0, now=NOON)
        for words in ("左", "右")
    ]

    outcomes = at_once(*works)

    assert sorted(each.is_behind for each in outcomes) == [False, True]
    assert len(session.scalars(select(GuestNote)).all()) == 1
