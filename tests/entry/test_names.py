import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.entry import names
from tests.applications import make_applied, make_filled
from tests.factories import make_cast


def codes(problems):
    return [each.code for each in problems]


@pytest.mark.req("C6")
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ヤマダ", "ヤマダ"),
        ("やまだ", "ヤマダ"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("  ヤマダ ", "ヤマダ"),
        ("ゔぁいおりん", "ヴァイオリン"),
        ("ジョン・スミス", "ジョン・スミス"),
        ("まりあ\u3000るいさ", "マリア ルイサ"),
        ("おーの", "オーノ"),
        ("か\u3099", "ガ"),
    ],
)
def test_kana_becomes_full_width_katakana(written, kept):
    assert names.to_katakana(written) == kept
    assert names.why_not_kana(kept, about="family_kana") == []


@pytest.mark.req("C6")
@pytest.mark.parametrize(
    ("kana", "code"),
    [
        ("", "no_name"),
        ("山田", "no_kana"),
        ("Yamada", "no_kana"),
        ("ヤマ-ダ", "no_kana"),
        ("・ヤマダ", "no_kana"),
        ("ヤマダ\u200b", "unreadable"),
        ("ヤ" * 41, "name_length"),
    ],
)
def test_what_is_no_katakana_is_refused(kana, code):
    assert codes(names.why_not_kana(kana, about="family_kana")) == [code]


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096), min_size=1, max_size=40))
def test_every_hiragana_can_be_written(kana):
    assert names.why_not_kana(names.to_katakana(kana), about="given_kana") == []


@pytest.mark.req("D44")
@pytest.mark.parametrize("name", ["aoi", "ＡＯＩ", "Aoi", " aoi"])
def test_a_name_that_looks_like_a_casts_is_taken(name):
    make_cast(name="AOI")

    why_not = names.why_not_cast_name(names.tidy(name), application_id=0)

    assert codes(why_not) == ["cast_name_taken"]


@pytest.mark.req("D44")
@pytest.mark.parametrize(
    "name", ["あおい\u200b", "あお\u00adい", "あおい\ufe00", "\u202eいおあ", "あおい\u0300"]
)
def test_what_cannot_be_seen_makes_no_other_name(name):
    assert codes(names.why_not_cast_name(names.tidy(name), application_id=0)) in (
        ["unreadable"],
        ["cast_name_letters"],
    )


@pytest.mark.req("D44")
@pytest.mark.parametrize("name", ["\u0430\u043ei", "Αοι", "ᎪᎾᏆ"])
def test_letters_of_other_scripts_that_look_alike_are_refused(name):
    assert codes(names.why_not_cast_name(name, application_id=0)) == ["cast_name_letters"]


@pytest.mark.req("C6")
@pytest.mark.parametrize("name", ["あおい", "葵", "アオイ", "Aoi", "佐々木 2号", "ゆー☆", "é"])
def test_usual_names_are_fine(name):
    assert names.why_not_cast_name(name, application_id=0) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "cast_name_length"), ("あ" * 21, "cast_name_length"), ("!!", "unreadable")],
)
def test_a_cast_name_is_a_name(name, code):
    assert codes(names.why_not_cast_name(name, application_id=0)) == [code]


@pytest.mark.req("D44")
def test_a_name_is_taken_by_who_waits_but_not_by_a_draft_or_oneself():
    waiting = make_applied(cast_name="あおい")
    make_filled(cast_name="みどり")

    assert names.is_taken("あおい", application_id=0)
    assert not names.is_taken("あおい", application_id=waiting.id)
    assert not names.is_taken("みどり", application_id=0)
