"""One line of the register: a table, with all of its columns, and the words that repeat."""

from dataclasses import dataclass

from app import policy

BOOKS = f"{policy.BOOKS_KEPT_YEARS} years"
LAW = "Books of prepaid points and of taxes (資金決済法22条, 法人税法126条, 電子帳簿保存法)"
MAILS = f"{policy.MAILS_KEPT.days} days (policy.MAILS_KEPT; letters.erase_old)"
WORDS = (
    f"{policy.WORDS_KEPT.days} days after the reservation (policy.WORDS_KEPT; messages.erase_old)"
)
OPEN = "while the account is open"
PROOF = "Evidence of what was charged and paid, for disputes and for the books"
CONDUCT = f"{policy.CONDUCT_KEPT.days} days (policy.CONDUCT_KEPT; desk.forget_conduct)"
SAFETY = "Safety of the people here: reports and their decisions outlive who left"
OF_GUEST = "guest_id = :guest_id"
OF_ACCOUNT = "account_id = :guest_id"
OF_BOOKING = "booking_id IN (SELECT id FROM booking WHERE guest_id = :guest_id)"
OF_INQUIRY = "inquiry_id IN (SELECT id FROM inquiry WHERE account_id = :guest_id)"
OF_TALK = "talk_id IN (SELECT id FROM talk WHERE guest_id = :guest_id)"


@dataclass(frozen=True, kw_only=True)
class Entry:
    table: str
    whose: str
    purpose: str = ""
    stays: str = ""
    plain: str = ""
    erased: str = ""
    kept: str = ""
    why: str = ""
    goes: bool = False  # the rows are deleted when their person leaves
    mine: str = ""  # SQL: a guest's own rows
    withheld: str = ""  # columns that are in no copy
    casts: str = ""  # columns with the account of a cast, who is named in a copy
    mailed: str = ""  # columns whose links prove that their reader has the mailbox: copied without

    @property
    def columns(self) -> list[str]:
        return f"{self.plain} {self.erased} {self.kept}".split()

    @property
    def is_personal(self) -> bool:
        return bool(self.erased or self.kept)


def nobodys(table: str, plain: str) -> Entry:
    """A table in which nothing is about anybody."""
    return Entry(table=table, whose="nobody", plain=plain)
