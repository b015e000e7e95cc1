"""The demo's house can pay: its settings are what a bank takes, and its tariff has the usual step."""

from datetime import date

from app import demo
from app.db import session
from app.payouts import banks_file, fees, remitters, withholding
from app.payouts.models import WithholdingClass
from tests.factories import NOON
from tests.payouts.test_banks_file import YAMADA

PAY_ON = date(2026, 11, 30)


def test_the_demo_can_pay():
    demo.fill(now=NOON)
    session.flush()

    ours = remitters.current()
    assert ours.name == "ｻｼﾄ-ｸｳﾝｴｲ"
    assert banks_file.why_not_write(ours, PAY_ON, [YAMADA], today=PAY_ON) == []
    assert fees.deducted("0005", "341", 30_329, on=PAY_ON) == 110
    assert fees.fee_of("0001", "001", 5_000, on=PAY_ON) == 0
    [(_teacher, tax_class, _row)] = withholding.listed(on=PAY_ON)
    assert tax_class is WithholdingClass.TEACHING
