"""The banks' file of ten thousand payouts: checked, written and read; beside plain formatting."""

import time
from collections.abc import Callable, Iterator
from datetime import date

from app.casts.bank_models import AccountKind
from app.payouts import banks_file
from app.payouts.banks_file import Transfer
from app.payouts.models import Remitter
from bench.figures import Figure, at_most, below, interleaved

MANY, FEW = 10_000, 1_000
ROUNDS = 5
GOAL_SECONDS = 2  # from the payouts to the file, with every check
GOAL_LINEAR = 1.3  # ten times the payouts: ten times the time, and not much more
GOAL_RATIO = 30  # a check of every sign costs what it costs; past this it is waste
PAY_ON = date(2026, 11, 30)
OURS = Remitter(
    code="1234567890",
    name="ｶ)ﾃｽﾄｳﾝｴｲ",
    bank_code="0001",
    bank_name="ﾐｽﾞﾎ",
    branch_code="001",
    branch_name="ﾄｳｷﾖｳ",
    account_kind="1",
    account_number="1234567",
    designation="7",
    line_ends=True,
    end_mark=False,
)


def measure() -> Iterator[Figure]:
    many, few = _transfers(MANY), _transfers(FEW)
    _make(few)  # the list of banks is read once for every batch
    made, plain, of_few = interleaved(
        ROUNDS, _timed(_make, many), _timed(_floor, many), _timed(_make, few)
    )
    file = banks_file.write(OURS, PAY_ON, many)
    assert _floor(many) == file, "the floor writes another file"
    yield below(
        GOAL_SECONDS, what=f"the banks' file of {MANY:,} payouts", ours=sorted(made)[2], unit="s"
    )
    yield at_most(
        GOAL_RATIO,
        what="the same, beside the bare bytes",
        ours=[1e3 * each for each in made],
        floor=[1e3 * each for each in plain],
        unit="ms",
    )
    yield at_most(
        GOAL_LINEAR,
        what=f"a payout of {MANY:,}, beside one of {FEW:,}",
        ours=[1e6 * each / MANY for each in made],
        floor=[1e6 * each / FEW for each in of_few],
        unit="µs",
    )
    read = min(_timed(banks_file.read, file)() for _round in range(ROUNDS))
    yield below(GOAL_SECONDS, what=f"{MANY:,} payouts read back", ours=read, unit="s")


def _make(transfers: list[Transfer]) -> bytes:
    problems = banks_file.why_not_write(OURS, PAY_ON, transfers, today=PAY_ON)
    assert not problems
    assert not banks_file.twins_among(transfers)
    return banks_file.write(OURS, PAY_ON, transfers)


def _floor(transfers: list[Transfer]) -> bytes:
    """The same bytes, from one line of format and no check."""
    head = (
        f"1210{OURS.code}{OURS.name:40}{PAY_ON:%m%d}{OURS.bank_code}{OURS.bank_name:15}"
        f"{OURS.branch_code}{OURS.branch_name:15}{OURS.account_kind}{OURS.account_number}{'':17}"
    )
    body = [
        f"2{each.bank_code}{each.bank_name:15}{each.branch_code}{each.branch_name:15}00001"
        f"{each.account_number}{each.holder:30}{each.yen:010}{each.new_code}"
        f"{each.customer_number:010}{0:010}7{'':8}"
        for each in transfers
    ]
    total = sum(each.yen for each in transfers)
    tail = [f"8{len(transfers):06}{total:012}{'':101}", f"9{'':119}", ""]
    return "\r\n".join([head, *body, *tail]).encode("cp932")


def _timed(act: Callable[..., object], about: object) -> Callable[[], float]:
    def took() -> float:
        began = time.perf_counter()
        act(about)
        return time.perf_counter() - began

    return took


def _transfers(number: int) -> list[Transfer]:
    return [
        Transfer(
            bank_code="0005",
            bank_name="ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ",
            branch_code="341",
            branch_name="ｼﾝｼﾞﾕｸ",
            account_kind=AccountKind.ORDINARY,
            account_number=f"{each:07}",
            holder="ﾔﾏﾀﾞ ﾊﾅｺ",
            yen=5_000 + each,
            new_code="0",
            customer_number=each,
        )
        for each in range(1, number + 1)
    ]
