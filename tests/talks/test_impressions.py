"""How a walk-in was, in its cast's words (D23)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.talks import impressions
from app.talks.models import TalkImpression
from tests import wages
from tests.evidence import at, make_room
from tests.factories import SECOND, make_cast
from tests.reservations import attend, make_booking

DAY = timedelta(hours=24)
ALL = [(0, 1_000)]


def keep(talk, *, stars=4, words="楽しく話せました", after=SECOND):
    return impressions.keep(talk.id, stars=stars, words=words, now=talk.ended_at + after)


@pytest.mark.req("D23")
def test_a_cast_says_how_a_walk_in_was():
    talk = wages.talk_for(make_cast())

    said = keep(talk, words=" 楽しく話せました\n")

    assert (said.stars, said.words, said.at) == (4, "楽しく話せました", talk.ended_at + SECOND)
    assert impressions.find(talk) is said


def test_words_may_be_left_out_and_a_free_talk_is_a_talk_too():
    assert keep(wages.talk_for(make_cast(), minutes=0), words="").words == ""


@pytest.mark.req("D23")
@pytest.mark.parametrize(("after", "codes"), [(DAY, set()), (DAY + SECOND, {"too_late"})])
def test_it_can_be_said_for_24_hours_to_the_second(after, codes):
    talk = wages.talk_for(make_cast())

    problems = impressions.why_not_keep(talk, now=talk.ended_at + after)

    assert {problem.code for problem in problems} == codes


@pytest.mark.parametrize(
    ("stars", "words", "codes"),
    [(0, "。", {"no_stars"}), (6, "。", {"no_stars"}), (5, "長" * 501, {"too_long"})],
)
def test_stars_and_words_have_their_limits(stars, words, codes):
    talk = wages.talk_for(make_cast())

    with pytest.raises(Refused) as why:
        keep(talk, stars=stars, words=words)

    assert set(why.value.codes) == codes
    assert impressions.find(talk) is None


def test_the_same_pressed_twice_is_kept_once_and_another_word_is_refused():
    talk = wages.talk_for(make_cast())
    first, second = keep(talk), keep(talk, after=2 * SECOND)
    assert first is second

    with pytest.raises(Refused) as why:
        keep(talk, words="実は違います")

    assert set(why.value.codes) == {"kept"}
    assert len(session.scalars(select(TalkImpression)).all()) == 1


def test_while_a_talk_runs_nothing_is_said_of_it():
    room = make_room()
    room.talk_until(60)

    problems = impressions.why_not_keep(room.talk, now=at(61))

    assert {problem.code for problem in problems} == {"not_ended"}


def test_a_reserved_talk_has_its_own_report():
    booking = make_booking()
    room = attend(booking, guest=ALL, cast=ALL)
    assert room

    problems = impressions.why_not_keep(room.talk, now=booking.ends_at)

    assert {problem.code for problem in problems} == {"reserved"}
