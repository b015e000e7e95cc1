"""Two operators who write settings at the same instant: the second is told, and nothing is lost."""

from dataclasses import replace
from functools import partial

import pytest

from app.errors import Refused
from app.payouts import remitters, withholding
from app.payouts.models import WithholdingClass
from tests.factories import NOON, make_cast, make_operator
from tests.payouts.test_remitters import OURS

pytestmark = pytest.mark.committed
TODAY = NOON.date()


def codes_of(outcomes):
    return [each.codes for each in outcomes if isinstance(each, Refused)]


@pytest.mark.parametrize("had_some", [False, True])
def test_of_two_who_save_the_remitter_the_second_is_told(at_once, had_some):
    if had_some:
        remitters.write(OURS, by=None, now=NOON)
    seen, operators = remitters.version(), [make_operator().id for _ in range(2)]
    wanted = [replace(OURS, code="111"), replace(OURS, code="222")]

    def save(number):
        remitters.write(wanted[number], by=operators[number], now=NOON, seen=seen)

    outcomes = at_once(partial(save, 0), partial(save, 1))

    assert codes_of(outcomes) == [{"changed_meanwhile"}]
    assert len(remitters.history()) == 1 + had_some


def test_of_two_who_save_the_same_both_have(at_once):
    by = make_operator().id

    def save():
        remitters.write(OURS, by=by, now=NOON, seen="")

    assert at_once(save, save) == [None, None]
    assert len(remitters.history()) == 1


def test_of_two_who_write_the_class_of_a_cast_the_second_is_told(at_once):
    cast_id = make_cast().account_id
    operators = [make_operator().id for _ in range(2)]
    classes = [WithholdingClass.TEACHING, WithholdingClass.NON_RESIDENT]

    def write(number):
        words = {"tax_class": classes[number], "holds_from": TODAY, "seen": ""}
        withholding.write(cast_id, **words, by=operators[number], now=NOON)

    outcomes = at_once(partial(write, 0), partial(write, 1))

    assert codes_of(outcomes) == [{"changed_meanwhile"}]
    (row,) = withholding.history(cast_id)
    assert row.tax_class is classes[operators.index(row.written_by)]


def test_of_two_who_write_the_same_class_both_have(at_once):
    cast_id, by = make_cast().account_id, make_operator().id

    def write():
        words = {"tax_class": WithholdingClass.TEACHING, "holds_from": TODAY, "seen": ""}
        withholding.write(cast_id, **words, by=by, now=NOON)

    assert at_once(write, write) == [None, None]
    assert len(withholding.history(cast_id)) == 1
