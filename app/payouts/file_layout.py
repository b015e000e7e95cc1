"""The records of the banks' file, field by field, as 全銀協規定形式 総合振込 has them (facts: zengin 3-5).

Each record has exactly 120 bytes, one for each sign.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from app import bank_kana

RECORD_BYTES = 120
ENCODING = "cp932"  # the same bytes as JIS X 0201 for every sign that is permitted


class Kind(Enum):
    """What may stand in a field."""

    CODE = "digits, as many as the field is long"
    N = "a number, zeros before it"
    PARTY = "the name of whoever pays or is paid, spaces after it"
    PLACE = "the name of a bank or a branch, or nothing; spaces after it"
    C = "other signs, spaces after them"


CODE, N, PARTY, PLACE, C = Kind
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `constant` is the same in every file; `among` lists what it may be."""

    name: str
    kind: Kind
    length: int
    constant: str | None = None
    among: str = ""  # signs, for a field of one

    def fits(self, value: str) -> bool:
        """Whether this can be written: neither too long nor with a sign that does not belong."""
        if len(value) > self.length or (self.among and value not in self.among):
            return False
        match self.kind:
            case Kind.CODE:
                return bool(_DIGITS.fullmatch(value)) and len(value) == self.length
            case Kind.N:
                return bool(_DIGITS.fullmatch(value))
            case Kind.PARTY:
                return value.strip() == value != "" and bank_kana.is_party_name(value)
            case Kind.PLACE:
                return value.strip() == value and bank_kana.is_branch_name(value)
            case Kind.C:
                return value.isascii()

    def fill(self, value: str) -> str:
        assert self.fits(value), f"{self.name} cannot hold {value!r}"
        return value.zfill(self.length) if self.kind is N else value.ljust(self.length)


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record: its fields in the order of their bytes."""

    fields: tuple[Field, ...]

    def unfit(self, values: Mapping[str, str]) -> list[str]:
        """The names of the fields that cannot hold their value."""
        own = (each for each in self.fields if each.constant is None)
        return [each.name for each in own if not each.fits(values[each.name])]

    def write(self, values: Mapping[str, str]) -> bytes:
        """The record with these values, each in its field."""
        filled = (
            each.fill(values[each.name] if each.constant is None else each.constant)
            for each in self.fields
        )
        return "".join(filled).encode(ENCODING)

    def read(self, record: bytes) -> dict[str, str]:
        """The values of a record. Raises ValueError for one that could not have been written."""
        text, at, values = record.decode(ENCODING), 0, {}
        for each in self.fields:
            cut = text[at : at + each.length]
            values[each.name] = cut.rstrip() if each.kind in (PARTY, PLACE) else cut
            at += each.length
        if self.unfit(values) or self.write(values) != record:
            raise ValueError(f"not a record of this kind: {text!r}")
        return values


HEADER = Record((
    Field("record", CODE, 1, "1"),  # データ区分
    Field("type_code", CODE, 2, "21"),  # 種別コード: 総合振込
    Field("code_set", CODE, 1, "0"),  # コード区分: JIS
    Field("remitter_code", CODE, 10),  # 振込依頼人コード
    Field("remitter_name", PARTY, 40),  # 振込依頼人名
    Field("pay_on", CODE, 4),  # 振込指定日: month and day
    Field("bank_code", CODE, 4),  # 仕向銀行番号
    Field("bank_name", PLACE, 15),  # 仕向銀行名
    Field("branch_code", CODE, 3),  # 仕向支店番号
    Field("branch_name", PLACE, 15),  # 仕向支店名
    Field("account_kind", CODE, 1, among="129"),  # 預金種目: 1 普通, 2 当座, 9 その他
    Field("account_number", CODE, 7),  # 口座番号
    Field("unused", C, 17, ""),  # ダミー
))  # fmt: skip
DESIGNATION = Field(
    "designation", C, 1, among="70 "
)  # 振込指定区分: 7 by wire; 0 or a space if wanted
TRANSFER = Record((
    Field("record", CODE, 1, "2"),  # データ区分
    Field("bank_code", CODE, 4),  # 被仕向銀行番号
    Field("bank_name", PLACE, 15),  # 被仕向銀行名
    Field("branch_code", CODE, 3),  # 被仕向支店番号
    Field("branch_name", PLACE, 15),  # 被仕向支店名
    Field("clearing_house", CODE, 4, "0000"),  # 手形交換所番号: unused
    Field("account_kind", CODE, 1, among="124"),  # 預金種目: 1 普通, 2 当座, 4 貯蓄
    Field("account_number", CODE, 7),  # 口座番号
    Field("holder", PARTY, 30),  # 受取人名
    Field("yen", N, 10),  # 振込金額
    Field("new_code", CODE, 1, among="012"),  # 新規コード: 1 first transfer, 2 changed account, 0 neither
    Field("customer_number", N, 10),  # 顧客コード1: ours
    Field("second_number", N, 10, "0"),  # 顧客コード2: unused
    DESIGNATION,
    Field("edi", C, 1, ""),  # 識別表示: no EDI
    Field("unused", C, 7, ""),  # ダミー
))  # fmt: skip
TRAILER = Record((
    Field("record", CODE, 1, "8"),  # データ区分
    Field("count", N, 6),  # 合計件数
    Field("yen", N, 12),  # 合計金額
    Field("unused", C, 101, ""),  # ダミー
))  # fmt: skip
END = Record((
    Field("record", CODE, 1, "9"),  # データ区分
    Field("unused", C, 119, ""),  # ダミー
))  # fmt: skip
