"""The banks' file of transfers (全銀協規定形式, 総合振込): written, read back, and why it cannot be written.

A header, a record for each transfer, a trailer with their number and sum, an end. It has no fee and
no year in it. The specification stands in `file_layout`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app import workdays
from app.casts import banks
from app.casts.bank_models import AccountKind
from app.errors import N_, Problem
from app.payouts.file_layout import DESIGNATION, END, HEADER, RECORD_BYTES, TRAILER, TRANSFER
from app.payouts.models import Remitter

LINE_END = b"\r\n"  # after every record, the last one too
END_MARK = b"\x1a"
ACCOUNT_KINDS = {AccountKind.ORDINARY: "1", AccountKind.CURRENT: "2", AccountKind.SAVINGS: "4"}
_KINDS_READ = {code: kind for kind, code in ACCOUNT_KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One payout as the file tells it; every name in the banks' writing."""

    bank_code: str
    bank_name: str  # may be empty
    branch_code: str
    branch_name: str  # may be empty
    account_kind: AccountKind
    account_number: str  # seven digits
    holder: str
    yen: int  # what is sent: tax and fee are taken already
    new_code: str  # 1 first transfer to this account, 2 changed account, 0 neither
    customer_number: int  # our number of the payout: it names this transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A file that was read."""

    remitter: dict[str, str]  # its header, field by field
    transfers: list[Transfer]

    @property
    def yen(self) -> int:
        return sum(transfer.yen for transfer in self.transfers)


def write(remitter: Remitter, pay_on: date, transfers: Sequence[Transfer]) -> bytes:
    """The whole file, to the byte. Whether it can be written is asked first, with `why_not_write`."""
    records = [
        HEADER.write(_header(remitter, pay_on)),
        *(TRANSFER.write(values_of(each, remitter.designation)) for each in transfers),
        TRAILER.write(_totals(transfers)),
        END.write({}),
    ]
    assert all(len(record) == RECORD_BYTES for record in records)
    after = LINE_END if remitter.line_ends else b""
    return b"".join(record + after for record in records) + END_MARK * remitter.end_mark


def read(file: bytes) -> Contents:
    """What a file of ours says. Raises ValueError for one that we could not have written."""
    first, *middle, trailer, end = _records(file)
    header = HEADER.read(first)
    transfers = [_transfer(TRANSFER.read(each)) for each in middle]
    if TRAILER.read(trailer) != TRAILER.read(TRAILER.write(_totals(transfers))):
        raise ValueError("the trailer counts other transfers")
    END.read(end)
    return Contents(remitter=header, transfers=transfers)


def why_not_write(
    remitter: Remitter, pay_on: date, transfers: Sequence[Transfer], *, today: date
) -> list[Problem]:
    """Why banks would not take this file; an empty list where they would.

    That it pays what it should, and that a second person approved it, its batch knows.
    """
    return [
        *_of_day(pay_on, today=today),
        *_of_remitter(remitter, pay_on),
        *(problem for each in transfers for problem in _of_transfer(each)),
        *_of_places(transfers),
        *_of_all(transfers),
    ]


def twins_among(transfers: Sequence[Transfer]) -> list[Transfer]:
    """Transfers of the same sum to the same account: perhaps twice the same, though banks take it."""
    seen: dict[tuple[object, ...], list[Transfer]] = {}
    for each in transfers:
        place = (each.bank_code, each.branch_code)
        key = (*place, each.account_kind, each.account_number, each.yen)
        seen.setdefault(key, []).append(each)
    return [each for alike in seen.values() if len(alike) > 1 for each in alike]


def _header(remitter: Remitter, pay_on: date) -> dict[str, str]:
    return {
        "remitter_code": remitter.code,
        "remitter_name": remitter.name,
        "pay_on": f"{pay_on:%m%d}",
        "bank_code": remitter.bank_code,
        "bank_name": remitter.bank_name,
        "branch_code": remitter.branch_code,
        "branch_name": remitter.branch_name,
        "account_kind": remitter.account_kind,
        "account_number": remitter.account_number,
    }


def values_of(transfer: Transfer, designation: str) -> dict[str, str]:
    return {
        "bank_code": transfer.bank_code,
        "bank_name": transfer.bank_name,
        "branch_code": transfer.branch_code,
        "branch_name": transfer.branch_name,
        "account_kind": ACCOUNT_KINDS[transfer.account_kind],
        "account_number": transfer.account_number,
        "holder": transfer.holder,
        "yen": str(transfer.yen),
        "new_code": transfer.new_code,
        "customer_number": str(transfer.customer_number),
        "designation": designation,
    }


