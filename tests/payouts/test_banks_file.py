"""The banks' file: to the byte as the specification has it, read back whole, and why it is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zengin_code import Bank

from app import bank_kana
from app.casts import banks
from app.casts.bank_models import AccountKind
from app.payouts import banks_file
from app.payouts.banks_file import Transfer
from app.payouts.file_layout import END, HEADER, TRAILER, TRANSFER
from app.payouts.models import Remitter

PAY_ON = date(2026, 10, 30)  # a Friday
DAY = timedelta(days=1)

# facts: zengin 9, where "·" is a space.
EXAMPLE = """\
12101234567890ｶ)ﾃｽﾄｳﾝｴｲ·······························10310001ﾐｽﾞﾎ···········001ﾄｳｷﾖｳ··········11234567·················
20005ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ··001ﾎﾝﾃﾝ···········000017654321ﾔﾏﾀﾞ·ﾊﾅｺ······················00000123400000000010100000000007········
29900ﾕｳﾁﾖ···········058ｾﾞﾛｺﾞﾊﾁ········000011234567ｷﾔｽﾄ·ﾀﾛｳ······················00000050001000000010200000000007········
8000002000000017340·····································································································
9·······················································································································
"""
EXAMPLE_DAY = date(2026, 10, 31)
YAMADA = Transfer(
    bank_code="0005",
    bank_name="ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ",
    branch_code="001",
    branch_name="ﾎﾝﾃﾝ",
    account_kind=AccountKind.ORDINARY,
    account_number="7654321",
    holder="ﾔﾏﾀﾞ ﾊﾅｺ",
    yen=12_340,
    new_code="0",
    customer_number=101,
)
TARO = Transfer(
    bank_code="9900",
    bank_name="ﾕｳﾁﾖ",
    branch_code="058",
    branch_name="ｾﾞﾛｺﾞﾊﾁ",
    account_kind=AccountKind.ORDINARY,
    account_number="1234567",
    holder="ｷﾔｽﾄ ﾀﾛｳ",
    yen=5_000,
    new_code="1",
    customer_number=102,
)


def remitter(**other) -> Remitter:
    known = {
        "code": "1234567890",
        "name": "ｶ)ﾃｽﾄｳﾝｴｲ",
        "bank_code": "0001",
        "bank_name": "ﾐｽﾞﾎ",
        "branch_code": "001",
        "branch_name": "ﾄｳｷﾖｳ",
        "account_kind": "1",
        "account_number": "1234567",
        "designation": "7",
        "line_ends": True,
        "end_mark": False,
    }
    return Remitter(**known | other)


def why_not(*transfers: Transfer, pay_on=PAY_ON, today=PAY_ON, **ours) -> list[str]:
    problems = banks_file.why_not_write(remitter(**ours), pay_on, transfers, today=today)
    return [problem.code for problem in problems]


def test_the_worked_example_is_written_to_the_byte():
    records = EXAMPLE.replace("·", " ").encode("cp932").splitlines()

    written = banks_file.write(remitter(), EXAMPLE_DAY, [YAMADA, TARO])
    without = banks_file.write(remitter(line_ends=False), EXAMPLE_DAY, [YAMADA, TARO])

    assert written == b"".join(record + b"\r\n" for record in records)
    assert without == b"".join(records)
    assert (len(written), len(without)) == (610, 600)


@pytest.mark.parametrize("line_ends", [True, False])
def test_an_end_mark_stands_after_everything(line_ends):
    ours = remitter(line_ends=line_ends, end_mark=True)

    written = banks_file.write(ours, PAY_ON, [YAMADA])

    assert written == banks_file.write(remitter(line_ends=line_ends), PAY_ON, [YAMADA]) + b"\x1a"
    assert banks_file.read(written).transfers == [YAMADA]


@pytest.mark.parametrize("record", [HEADER, TRANSFER, TRAILER, END])
def test_the_fields_of_every_record_make_120_bytes(record):
    assert sum(field.length for field in record.fields) == 120


@pytest.mark.parametrize(
    ("record", "name", "column"),
    [  # the first column of a field, counted from one, as banks' sheets give it
        (HEADER, "remitter_code", 5),
        (HEADER, "remitter_name", 15),
        (HEADER, "pay_on", 55),
        (HEADER, "bank_code", 59),
        (HEADER, "branch_code", 78),
        (HEADER, "account_kind", 96),
        (HEADER, "account_number", 97),
        (HEADER, "unused", 104),
        (TRANSFER, "branch_code", 21),
        (TRANSFER, "account_kind", 43),
        (TRANSFER, "account_number", 44),
        (TRANSFER, "holder", 51),
        (TRANSFER, "yen", 81),
        (TRANSFER, "new_code", 91),
        (TRANSFER, "customer_number", 92),
        (TRANSFER, "designation", 112),
        (TRANSFER, "edi", 113),
        (TRAILER, "count", 2),
        (TRAILER, "yen", 8),
    ],
)
def test_fields_begin_in_their_column(record, name, column):
    names = [field.name for field in record.fields]
    before = record.fields[: names.index(name)]

    assert sum(field.length for field in before) + 1 == column


NAMES = "ｱｲｳｴｵｶｷｸﾊﾋﾌﾝ ABCXYZ0189-"
OF_PLACES = st.text(alphabet=NAMES, max_size=15).map(str.strip)
OF_PARTIES = st.text(alphabet=NAMES + "().", min_size=1, max_size=30).map(str.strip).filter(bool)


def digits(number: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=number, max_size=number)


TRANSFERS = st.builds(
    Transfer,
    bank_code=digits(4),
    bank_name=OF_PLACES,
    branch_code=digits(3),
    branch_name=OF_PLACES,
    account_kind=st.sampled_from(AccountKind),
    account_number=digits(7),
    holder=OF_PARTIES,
    yen=st.integers(1, 10**10 - 1),
    new_code=st.sampled_from("012"),
    customer_number=st.integers(1, 10**10 - 1),
)


@given(
    transfers=st.lists(TRANSFERS, max_size=8),
    line_ends=st.booleans(),
    end_mark=st.booleans(),
    designation=st.sampled_from("70 "),
)
def test_what_was_written_is_read_back_whole(transfers, line_ends, end_mark, designation):
    ours = remitter(line_ends=line_ends, end_mark=end_mark, designation=designation)

    written = banks_file.write(ours, PAY_ON, transfers)
    found = banks_file.read(written)

    assert found.transfers == transfers
    assert found.yen == sum(each.yen for each in transfers)
    assert (found.remitter["remitter_name"], found.remitter["pay_on"]) == (ours.name, "1030")
    assert banks_file.write(ours, PAY_ON, found.transfers) == written


@given(at=st.integers(122, 609), put=st.sampled_from([b"x", b"7", b" ", b"\n", b"\x81", b""]))
def test_a_file_that_somebody_changed_is_read_as_it_stands_or_not_at_all(at, put):
    file = banks_file.write(remitter(), PAY_ON, [YAMADA, TARO])
    changed = file[:at] + put + file[at + 1 :]

    try:
        found = banks_file.read(changed)
    except ValueError:
        return
    assert banks_file.write(remitter(), PAY_ON, found.transfers) == changed


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (lambda file: file[:-2], "records"),
        (lambda file: file[:-122], "kind"),
        (lambda file: b"1" + file[:-3] + b"\r\n", "line end"),
        (lambda file: file.replace(b"1210", b"1110"), "kind"),  # wages, not transfers
        (lambda file: file.replace(b"1030", b"10 3"), "kind"),
        (lambda file: file[:122] + file[244:], "transfers"),
        (lambda file: file + file, "kind"),
        (lambda _file: b"", "records"),
        (lambda file: file.replace(b"\r\n", b"\n"), "records"),
        (lambda file: file.replace(b"000012340", b"000012341"), "transfers"),
    ],
)
def test_no_other_file_is_read(broken, why):
    file = banks_file.write(remitter(), PAY_ON, [YAMADA, TARO])

    with pytest.raises(ValueError, match=why):
        banks_file.read(broken(file))


def test_what_banks_take_is_not_refused():
    assert why_not(YAMADA, TARO) == []
    assert why_not(YAMADA, today=PAY_ON - 30 * DAY) == []
    assert why_not(replace(YAMADA, bank_name="", branch_name="")) == []


@pytest.mark.parametrize(
    ("pay_on", "code"),
    [
        (date(2026, 10, 29), "past"),
        (date(2026, 10, 31), "no_bank_day"),  # a Saturday
        (date(2026, 11, 3), "no_bank_day"),  # the day of culture
        (date(2026, 12, 31), "no_bank_day"),
        (date(2027, 1, 3), "no_bank_day"),
    ],
)
def test_a_day_on_which_banks_send_nothing_is_refused(pay_on, code):
    assert why_not(YAMADA, pay_on=pay_on) == [code]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"bank_code": "005"}, "no_bank_code"),
        ({"branch_code": "1"}, "no_branch_code"),
        ({"bank_name": "ﾐﾂﾋﾞｼﾕ."}, "no_bank_name"),  # parties may have a full stop, places not
        ({"branch_name": "ｱ" * 16}, "no_branch_name"),
        ({"branch_name": "ﾎﾝﾃﾝ "}, "no_branch_name"),
        ({"account_number": "765432"}, "no_account_number"),
        ({"account_number": "76543210"}, "no_account_number"),
        ({"account_number": "765432x"}, "no_account_number"),
        ({"account_number": "７６５４３２１"}, "no_account_number"),
        ({"holder": ""}, "no_holder"),
        ({"holder": "ｱ" * 31}, "no_holder"),
        ({"holder": "ヤマダ"}, "no_holder"),
        ({"holder": "yamada"}, "no_holder"),
        ({"holder": "ｵｰﾉ"}, "no_holder"),  # the long vowel is a dash
        ({"holder": "ｦﾉ"}, "no_holder"),
        ({"holder": "ｬ"}, "no_holder"),
        ({"holder": "ｱﾞ"}, "no_holder"),
        ({"holder": "ﾞｶ"}, "no_holder"),
        ({"holder": " ﾔﾏﾀﾞ"}, "no_holder"),
        ({"yen": 0}, "no_yen"),
        ({"yen": -5_000}, "no_yen"),
        ({"yen": 10**10}, "no_yen"),
        ({"new_code": "3"}, "no_new_code"),
        ({"customer_number": 10**10}, "no_customer_number"),
    ],
)
def test_what_does_not_fit_a_field_is_told_by_the_number_of_its_transfer(other, code):
    bad = replace(YAMADA, **other)

    problems = banks_file.why_not_write(remitter(), PAY_ON, [bad, TARO], today=PAY_ON)

    told = [problem for problem in problems if problem.code == code]
    assert [problem.about for problem in told] == [f"transfer:{bad.customer_number}"]
    assert told[0].values["number"] == bad.customer_number


@pytest.mark.parametrize(("bank", "branch"), [("9999", "001"), ("0005", "999"), ("0005", "../x")])
def test_a_branch_that_closed_meanwhile_is_told(bank, branch):
    assert "no_branch" in why_not(replace(YAMADA, bank_code=bank, branch_code=branch))


def test_one_payout_stands_in_the_file_once():
    assert why_not(YAMADA, replace(TARO, customer_number=101)) == ["number_twice"]


def test_an_empty_file_is_refused():
    assert why_not() == ["no_transfers"]


def test_a_sum_beyond_the_trailer_is_refused():
    most = [replace(YAMADA, yen=10**10 - 1, customer_number=each) for each in range(1, 102)]

    assert why_not(*most[:100]) == []
    assert why_not(*most) == ["too_much"]


def test_the_same_amount_to_the_same_account_is_a_warning_only():
    twice = replace(YAMADA, customer_number=103)
    other_yen = replace(YAMADA, customer_number=104, yen=1)

    assert banks_file.twins_among([YAMADA, TARO, twice, other_yen]) == [YAMADA, twice]
    assert why_not(YAMADA, TARO, twice, other_yen) == []


@pytest.mark.parametrize(
    "other",
    [
        {"code": "123456789"},
        {"name": ""},
        {"name": "ｶ" * 41},
        {"name": "株式会社"},
        {"bank_code": ""},
        {"bank_name": "ﾐｽﾞﾎ."},
        {"branch_code": "01"},
        {"account_kind": "4"},  # we pay from no savings account
        {"account_number": "123"},
        {"designation": "8"},
    ],
)
def test_we_have_to_be_known_ourselves(other):
    assert why_not(YAMADA, **other) == ["remitter"]


def test_our_own_name_may_have_forty_signs():
    assert why_not(YAMADA, name="ｶ" * 40) == []


def test_a_field_that_was_not_asked_about_is_never_written_wrong():
    with pytest.raises(AssertionError, match="holder"):
        banks_file.write(remitter(), PAY_ON, [replace(YAMADA, holder="山田")])


def test_every_bank_and_branch_of_japan_has_its_place_in_the_file():
    nameless = set()
    for bank in Bank.all.values():
        for branch in bank.branches.values():
            names = bank_kana.place_name(bank.kana), bank_kana.place_name(branch.kana)
            nameless |= {bank.code} if not names[0] else set()
            assert names[1], (bank.code, branch.code)
            transfer = replace(
                YAMADA,
                bank_code=bank.code,
                bank_name=names[0],
                branch_code=branch.code,
                branch_name=names[1],
            )
            assert TRANSFER.unfit(banks_file.values_of(transfer, "7")) == []

    foreign = "0421 0438 0444 0456 0460 0484 0485 0487 0495 0608 0617 0623 0627"
    assert nameless == set(foreign.split(" "))


def test_names_of_places_are_looked_up_as_the_file_writes_them():
    assert banks.names_in_file("0005", "341") == ("ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ", "ｼﾝｼﾞﾕｸ")
    assert banks.names_in_file("9900", "058") == ("ﾕｳﾁﾖ", "ｾﾞﾛｺﾞﾊﾁ")
    foreign = next(iter(Bank["0421"].branches))
    assert banks.names_in_file("0421", foreign)[0] == ""
    assert banks.names_in_file("9999", "001") is None
    assert banks.names_in_file("0005", "999") is None
