"""Where the demo's casts are paid to: branches that exist, numbers that are nobody's.

One holder has another name, and two casts share an account, so that the office has something to do.
"""

from datetime import datetime

from app.casts import bank_accounts
from app.casts.bank_models import AccountKind
from app.casts.banks import Branch
from app.casts.models import Cast

# Named here, so that filling the house reads no list of banks; a test compares them.
BRANCHES = (
    Branch(bank_code="0001", bank_name="みずほ銀行", code="001", name="東京営業部"),
    Branch(bank_code="0005", bank_name="三菱UFJ銀行", code="341", name="新宿"),
    Branch(bank_code="0009", bank_name="三井住友銀行", code="221", name="新宿"),
    Branch(bank_code="9900", bank_name="ゆうちょ銀行", code="058", name="〇五八"),
)
OTHER_NAME = 5  # the cast, by number, whose bankbook has the name before marriage
TWIN = 9  # the cast who gives the account of the one before


def open_account(cast: Cast, number: int, *, now: datetime) -> None:
    place = TWIN - 1 if number == TWIN else number
    bank_accounts.change(
        cast.account_id,
        branch=BRANCHES[place % len(BRANCHES)],
        kind=AccountKind.ORDINARY,
        number=f"{1_000_211 + 7_919 * place:07}",
        holder="サトウ ハナコ" if number == OTHER_NAME else "ミホン ハナコ",
        by=cast.account_id,
        now=now,
    )
