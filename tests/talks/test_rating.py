import pytest
from sqlalchemy.orm.attributes import set_committed_value

from app import policy
from app.cases import deciding, opening, queue
from app.casts import standby
from app.casts.models import Cast
from app.db import session
from app.errors import Refused
from app.talks import rating, reserved
from tests.evidence import at, finish, make_room
from tests.factories import MINUTE, NOON, make_cast, make_guest, make_operator
from tests.reservations import attend, make_booking, settle

AFTERWARDS = at(600)
ALL = [(0, 1_000)]  # there from the start until the room closes


def rated_talk(seconds=130, **people):
    """A talk that a guest has left."""
    room = make_room(**people)
    room.talk_until(seconds)
    finish(room, "guest leaves", seconds)
    return room.talk


def refusals(talk, *, stars=5, now=AFTERWARDS):
    with pytest.raises(Refused) as refused:
        rating.rate(talk, stars=stars, line="", now=now)
    return [problem.code for problem in refused.value.problems]


@pytest.mark.req("C18")
def test_stars_and_a_line_are_kept_and_counted_for_the_cast():
    talk = rated_talk()

    rating.rate(talk, stars=4, line="  Thank you. ", now=AFTERWARDS)

    kept = rating.find(talk)
    assert (kept.stars, kept.line) == (4, "Thank you.")
    cast = session.get_one(Cast, talk.cast_id)
    assert (cast.rating_count, cast.rating_sum) == (1, 4)


@pytest.mark.req("C18")
def test_stars_that_another_guest_gave_meanwhile_are_kept():
    cast = make_cast()
    first = rated_talk(cast=cast)
    standby.begin(cast.account_id, now=NOON)
    second = rated_talk(cast=cast)
    rating.rate(first, stars=3, line="", now=AFTERWARDS)
    set_committed_value(cast, "rating_sum", 0)  # as if read before
    set_committed_value(cast, "rating_count", 0)

    rating.rate(second, stars=4, line="", now=AFTERWARDS)

    session.expire_all()
    assert (cast.rating_count, cast.rating_sum) == (2, 7)


def test_a_talk_is_rated_once():
    talk = rated_talk()
    rating.rate(talk, stars=4, line="", now=AFTERWARDS)

    assert refusals(talk) == ["rated"]


def test_a_talk_without_a_charged_minute_cannot_be_rated():
    assert refusals(rated_talk(59)) == ["nothing_charged"]


def test_a_returned_minute_is_no_charged_minute():
    room = make_room()
    room.talk_until(90)
    finish(room, "cast leaves", 90)

    assert refusals(room.talk) == ["nothing_charged"]


@pytest.mark.req("C18")
def test_a_reserved_talk_that_took_place_can_be_rated():
    booking = make_booking()
    attend(booking, guest=ALL, cast=ALL)
    talk = reserved.find_talk(booking)
    assert refusals(talk, now=booking.ends_at) == ["not_held"]  # nobody has said so yet

    settle(booking)

    assert rating.rate(talk, stars=5, line="", now=booking.report_until).stars == 5


@pytest.mark.req("C18", "D20")
def test_where_the_guest_saw_nobody_there_is_nothing_to_rate():
    booking = make_booking()
    attend(booking, guest=ALL)
    settle(booking)

    assert refusals(reserved.find_talk(booking), now=booking.report_until) == ["not_held"]


@pytest.mark.req("C18", "G31")
@pytest.mark.parametrize(("earned", "problems"), [(50, []), (0, ["not_held"])])
def test_what_was_unclear_is_rated_once_the_office_says_that_it_took_place(earned, problems):
    booking = make_booking()
    attend(booking, cast=[(0, 60)])
    settle(booking)
    talk, now = reserved.find_talk(booking), booking.report_until + 1 * MINUTE
    assert [each.code for each in rating.why_not_rate(talk, now=now)] == ["not_held"]

    opening.open_due(now)
    [case] = queue.of_booking(booking)
    deciding.decide(
        case.id, returned_points=0, earned_yen=earned, said="はい。", by=make_operator().id, now=now
    )
    session.expire_all()

    assert [each.code for each in rating.why_not_rate(talk, now=now)] == problems


def test_a_running_talk_cannot_be_rated():
    room = make_room()
    room.talk_until(90)

    assert refusals(room.talk) == ["not_ended"]


def test_a_week_after_the_end_it_is_too_late():
    talk = rated_talk()
    last = talk.ended_at + policy.RATING_OPEN

    assert refusals(talk, now=last.replace(microsecond=1)) == ["too_late"]
    assert rating.why_not_rate(talk, now=last) == []


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_only_one_to_five_stars_are_taken(stars):
    assert refusals(rated_talk(), stars=stars) == ["no_stars"]


def test_a_long_line_is_cut():
    talk = rated_talk()

    rating.rate(talk, stars=5, line="あ" * 1_000, now=AFTERWARDS)

    assert len(rating.find(talk).line) == rating.LINE_LENGTH


def test_a_casts_page_shows_the_newest_lines_and_no_empty_ones():
    cast = make_cast()
    for n, line in enumerate(["first", "", "third"]):
        standby.begin(cast.account_id, now=NOON)
        talk = rated_talk(guest=make_guest(points=1_000), cast=cast)
        rating.rate(talk, stars=5, line=line, now=at(1_000 + n))

    assert [each.line for each in rating.latest_of(cast.account_id)] == ["third", "first"]
