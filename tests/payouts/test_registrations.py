"""Numbers of the invoice system: what is taken, and which of them holds on a day."""

from datetime import date

import pytest

from app.errors import Refused
from app.payouts import registrations
from tests import factories
from tests.factories import NOON

TODAY = date(2026, 11, 22)
COMPANY = "T6912345678901"


def enter(cast, number=COMPANY, *, holds_from=date(2026, 4, 1), now=NOON):
    by = cast.account_id
    return registrations.enter(by, number, holds_from=holds_from, by=by, now=now)


@pytest.mark.parametrize(
    "given", [COMPANY, "6912345678901", "t6 9123-4567 8901", "Ｔ６９１２３４５６７８９０１"]
)
def test_a_number_is_read_as_people_type_it(given):
    assert registrations.read(given) == COMPANY


@pytest.mark.parametrize("given", ["", "T691234567890", "T69123456789013", "X6912345678901", "T-"])
def test_what_is_no_number_is_refused(given):
    cast = factories.make_cast()

    with pytest.raises(Refused) as refusal:
        enter(cast, given)

    assert refusal.value.codes == {"no_number"}
    assert registrations.history_of(cast.account_id) == []


def test_the_first_digit_checks_the_others():
    assert registrations.is_checked(COMPANY)
    assert registrations.is_checked("T7123456789012")
    wrong = [f"T{digit}912345678901" for digit in "01234578"]
    assert not any(map(registrations.is_checked, wrong))


def test_a_number_that_fails_the_check_is_taken_since_a_persons_may():
    cast = factories.make_cast()

    enter(cast, "T5912345678901")

    assert registrations.number_of(cast.account_id, on=TODAY) == "T5912345678901"


def test_a_day_before_the_invoice_system_is_refused():
    with pytest.raises(Refused) as refusal:
        enter(factories.make_cast(), holds_from=date(2023, 9, 30))

    assert refusal.value.codes == {"too_early"}


def test_a_number_can_be_entered_before_it_holds():
    cast = factories.make_cast()
    enter(cast, holds_from=date(2027, 1, 1))

    assert registrations.number_of(cast.account_id, on=TODAY) == ""
    assert registrations.number_of(cast.account_id, on=date(2027, 1, 1)) == COMPANY


def test_a_number_holds_from_its_day_until_another_does():
    cast = factories.make_cast()
    enter(cast, holds_from=date(2026, 4, 1))
    enter(cast, "T7123456789012", holds_from=date(2026, 10, 1))

    held = [
        registrations.number_of(cast.account_id, on=day)
        for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 1))
    ]

    assert held == ["", COMPANY, COMPANY, "T7123456789012"]


def test_a_correction_takes_the_place_of_what_it_corrects():
    cast = factories.make_cast()
    enter(cast, "T5912345678901", holds_from=date(2026, 4, 1))
    enter(cast, COMPANY, holds_from=date(2026, 4, 1))

    assert registrations.number_of(cast.account_id, on=date(2026, 5, 1)) == COMPANY


def test_the_end_of_a_registration_keeps_what_was():
    cast = factories.make_cast()
    enter(cast)
    registrations.end(cast.account_id, by=cast.account_id, now=NOON)
    registrations.end(cast.account_id, by=cast.account_id, now=NOON)

    assert registrations.number_of(cast.account_id, on=TODAY) == ""
    assert registrations.number_of(cast.account_id, on=date(2026, 11, 21)) == COMPANY
    assert len(registrations.history_of(cast.account_id)) == 2


def test_what_is_entered_twice_stands_once():
    cast = factories.make_cast()

    assert enter(cast).id == enter(cast).id
