"""Changing an e-mail address: the new one confirms, the old one takes it back (G40)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import policy
from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.people import addresses, jobs, passwords, recovery, registration, signing_in
from app.people.addresses import CONFIRM, REVERT
from app.people.credentials import ChangeState, EmailChange
from app.people.models import Account, Role
from tests.factories import NOON, PASSWORD, SECOND, make_account, make_guest

OLD, NEW, OTHER = "old@example.com", "new@example.com", "other@example.com"
SECRET = "only for these tests"
WITH = [joinedload(EmailChange.account)]


@pytest.fixture
def guest():
    return make_guest(email=OLD)


def ask(account, email=NEW, *, password=PASSWORD, now=NOON):
    return addresses.ask(account, email, password=password, now=now)


def find(change, purpose, *, now=NOON):
    token = addresses.token_of(change, purpose=purpose, secret=SECRET)
    return addresses.find_by_token(token, purpose=purpose, secret=SECRET, now=now)


def register(email, *, now=NOON):
    return registration.register(
        email=email,
        password=PASSWORD,
        nickname="n",
        born_on=None,
        consents={},
        locale="ja",
        now=now,
    )


@pytest.mark.req("G40")
@pytest.mark.parametrize("role", list(Role))
def test_the_new_address_holds_once_it_has_answered(role):
    account = make_account(role, email=OLD)
    change = ask(account, " New@Example.COM ")
    assert (account.email, change.new_email) == (OLD, NEW)
    assert addresses.waiting_of(account, now=NOON) is change

    addresses.confirm(change, now=NOON + SECOND)

    assert account.email == NEW
    assert addresses.waiting_of(account, now=NOON) is None
    assert find(change, CONFIRM) is None
    with pytest.raises(Refused, match="does not work any more"):
        addresses.confirm(change, now=NOON + SECOND)


@pytest.mark.req("G40")
def test_only_the_owner_may_ask_and_for_another_address(guest):
    for email, password, code in [
        (NEW, "not the password", "wrong_password"),
        (OLD.upper(), PASSWORD, "same_address"),
    ]:
        with pytest.raises(Refused) as refusal:
            ask(guest, email, password=password)
        assert refusal.value.codes == {code}


@pytest.mark.req("G40")
def test_a_link_to_confirm_holds_for_a_day(guest):
    change = ask(guest)
    end = NOON + policy.CHANGE_ADDRESS_WITHIN

    assert find(change, CONFIRM, now=end) is change
    assert find(change, CONFIRM, now=end + SECOND) is None
    assert addresses.waiting_of(guest, now=end + SECOND) is None
    with pytest.raises(Refused):
        addresses.confirm(change, now=end + SECOND)


def test_a_link_serves_its_own_purpose_only(guest):
    change = ask(guest)
    token = addresses.token_of(change, purpose=CONFIRM, secret=SECRET)

    for purpose, secret in [(REVERT, SECRET), (CONFIRM, "another")]:
        assert addresses.find_by_token(token, purpose=purpose, secret=secret, now=NOON) is None


@pytest.mark.req("G40")
def test_a_later_wish_replaces_the_one_that_waits(guest):
    first = ask(guest)
    second = ask(guest, OTHER)

    assert find(first, CONFIRM) is None
    assert find(second, CONFIRM) is second
    assert find(first, REVERT) is first  # who heard of the first may still stop it all


def test_its_owner_withdraws_a_wish(guest):
    change = ask(guest)

    addresses.withdraw(guest, now=NOON)

    assert find(change, CONFIRM) is None
    assert addresses.waiting_of(guest, now=NOON) is None


@pytest.mark.req("G40")
@pytest.mark.parametrize("confirmed", [True, False])
def test_the_old_address_takes_its_account_back(guest, confirmed):
    change = ask(guest)
    if confirmed:
        addresses.confirm(change, now=NOON)
    signing_in.begin(guest, device="of a thief", now=NOON)
    token = recovery.token_of(guest, secret=SECRET, now=NOON)

    assert addresses.revert(change, now=NOON + SECOND) is guest

    assert guest.email == OLD
    assert signing_in.devices_of(guest) == []
    assert not passwords.matches(PASSWORD, guest.password_hash)
    assert recovery.find_by_token(token, secret=SECRET, now=NOON) is None
    assert (find(change, REVERT), find(change, CONFIRM)) == (None, None)


@pytest.mark.req("G40")
def test_the_change_can_be_taken_back_for_three_days_from_its_confirmation(guest):
    change = ask(guest)
    confirmed_at = NOON + timedelta(hours=23)
    addresses.confirm(change, now=confirmed_at)
    end = confirmed_at + policy.REVERT_ADDRESS_WITHIN

    assert find(change, REVERT, now=end + SECOND) is None
    assert find(change, REVERT, now=end) is change


@pytest.mark.req("G40")
def test_the_first_address_takes_back_a_chain_of_changes_at_once(guest):
    first = ask(guest)
    addresses.confirm(first, now=NOON)
    second = ask(guest, OTHER)
    addresses.confirm(second, now=NOON)
    third = ask(guest, "third@example.com")

    addresses.revert(first, now=NOON)

    assert guest.email == OLD
    for later in (second, third):
        session.refresh(later)
        assert later.state is ChangeState.REVERTED
        assert find(later, REVERT) is None


@pytest.mark.req("G40")
def test_an_address_that_never_answered_takes_nothing_back():
    guest = make_guest(email=OLD, confirmed=False)  # mistyped: it may be anybody's
    change = ask(guest)
    addresses.confirm(change, now=NOON)

    assert guest.confirmed_at == NOON
    assert find(change, REVERT) is None
    with pytest.raises(Refused):
        addresses.revert(change, now=NOON)


def test_a_closed_account_changes_no_more(guest):
    change = ask(guest)
    guest.closed_at = NOON

    assert (find(change, CONFIRM), find(change, REVERT)) == (None, None)


@pytest.mark.req("G40")
def test_an_address_of_somebody_else_is_asked_for_like_any_other_but_never_held(guest):
    owner = make_guest(email=NEW)
    change = ask(guest)
    assert addresses.owner_of(change) is owner

    with pytest.raises(Refused) as refusal:
        addresses.confirm(change, now=NOON)

    assert refusal.value.codes == {"address_taken"}
    assert guest.email == OLD


def test_the_same_address_may_be_used_in_another_role(guest):
    make_account(Role.CAST, email=NEW)
    change = ask(guest)
    assert addresses.owner_of(change) is None

    addresses.confirm(change, now=NOON)

    assert guest.email == NEW


@pytest.mark.req("G40")
def test_an_address_that_may_come_back_is_nobody_elses_meanwhile(guest):
    addresses.confirm(ask(guest), now=NOON)
    end = NOON + policy.REVERT_ADDRESS_WITHIN

    held = register(OLD, now=end)
    assert (held.account, held.is_new) == (guest, False)
    wish = ask(make_guest(), OLD, now=end)
    with pytest.raises(Refused, match="cannot be used"), session.begin_nested():
        addresses.confirm(wish, now=end)

    assert register(OLD, now=end + SECOND).is_new
    assert session.scalar(select(func.count()).select_from(Account).filter_by(email=OLD)) == 1


def test_one_may_go_back_to_an_address_of_ones_own(guest):
    addresses.confirm(ask(guest), now=NOON)

    addresses.confirm(ask(guest, OLD), now=NOON)

    assert guest.email == OLD


@pytest.mark.committed
@pytest.mark.req("G40")
def test_of_two_accounts_that_confirm_one_address_at_once_one_has_it(at_once):
    ids = [ask(make_guest()).id for _ in range(2)]

    came = at_once(*[lambda each=each: confirm_by_id(each) for each in ids])

    assert sorted(isinstance(each, Refused) for each in came) == [False, True]
    assert session.scalar(select(func.count()).select_from(Account).filter_by(email=NEW)) == 1


@pytest.mark.committed
@pytest.mark.req("G40")
def test_a_change_confirmed_and_taken_back_at_once_leaves_the_old_address(at_once):
    guest = make_guest(email=OLD)
    guest_id, change_id = guest.id, ask(guest).id

    came = at_once(
        lambda: confirm_by_id(change_id),
        lambda: addresses.revert(session.get_one(EmailChange, change_id, options=WITH), now=NOON),
    )

    assert session.get_one(Account, guest_id).email == OLD
    assert not isinstance(came[1], Refused)


@pytest.mark.committed
@pytest.mark.req("G40")
def test_nobody_takes_an_address_while_its_account_leaves_it(at_once):
    change_id = ask(make_guest(email=OLD)).id

    came = at_once(lambda: confirm_by_id(change_id), lambda: register(OLD).is_new)

    assert came[1] is False
    assert session.scalar(select(func.count()).select_from(Account).filter_by(email=OLD)) == 0


@pytest.mark.committed
def test_of_two_wishes_at_once_one_waits(at_once):
    guest_id = make_guest().id

    at_once(
        lambda: ask(session.get_one(Account, guest_id), NEW).id,
        lambda: ask(session.get_one(Account, guest_id), OTHER).id,
    )

    states = session.scalars(select(EmailChange.state).order_by(EmailChange.id)).all()
    assert states == [ChangeState.REPLACED, ChangeState.ASKED]


def test_every_step_is_in_the_audit_without_the_addresses(guest):
    addresses.confirm(ask(guest), now=NOON)
    ask(guest, OTHER)
    addresses.withdraw(guest, now=NOON)
    addresses.withdraw(guest, now=NOON)
    addresses.revert(session.scalars(select(EmailChange).options(*WITH)).first(), now=NOON)

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.did.removeprefix("account.email_change_") for entry in entries] == [
        *("asked", "confirmed", "asked", "withdrawn", "reverted"),
    ]
    assert {(entry.by, entry.about) for entry in entries} == {(guest.id, f"account:{guest.id}")}
    assert not any(entry.facts for entry in entries)


def test_left_addresses_are_forgotten(guest, at):
    ask(guest)
    session.commit()
    for late, left in [(timedelta(0), 1), (SECOND, 0)]:
        at(NOON + policy.EMAIL_CHANGES_KEPT + late)
        jobs.forget()
        assert session.scalar(select(func.count()).select_from(EmailChange)) == left


def confirm_by_id(change_id):
    addresses.confirm(session.get_one(EmailChange, change_id, options=WITH), now=NOON)
