import pytest

from app.casts import search, standby
from app.casts.models import Rank
from app.casts.search import Search
from app.db import session
from tests.factories import NOON, SECOND, make_cast


def names(found=None, **wanted):
    page = search.find(found or Search(**wanted))
    return [cast.name for cast in page.casts]


def walk(wanted):
    """Every name, page by page, as somebody scrolls."""
    seen, after = [], None
    while True:
        page = search.find(wanted, after=after)
        seen += [cast.name for cast in page.casts]
        after = page.next_after
        if after is None:
            return seen


@pytest.fixture
def crowd():
    """Sixty casts, many of them equal in everything one can sort by."""
    ranks = list(Rank)
    for n in range(60):
        make_cast(
            name=f"c{n:02}", rank=ranks[n % 5], online=n % 3 == 0, now=NOON + n // 10 * SECOND
        )


@pytest.mark.parametrize("sort", search.SORTS)
def test_pages_go_on_without_gap_or_repetition(crowd, sort):
    seen = walk(Search(sort=sort))

    assert len(seen) == 60
    assert len(set(seen)) == 60


def test_a_cast_who_changes_state_while_one_scrolls_hides_nobody_else(crowd):
    first = search.find(Search())
    standby.stop(first.casts[0].account_id)
    session.flush()

    second = search.find(Search(), after=first.next_after)

    shown = {cast.name for cast in first.casts} | {cast.name for cast in second.casts}
    assert len(shown) == 2 * search.PAGE


@pytest.mark.req("G1", "G8")
def test_who_can_talk_now_stands_first():
    make_cast(name="off", online=False)
    make_cast(name="on")

    assert names() == ["on", "off"]


def test_only_who_can_talk_now():
    make_cast(name="off", online=False)
    make_cast(name="on")

    assert names(ready=True) == ["on"]


@pytest.mark.req("G13")
def test_a_category():
    make_cast(name="both", categories=("chat", "beauty"))
    make_cast(name="one", categories=("chat",))

    assert names(category="beauty") == ["both"]


@pytest.mark.req("G10")
def test_a_price_up_to_which_one_would_go():
    make_cast(name="blue", rank=Rank.BLUE)
    make_cast(name="silver", rank=Rank.SILVER)
    make_cast(name="gold", rank=Rank.GOLD)

    assert set(names(most_points=150)) == {"blue", "silver"}


def test_cheapest_first():
    make_cast(name="gold", rank=Rank.GOLD)
    make_cast(name="blue", rank=Rank.BLUE)

    assert names(sort="price") == ["blue", "gold"]


def test_newest_first():
    make_cast(name="old", now=NOON)
    make_cast(name="new", now=NOON + SECOND)

    assert names(sort="new") == ["new", "old"]


def test_best_rated_first_and_few_ratings_count_as_none():
    good, lucky = make_cast(name="good"), make_cast(name="lucky")
    good.rating_sum, good.rating_count = 13, 3
    lucky.rating_sum, lucky.rating_count = 10, 2
    session.flush()

    page = search.find(Search(sort="rating"))

    assert [(cast.name, cast.rating_tenths) for cast in page.casts] == [("good", 43), ("lucky", 0)]
    good.rating_sum = good.rating_count = lucky.rating_sum = lucky.rating_count = 0


@pytest.mark.req("G1")
def test_words_are_looked_for_in_name_tagline_and_profile_and_all_must_fit():
    make_cast(name="千景", tagline="夜更かし歓迎", profile="元看護師です")
    make_cast(name="陽葵", tagline="夜更かし歓迎", profile="大学生です")

    assert names(words="看護") == ["千景"]
    assert set(names(words="夜更かし")) == {"千景", "陽葵"}
    assert names(words="夜更かし 大学") == ["陽葵"]
    assert names(words="大学 看護") == []


def test_letters_are_found_in_either_case():
    make_cast(name="Nori", profile="YOGA instructor")

    assert names(words="yoga NORI") == ["Nori"]


HOSTILE = [
    "%",
    "_",
    "\\",
    "%%%' OR 1=1 --",
    "'; DROP TABLE talk_cast; --",
    "<script>",
    "😀" * 50,
    " ".join("abcdefghij"),
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_find_nobody_and_break_nothing(words):
    make_cast(name="千景", tagline="こんばんは", profile="")

    assert names(words=words) == []
    assert names() == ["千景"]


@pytest.mark.parametrize("category", ["", "no-such", "chat'", "{chat}", "%"])
def test_a_category_that_is_none_filters_by_nothing_or_finds_nobody(category):
    make_cast(name="千景")

    assert names(category=category) == (["千景"] if not category else [])


@pytest.mark.parametrize(
    "after",
    [
        "",
        "~",
        "x~y~z",
        "99999999999999999999~1",
        "3~2026-11-22~99999999999999999999",
        "1",
        "3~2026-11-22T03:00:00+00:00",
        "3~never~1",
        "-1~-1~-1",
    ],
)
@pytest.mark.parametrize("sort", search.SORTS)
def test_a_place_that_makes_no_sense_begins_anew(sort, after):
    make_cast(name="千景")

    assert [cast.name for cast in search.find(Search(sort=sort), after=after).casts] == ["千景"]


def test_counting_who_can_talk_now():
    make_cast()
    make_cast(online=False)

    assert search.count_online() == 1