def _totals(transfers: Sequence[Transfer]) -> dict[str, str]:
    return {"count": str(len(transfers)), "yen": str(sum(each.yen for each in transfers))}


def _transfer(values: dict[str, str]) -> Transfer:
    return Transfer(
        bank_code=values["bank_code"],
        bank_name=values["bank_name"],
        branch_code=values["branch_code"],
        branch_name=values["branch_name"],
        account_kind=_KINDS_READ[values["account_kind"]],
        account_number=values["account_number"],
        holder=values["holder"],
        yen=int(values["yen"]),
        new_code=values["new_code"],
        customer_number=int(values["customer_number"]),
    )


def _records(file: bytes) -> list[bytes]:
    body = file.removesuffix(END_MARK)
    step = RECORD_BYTES + (len(LINE_END) if body.endswith(LINE_END) else 0)
    if len(body) % step or len(body) < 3 * step:
        raise ValueError("not a whole number of records")
    records = [body[at : at + step] for at in range(0, len(body), step)]
    if step > RECORD_BYTES and not all(record.endswith(LINE_END) for record in records):
        raise ValueError("a record without its line end")
    return [record[:RECORD_BYTES] for record in records]


def _of_day(pay_on: date, *, today: date) -> Iterator[Problem]:
    if pay_on < today:
        text = N_("The day of the transfers is past. Please choose a later one.")
        yield Problem(code="past", about="pay_on", text=text)
    elif not workdays.is_bank_day(pay_on):
        text = N_("Banks carry out no transfers on that day. Please choose another one.")
        yield Problem(code="no_bank_day", about="pay_on", text=text)


def _of_remitter(remitter: Remitter, pay_on: date) -> Iterator[Problem]:
    unfit = HEADER.unfit(_header(remitter, pay_on))
    if unfit or not DESIGNATION.fits(remitter.designation):
        text = N_("Our own account is not complete yet. Please look at the transfer settings.")
        yield Problem(code="remitter", about="remitter", text=text)


_OF_FIELD = {
    "bank_code": N_("Transfer %(number)s: the code of the bank needs four digits."),
    "bank_name": N_("Transfer %(number)s: the name of the bank has signs that banks do not write."),
    "branch_code": N_("Transfer %(number)s: the code of the branch needs three digits."),
    "branch_name": N_(
        "Transfer %(number)s: the name of the branch has signs that banks do not write."
    ),
    "account_number": N_("Transfer %(number)s: the number of the account needs seven digits."),
    "holder": N_("Transfer %(number)s: banks cannot write the holder's name like this."),
    "yen": N_("Transfer %(number)s: the amount has to be from 1 to 9,999,999,999 yen."),
    "new_code": N_("Transfer %(number)s: it is neither a first transfer nor another one."),
    "customer_number": N_("Transfer %(number)s: the number of the payout is too long."),
}


def _of_transfer(transfer: Transfer) -> Iterator[Problem]:
    wrong = TRANSFER.unfit(values_of(transfer, DESIGNATION.among[0]))
    if transfer.yen == 0:
        wrong.append("yen")
    for name in wrong:
        yield _problem(f"no_{name}", transfer, _OF_FIELD[name])


def _of_places(transfers: Sequence[Transfer]) -> Iterator[Problem]:
    """Branches close: the account was right when it was written down."""
    for each in sorted(transfers, key=lambda each: (each.bank_code, each.branch_code)):
        if banks.names_in_file(each.bank_code, each.branch_code) is None:
            text = N_(
                "Transfer %(number)s: there is no branch %(branch)s of bank %(bank)s any more."
            )
            values = {"bank": each.bank_code, "branch": each.branch_code}
            yield _problem("no_branch", each, text, values)


def _of_all(transfers: Sequence[Transfer]) -> Iterator[Problem]:
    if not transfers:
        yield Problem(code="no_transfers", text=N_("There is nothing to transfer."))
    if TRAILER.unfit(_totals(transfers)):
        text = N_("These are more transfers, or more yen, than one file can hold.")
        yield Problem(code="too_much", text=text)
    numbers = Counter(each.customer_number for each in transfers)
    for number in (number for number, times in numbers.items() if times > 1):
        text = N_("Transfer %(number)s stands in the file more than once.")
        yield Problem(
            code="number_twice", about=f"transfer:{number}", text=text, values={"number": number}
        )


def _problem(
    code: str, transfer: Transfer, text: str, values: Mapping[str, object] | None = None
) -> Problem:
    number = transfer.customer_number
    values = {"number": number, **(values or {})}
    return Problem(code=code, about=f"transfer:{number}", text=text, values=values)
