"""What a cast writes on their page (C26, C29)."""

import pytest

from app import policy
from app.casts import profiles, search
from app.casts.profiles import Words
from app.casts.search import Search
from app.errors import Refused
from tests.factories import NOON, make_cast

GOOD = {
    "tagline": "夜の散歩のあとに。",
    "profile": "星と珈琲の話が好きです。",
    "career": "喫茶店 10年",
    "categories": ["chat"],
    "site_url": "https://example.jp/me",
    "links": ["https://x.com/akari_k"],
}


@pytest.fixture
def cast():
    return make_cast(categories=("chat", "work", "love", "hobbies", "craft", "kimono"))


def edit(cast, **given):
    return profiles.edit(cast.account_id, Words(**GOOD | given), by=cast.account_id, now=NOON)


def found(words):
    return [each.public_id for each in search.find(Search(words=words)).casts]


@pytest.mark.req("C26", "C29")
def test_what_is_written_stands_there_at_once_and_is_found(cast):
    edit(cast)

    assert profiles.words_of(cast) == Words(**GOOD)
    assert found("珈琲") == [cast.public_id]
    edit(cast, profile="紅茶の話が好きです。")
    assert (found("珈琲"), found("紅茶")) == ([], [cast.public_id])


def test_the_lengths_are_those_of_the_policy(cast):
    longest = {
        "tagline": "あ" * policy.TAGLINE_LENGTH,
        "profile": "あ" * policy.INTRODUCTION_LENGTH,
        "career": "あ" * policy.CAREER_LENGTH,
    }
    edit(cast, **longest)

    for name, text in longest.items():
        with pytest.raises(Refused) as refused:
            edit(cast, **{name: text + "あ"})
        assert [(each.code, each.about) for each in refused.value.problems] == [("too_long", name)]


@pytest.mark.parametrize(
    ("categories", "code"),
    [
        ([], "no_category"),
        (["nobody"], "no_category"),
        (["chat", "nobody"], "no_category"),
        (["chat", "work", "love", "hobbies", "craft", "kimono"], "many_categories"),
    ],
)
def test_a_cast_has_some_categories_that_exist(cast, categories, code):
    with pytest.raises(Refused) as refused:
        edit(cast, categories=categories)

    assert refused.value.codes == {code}


def test_categories_stand_in_the_operators_order_and_once(cast):
    assert edit(cast, categories=["love", "chat", "love"]).categories == ["chat", "love"]


def test_links_are_kept_whole_and_once(cast):
    links = ["https://x.com/akari_k?s=1", "x.com/akari_k", "https://note.com/akari"]

    assert edit(cast, links=links).links == ["https://x.com/akari_k", "https://note.com/akari"]


@pytest.mark.parametrize(
    ("given", "about"),
    [
        ({"site_url": "javascript:alert(1)"}, "site_url"),
        ({"links": ["https://line.me/ti/p/x"]}, "links"),
        ({"links": [f"https://x.com/a{n}" for n in range(policy.PROFILE_LINKS + 1)]}, "links"),
    ],
)
def test_bad_links_are_refused_beside_their_field(cast, given, about):
    with pytest.raises(Refused) as refused:
        edit(cast, **given)

    assert {each.about for each in refused.value.problems} == {about}
    assert cast.links == []


def test_no_link_is_fine_too(cast):
    assert (edit(cast, site_url="", links=[]).site_url, cast.links) == ("", [])
