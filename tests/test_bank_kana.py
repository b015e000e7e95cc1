"""Names as banks write them (facts of the banks' file: 120 bytes a line, one byte a sign)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zengin_code import Bank

from app import bank_kana


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("やまだ　はなこ", "ﾔﾏﾀﾞ ﾊﾅｺ"),  # hiragana, full-width space
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("  ヤマダ\t ハナコ ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("きょうこ", "ｷﾖｳｺ"),
        ("ハットリ ジュンイチ", "ﾊﾂﾄﾘ ｼﾞﾕﾝｲﾁ"),
        ("ヮタナベ", "ﾜﾀﾅﾍﾞ"),
        ("サヶガワ", "ｻｹｶﾞﾜ"),
        ("オーノ ヨーコ", "ｵ-ﾉ ﾖ-ｺ"),
        ("オ－ノ", "ｵ-ﾉ"),  # the data's own long vowel
        ("オ―ノ", "ｵ-ﾉ"),
        ("オ‐ノ", "ｵ-ﾉ"),
        ("ヴァイオレット", "ｳﾞｱｲｵﾚﾂﾄ"),
        ("ゔ", "ｳﾞ"),
        ("パピプペポ", "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"),
        ("か゛", "ｶﾞ"),  # the mark typed by itself
        ("カ\u3099", "ｶﾞ"),  # and as a combining one
        ("ヲノ", "ｵﾉ"),
        ("ｽﾐｽ ｼﾞｮﾝ", "ｽﾐｽ ｼﾞﾖﾝ"),
        ("Ｓｍｉｔｈ　Ｊｏｈｎ", "SMITH JOHN"),
        ("カ）テストウンエイ", "ｶ)ﾃｽﾄｳﾝｴｲ"),
        ("ﾃﾞｨｽｺ", "ﾃﾞｲｽｺ"),  # half-width, with small ones
        ("ヵヶ", "ｶｹ"),
        ("コーヒー　ｺｰﾋｰ", "ｺ-ﾋ- ｺ-ﾋ-"),
        ("Ｎｏ．１", "NO.1"),
        ("Weiß", "WEISS"),
        ("ｳﾞｨｵﾗ", "ｳﾞｲｵﾗ"),
        ("ヴヴ", "ｳﾞｳﾞ"),
        ("ア\u3000\u3000イ\u00a0ウ", "ｱ ｲ ｳ"),  # spaces of every kind become one
        ("プ" * 15, "ﾌﾟ" * 15),  # exactly thirty bytes
    ],
)
def test_hard_names_are_written_as_banks_do(typed, written):
    assert bank_kana.write(typed).name == written
    assert bank_kana.why_not_write(typed, about="holder") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "no_name"),
        ("  　 ", "no_name"),
        ("山田 花子", "not_in_banks"),
        ("オノ・ヨーコ", "not_in_banks"),
        ("ヤマダ,ハナコ", "not_in_banks"),
        ("ヷ", "not_in_banks"),
        ("ヸ", "not_in_banks"),
        ("ヺ", "not_in_banks"),
        ("ㇰ", "not_in_banks"),  # small ku of Ainu
        ("ヤマダ🙂", "not_in_banks"),
        ("㈱テスト", "not_in_banks"),  # it falls apart into 株 in brackets
        ("髙橋", "not_in_banks"),
        ("José", "not_in_banks"),
        ("オノ〜ヨーコ", "not_in_banks"),
        ("O'Brien", "not_in_banks"),
        ("ﾊ\u200bﾅｺ", "not_in_banks"),  # a space that nobody sees
        ("ヱビス", "not_in_banks"),
        ("ア゛", "stray_mark"),
        ("ン゜", "stray_mark"),
        ("ヤマダ ゛", "stray_mark"),
        ("カ゜", "stray_mark"),
        ("\u3099", "stray_mark"),
    ],
)
def test_what_no_bank_writes_is_told_beside_its_field(typed, code):
    problems = bank_kana.why_not_write(typed, about="holder")

    assert [(problem.code, problem.about) for problem in problems] == [(code, "holder")]


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("José", "É"),
        ("山田 花子", "子山田花"),
        ("ヷ", "ヷ"),
        ("髙", "髙"),
        ("🙂", "🙂"),
        ("㈱", "株"),
    ],
)
def test_the_signs_that_banks_cannot_write_are_shown_as_they_were_typed(typed, signs):
    [problem] = bank_kana.why_not_write(typed, about="holder")

    assert problem.values == {"signs": signs}


def test_a_wo_is_told_since_banks_write_o_for_it():
    assert bank_kana.write("ヲノ").has_o_for_wo
    assert not bank_kana.write("オノ").has_o_for_wo


def test_thirty_bytes_are_kept_whole_and_the_next_is_cut():
    thirty = "ア" * 30

    assert not bank_kana.write(thirty).is_cut
    assert bank_kana.write(thirty + "イ").is_cut
    assert bank_kana.write(thirty + "イ").name == "ｱ" * 30


def test_no_letter_is_parted_from_its_mark():
    cut = bank_kana.write("ア" * 29 + "ガ")
    in_the_middle = bank_kana.write("ア" + "パ" * 15)

    assert (cut.name, cut.is_cut) == ("ｱ" * 29, True)
    assert in_the_middle.name == "ｱ" + "ﾊﾟ" * 14
    assert bank_kana.write("ア" * 29 + " イ").name == "ｱ" * 29  # nor does a space stand at the end


@given(st.text(alphabet="ぁあがぱアガパッーヲヴ 　゛゜ｱﾞﾟｰAzー-().", max_size=60))
def test_whatever_is_taken_fits_the_banks_file(typed):
    written = bank_kana.write(typed)

    assert len(written.name) <= 30
    assert bank_kana.write(written.name).name == written.name
    if not bank_kana.why_not_write(typed, about="holder"):
        assert len(written.name.encode("cp932")) == len(written.name)
        assert bank_kana.why_not_write(written.name, about="holder") == []


@pytest.mark.req("D27")
@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("ヤマダ ハナコ", "ﾔﾏﾀﾞﾊﾅｺ", True),
        ("キョウコ", "キヨウコ", True),  # bankbooks have no small kana
        ("オーノ ヨーコ", "オ-ノ ヨ-コ", True),
        ("やまだ", "ヤマダ", True),
        ("ヲノ", "オノ", True),
        ("オーノ", "オオノ", False),  # might be another name: the office looks
        ("ハラ", "バラ", False),
        ("ヤマダ", "", False),
        ("", "", False),
    ],
)
def test_the_same_name_is_seen_in_another_writing(one, other, is_same):
    assert bank_kana.same(one, other) is is_same


def test_every_bank_and_branch_of_japan_fits_but_the_foreign_ones_with_a_full_stop():
    strange = set()
    for bank in Bank.all.values():
        if not bank_kana.is_branch_name(bank_kana.write(bank.kana).whole):
            strange.add(bank.code)
        for branch in bank.branches.values():
            written = bank_kana.write(branch.kana).whole
            assert bank_kana.is_branch_name(written), (bank.code, branch.code)
            assert len(written) <= 15

    foreign = "0421 0438 0444 0456 0460 0484 0485 0487 0495 0608 0617 0623 0627"
    assert strange == set(foreign.split(" "))
