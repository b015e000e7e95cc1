"""Tax at the source: by class, to the yen; and the class of a cast on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.payouts import withholding
from app.payouts.models import WithholdingClass
from tests.factories import NOON, make_cast, make_operator

NONE, TEACHING, NON_RESIDENT = WithholdingClass
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("tax_class", "yen", "withheld"),
    [
        (NONE, 5_000_000, 0),
        (TEACHING, 1, 0),
        (TEACHING, 9, 0),  # 0.9189
        (TEACHING, 10, 1),  # 1.021
        (TEACHING, 5_000, 510),  # 510.5
        (TEACHING, 12_345, 1_260),  # 1,260.4245
        (TEACHING, 1_000_000, 102_100),
        (TEACHING, 1_000_001, 102_100),  # 102,100.2042
        (TEACHING, 1_000_005, 102_101),  # 102,101.021
        (TEACHING, 2_000_000, 306_300),
        (NON_RESIDENT, 4, 0),
        (NON_RESIDENT, 5, 1),  # 1.021
        (NON_RESIDENT, 5_000, 1_021),
        (NON_RESIDENT, 1_000_001, 204_200),  # 204,200.2042: no step
    ],
)
def test_tax_is_taken_to_the_yen_and_parts_of_one_are_left(tax_class, yen, withheld):
    assert withholding.withheld_yen(tax_class, yen) == withheld


@given(tax_class=st.sampled_from(WithholdingClass), yen=st.integers(1, 10**9))
def test_something_is_always_left_and_more_is_never_less(tax_class, yen):
    withheld = withholding.withheld_yen(tax_class, yen)

    assert 0 <= withheld < yen
    assert yen - withheld <= yen + 1 - withholding.withheld_yen(tax_class, yen + 1)


def test_without_a_row_nothing_is_withheld():
    cast = make_cast(online=False)

    assert withholding.class_of(cast.account_id, on=TODAY) is NONE
    assert withholding.listed(on=TODAY) == []


def test_a_class_counts_from_its_day_on():
    cast, operator = make_cast(online=False), make_operator()
    other = make_cast(online=False)
    by = {"by": operator.id, "now": NOON}
    withholding.write(cast.account_id, tax_class=TEACHING, holds_from=TODAY + DAY, **by)
    withholding.write(cast.account_id, tax_class=NONE, holds_from=TODAY + 9 * DAY, **by)

    on = {
        days: withholding.class_of(cast.account_id, on=TODAY + days * DAY) for days in (0, 1, 8, 9)
    }
    assert on == {0: NONE, 1: TEACHING, 8: TEACHING, 9: NONE}
    both = [cast.account_id, other.account_id]
    assert withholding.classes_of(both, on=TODAY + DAY) == {cast.account_id: TEACHING}
    [(listed, today, newest)] = withholding.listed(on=TODAY + DAY)
    assert (listed, today, newest.tax_class) == (cast, TEACHING, NONE)


def test_what_was_written_for_a_day_can_be_mended_until_that_day_is_over():
    cast, operator = make_cast(online=False), make_operator()
    for tax_class in (TEACHING, NON_RESIDENT):
        withholding.write(
            cast.account_id, tax_class=tax_class, holds_from=TODAY, by=operator.id, now=NOON
        )

    assert withholding.class_of(cast.account_id, on=TODAY) is NON_RESIDENT
    assert [each.tax_class for each in withholding.history(cast.account_id)] == [NON_RESIDENT]
    with pytest.raises(Refused) as refused:
        withholding.write(
            cast.account_id, tax_class=NONE, holds_from=TODAY, by=operator.id, now=NOON + DAY
        )
    assert refused.value.codes == {"too_early"}
    noted = session.scalars(select(AuditEntry).filter_by(did="withholding.written")).all()
    assert [each.facts["tax_class"] for each in noted] == ["teaching", "non_resident"]
    assert noted[0].about == f"account:{cast.account_id}"


@pytest.mark.committed
def test_two_operators_at_once_leave_one_class_of_a_day(at_once):
    cast_id, by = make_cast(online=False).account_id, make_operator().id
    session.commit()

    def write(tax_class):
        withholding.write(cast_id, tax_class=tax_class, holds_from=TODAY, by=by, now=NOON)

    at_once(lambda: write(TEACHING), lambda: write(NON_RESIDENT))

    assert len(withholding.history(cast_id)) == 1
