from datetime import timedelta

import pytest

from app.casts import standby
from app.casts.models import State
from app.desk import castlist
from app.desk.castlist import Search
from app.desk.figures import figures_of
from app.talks import entering
from tests.evidence import at as second
from tests.evidence import finish, make_room
from tests.factories import MINUTE, NOON, book, make_cast, make_guest, publish, ring
from tests.reservations import START, attend, make_booking, settle

DAY = timedelta(days=1)
LATER = NOON + DAY


def figures(cast_id, *, now=LATER):
    return figures_of([cast_id], now=now)[cast_id]


@pytest.mark.req("C17")
def test_reservations_count_when_they_were_made_whatever_became_of_them():
    cast = make_cast()
    publish(cast, START)
    for number in range(2):
        book(make_guest(points=1000), cast, START + number * 3 * MINUTE)

    assert (figures(cast.account_id).won_short, figures(cast.account_id).won_long) == (2, 2)
    after_31_days = figures(cast.account_id, now=NOON + 31 * DAY)
    assert (after_31_days.won_short, after_31_days.won_long) == (0, 2)
    assert figures(cast.account_id, now=NOON + 91 * DAY).won_long == 0


@pytest.mark.req("C17")
@pytest.mark.parametrize(
    ("guest", "cast", "expected"),
    [
        ([(0, 180)], [(0, 180)], "kept"),
        ([], [(0, 180)], "kept"),
        ([(0, 180)], [], "absent"),
        ([], [], "absent"),
        ([(0, 180)], [(90, 180)], "late"),
    ],
)
def test_a_settled_reservation_counts_once_as_what_it_was(guest, cast, expected):
    booking = make_booking()
    attend(booking, guest=guest, cast=cast)
    settle(booking)

    seen = figures(booking.cast_id)

    names = ("kept", "cancelled", "emergencies", "late", "absent", "trouble", "unclear")
    assert {name for name in names if getattr(seen, name)} == {expected}
    assert seen.unkept == (expected != "kept")


@pytest.mark.req("C17")
def test_rings_and_minutes_of_talks_without_reservation():
    cast, guest = make_cast(), make_guest(points=10_000)
    room = make_room(guest=guest, cast=cast, now=NOON)
    room.talk_until(170)
    finish(room, "cast leaves", 170)  # the last minute goes back
    standby.begin(cast.account_id, now=second(600))
    entering.decline(ring(guest, cast, now=second(600)), now=second(601))
    ring(guest, cast, now=second(610))
    entering.miss_due(second(650))

    seen = figures(cast.account_id)

    assert (seen.answered, seen.declined, seen.missed) == (1, 1, 1)
    assert seen.minutes == room.talk.minutes_kept == 1


def test_another_casts_record_does_not_count_and_an_empty_one_is_zero():
    booking, other = make_booking(), make_cast()
    attend(booking, guest=[(0, 180)], cast=[(0, 180)])
    settle(booking)

    found = figures_of([booking.cast_id, other.account_id], now=LATER)

    assert found[booking.cast_id].kept == 1
    assert (found[other.account_id].won_long, found[other.account_id].kept) == (0, 0)
    assert figures_of([], now=LATER) == {}


def test_the_list_finds_casts_by_words_rank_and_state_page_by_page(monkeypatch):
    monkeypatch.setattr(castlist, "PAGE", 2)
    for name, online in [("あおい", True), ("いと", False), ("うみ_1", True)]:
        make_cast(name=name, online=online)

    def names(**asked):
        found = castlist.find(Search(**asked), now=NOON)
        return [cast.name for cast, _ in found.casts], found.next is not None

    assert names() == (["あおい", "いと"], True)
    assert names(page=2) == (["うみ_1"], False)
    assert names(state=State.OFFLINE) == (["いと"], False)
    assert names(words="うみ_") == (["うみ_1"], False)
    assert names(words="_あ") == ([], False)
    assert names(words="CAST example.com", page=2)[0] == ["うみ_1"]
    assert names(invited=True) == ([], False)
