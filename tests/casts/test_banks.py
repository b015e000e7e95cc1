"""Banks and branches by whatever one types, and the two ways of naming an account of ゆうちょ."""

import subprocess
import sys

import pytest
from zengin_code import Bank

from app.casts import banks, yucho
from app.casts.bank_models import AccountKind
from tests.factories import SHINJUKU


def first_bank(words):
    found = banks.search_banks(words)
    return found[0].full_name if found else None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("みずほ", "みずほ銀行"),
        ("ミズホ", "みずほ銀行"),
        ("ﾐｽﾞﾎ", "みずほ銀行"),
        ("mizuho", "みずほ銀行"),
        ("ＭＩＺＵＨＯ", "みずほ銀行"),
        ("0001", "みずほ銀行"),
        ("０００１", "みずほ銀行"),
        ("みずほ銀行", "みずほ銀行"),
        ("三菱UFJ", "三菱UFJ銀行"),
        ("みつびしユーエフジェー", None),  # nobody's spelling
        ("みつびし", "三菱UFJ銀行"),
        ("ゆうちょ", "ゆうちょ銀行"),
        ("ゆうちよ", "ゆうちょ銀行"),
        ("ジーエムオー", "GMOあおぞらネット銀行"),
        ("京都中央信金", "京都中央信金"),
        ("<script>", None),
        ("%", None),
    ],
)
def test_a_bank_is_found_by_kanji_kana_latin_and_code(typed, name):
    assert first_bank(typed) == name


def test_without_a_word_the_usual_banks_are_offered():
    assert [bank.code for bank in banks.search_banks(" ")] == list(banks.COMMON)


@pytest.mark.parametrize(
    "typed", ["新宿", "しんじゅく", "シンジュク", "shinjuku", "341", "新宿支店"]
)
def test_a_branch_is_found_by_kanji_kana_latin_and_code(typed):
    assert banks.search_branches("0005", typed)[0].name == "新宿"


@pytest.mark.parametrize(
    ("bank", "typed", "name"),
    [
        ("0001", "tokyo", "東京営業部"),
        ("0001", "toukyou", "東京営業部"),
        ("0001", "sapporo", "札幌"),
        ("0001", "kyoto", "京都"),
        ("0005", "kichijoji", "吉祥寺"),
        ("0001", "kiyose", "清瀬"),
    ],
)
def test_latin_letters_are_read_as_people_type_them(bank, typed, name):
    assert name in {each.name for each in banks.search_branches(bank, typed)}


def test_a_branch_that_does_not_exist_is_none():
    assert banks.find_branch("0005", "000") is None
    assert banks.find_branch("9999", "001") is None
    assert banks.find_branch("../../0005", "001") is None
    assert banks.search_branches("../banks", "") == []


def test_the_branch_of_the_factories_exists():
    assert banks.find_branch("0005", "341") == SHINJUKU


def test_reading_the_data_gives_what_the_package_gives():
    for code in ("0001", "1001", "3001", "9900"):
        bank = Bank[code]
        theirs = {each.code: (each.name, each.kana, each.hira, each.roma)
                  for each in bank.branches.values()}  # fmt: skip
        ours = {each.code: (each.name, each.kana, each.hira, each.roma)
                for each in banks._branches(code).values()}  # fmt: skip
        assert ours == theirs
    assert set(banks._banks()) == set(Bank.all)


def test_the_product_does_not_load_all_branches_of_japan():
    script = (
        "import sys; from app import create_app; from app.casts import banks;"
        "banks.search_banks('みずほ'); banks.search_branches('0005', '新宿');"
        "sys.exit('zengin_code' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


# ゆうちょ


@pytest.mark.parametrize(
    ("symbol", "number", "is_savings", "converted"),
    [
        ("10530", "12345671", False, ("058", AccountKind.ORDINARY, "1234567")),
        ("17300", "19927651", False, ("738", AccountKind.ORDINARY, "1992765")),
        ("11940", "1234561", False, ("198", AccountKind.ORDINARY, "0123456")),
        ("10530", "12345671", True, ("058", AccountKind.SAVINGS, "1234567")),
        ("10530", "11", False, ("058", AccountKind.ORDINARY, "0000001")),
        ("00530", "123456", False, ("059", AccountKind.CURRENT, "0123456")),
        ("00530", "1", True, ("059", AccountKind.CURRENT, "0000001")),
    ],
)
def test_symbol_and_number_become_what_other_banks_need(symbol, number, is_savings, converted):
    assert yucho.why_not_convert(symbol, number) == []

    found = yucho.convert(symbol, number, is_savings=is_savings)

    assert (found.branch_code, found.kind, found.number) == converted


@pytest.mark.parametrize(
    ("symbol", "number", "code"),
    [
        ("1053", "12345671", "no_symbol"),
        ("105300", "12345671", "no_symbol"),
        ("20530", "12345671", "no_symbol"),
        ("1053O", "12345671", "no_symbol"),
        ("", "", "no_symbol"),
        ("10530", "12345672", "not_ending_in_1"),
        ("10530", "1", "no_number"),  # nothing is left without its last digit
        ("10530", "123456781", "no_number"),
        ("10530", "", "no_number"),
        ("00530", "1234567", "no_number"),
        ("00530", "12x", "no_number"),
    ],
)
def test_what_is_no_symbol_and_number_is_refused(symbol, number, code):
    assert [problem.code for problem in yucho.why_not_convert(symbol, number)] == [code]


def test_every_branch_of_yucho_has_its_kinds():
    kinds = {code: yucho.kinds_of_branch(code) for code in banks._branches(banks.YUCHO)}

    assert len(kinds) == 94
    assert kinds["058"] == {AccountKind.ORDINARY, AccountKind.SAVINGS}
    assert kinds["019"] == {AccountKind.CURRENT}
