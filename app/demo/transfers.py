"""How the demo's house pays: its account, its bank's tariff, and a cast who teaches."""

from datetime import datetime

from app.casts.models import Cast
from app.clock import JAPAN
from app.demo.people import CASTS
from app.payouts import fee_rows, remitters, withholding
from app.payouts.fee_rows import Fee
from app.payouts.models import WithholdingClass
from app.payouts.remitters import Settings
from app.people.models import Account

OWN_BANK = "0001"
TARIFF = (("", 0, 110), ("", 30_000, 330), (OWN_BANK, 0, 0), (OWN_BANK, 30_000, 110))
TEACHES = "makeup"


def settle(casts: list[Cast], *, operator: Account, now: datetime) -> None:
    today = now.astimezone(JAPAN).date()
    settings = Settings(
        code="1234567890",
        name="サシトークウンエイ",
        bank_code=OWN_BANK,
        branch_code="001",
        account_number="1234567",
        cast_bears_fee=True,
    )
    remitters.write(settings, by=operator.id, now=now)
    for bank_code, from_yen, fee_yen in TARIFF:
        fee = Fee(bank_code=bank_code, from_yen=from_yen, fee_yen=fee_yen, holds_from=today)
        fee_rows.add(fee, by=operator.id, now=now)
    teacher = next(
        cast for cast, made in zip(casts, CASTS, strict=True) if TEACHES in made.categories
    )
    withholding.write(
        teacher.account_id,
        tax_class=WithholdingClass.TEACHING,
        holds_from=teacher.joined_at.astimezone(JAPAN).date(),
        by=operator.id,
        now=teacher.joined_at,
    )
