from datetime import date

import pytest

from app import policy
from app.casts.models import Rank
from app.entry import steps
from app.errors import Refused
from app.pictures import keeping, photographs
from app.pictures.photographs import Crop
from tests.applications import (
    BORN_ON,
    REAL_NAMES,
    make_applied,
    make_draft,
    make_filled,
    photograph,
)
from tests.factories import NOON, make_cast

TODAY = date(2026, 11, 22)
GOOD = {
    "cast_name": "あおい",
    "categories": ["chat"],
    "wished_rank": Rank.GOLD,
    "introduction": "こんにちは。",
}


def codes_of_person(born_on=BORN_ON, **changes):
    why_not = steps.why_not_person({**REAL_NAMES, **changes}, born_on=born_on, today=TODAY)
    return [(each.code, each.about) for each in why_not]


def about_of_profile(application, **changes):
    return [each.about for each in steps.why_not_profile(application, **{**GOOD, **changes})]


@pytest.mark.req("C6")
def test_names_are_kept_tidy_and_kana_as_katakana():
    application = make_draft()
    written = {**REAL_NAMES, "family_name": " 山田\u3000", "family_kana": "やまだ"}

    steps.keep_person(application, written, born_on=BORN_ON, today=TODAY)

    assert (application.family_name, application.family_kana) == ("山田", "ヤマダ")
    assert application.born_on == BORN_ON


@pytest.mark.req("D29")
@pytest.mark.parametrize(
    ("born_on", "code"),
    [
        (date(2008, 11, 22), None),
        (date(2008, 11, 23), "not_adult"),
        (date(2026, 11, 23), "born_later"),
        (None, "no_birthday"),
    ],
)
def test_casts_are_grown_up(born_on, code):
    assert codes_of_person(born_on) == ([(code, "born_on")] if code else [])


@pytest.mark.req("C6")
def test_every_reason_is_told_beside_its_field():
    told = codes_of_person(None, family_name="", given_kana="花子")

    assert told == [
        ("no_name", "family_name"),
        ("no_kana", "given_kana"),
        ("no_birthday", "born_on"),
    ]


@pytest.mark.req("C8", "C14", "C16")
@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({}, []),
        ({"categories": []}, ["categories"]),
        ({"categories": ["chat", "no such thing"]}, ["categories"]),
        ({"wished_rank": None}, ["wished_rank"]),
        ({"wished_rank": Rank.PLATINUM}, ["wished_rank"]),
        ({"wished_rank": Rank.BLACK}, ["wished_rank"]),
        ({"introduction": "  \n"}, ["introduction"]),
        ({"introduction": "あ" * (policy.INTRODUCTION_LENGTH + 1)}, ["introduction"]),
        ({"introduction": "あ" * policy.INTRODUCTION_LENGTH}, []),
        ({"cast_name": ""}, ["cast_name"]),
    ],
)
def test_a_profile_is_complete_and_of_a_first_rank(changes, about):
    application = make_filled()

    assert about_of_profile(application, **changes) == about


@pytest.mark.req("D44")
def test_a_taken_name_is_refused():
    make_cast(name="あおい")
    application = make_filled()

    with pytest.raises(Refused) as refused:
        steps.keep_profile(application, **GOOD)

    assert refused.value.codes == {"cast_name_taken"}


@pytest.mark.req("C8")
def test_several_categories_are_kept_once_each():
    make_cast(categories=("chat", "love"))
    application = make_filled()

    steps.keep_profile(application, **{**GOOD, "categories": ["love", "chat", "love"]})

    assert application.categories == ["love", "chat"]


@pytest.mark.req("C9")
def test_another_picture_takes_the_place_of_the_first():
    application = make_filled()
    first = keeping.portrait_of(application.picture_id).removeprefix("pictures/")
    image = photographs.read(photograph())

    steps.keep_picture(application, image, crop=Crop(left=0, top=0, side=500), now=NOON)

    second = keeping.portrait_of(application.picture_id).removeprefix("pictures/")
    assert keeping.find(first, pixels=400) is None
    assert keeping.find(second, pixels=400)


def test_what_was_sent_stays_as_it_is():
    application = make_applied()
    image = photographs.read(photograph())
    works = [
        lambda: steps.keep_person(application, REAL_NAMES, born_on=BORN_ON, today=TODAY),
        lambda: steps.keep_profile(application, **GOOD),
        lambda: steps.keep_picture(application, image, crop=None, now=NOON),
    ]

    for work in works:
        with pytest.raises(Refused) as refused:
            work()
        assert refused.value.codes == {"sent_already"}
