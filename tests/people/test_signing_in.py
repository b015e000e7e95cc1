import pytest
from sqlalchemy import select, update

from app import policy
from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.people import changing_passwords, jobs, signing_in, suspensions, user_agents
from app.people.credentials import SignIn
from app.people.models import Account, Role
from app.people.signing_in import sign_in
from tests.factories import MINUTE, NOON, PASSWORD, SECOND, make_account, make_guest

ANEW = "a whole other password"


def begin(account, *, now=NOON):
    return signing_in.begin(account, device="Chrome 131 / Windows", now=now)


def test_the_right_words_open_the_account_and_leave_a_note():
    guest = make_guest(confirmed=False)

    assert sign_in(guest.email.upper(), PASSWORD, role=Role.GUEST, now=NOON) is guest
    assert session.scalars(select(AuditEntry.did)).all() == ["account.password_given"]


@pytest.mark.req("G37")
def test_anything_else_opens_nothing():
    guest = make_guest()
    cast = make_account(Role.CAST)

    for email, password in [
        (guest.email, "a wrong password"),
        (guest.email, ""),
        ("nobody@example.com", PASSWORD),
        (cast.email, PASSWORD),
        ("", ""),
    ]:
        assert sign_in(email, password, role=Role.GUEST, now=NOON) is None
    guest.closed_at = NOON
    assert sign_in(guest.email, PASSWORD, role=Role.GUEST, now=NOON) is None


@pytest.mark.req("G37")
def test_a_key_opens_its_account_until_its_device_is_signed_out():
    guest = make_guest()
    here, there = begin(guest), begin(guest)
    assert signing_in.find(here.key) is here
    assert signing_in.find(here.key).account is guest

    signing_in.end(here, now=NOON)

    assert signing_in.find(here.key) is None
    assert signing_in.find(there.key) is there
    assert signing_in.devices_of(guest) == [there]
    for nonsense in ("", guest.public_id, here.public_id):
        assert signing_in.find(nonsense) is None


@pytest.mark.req("G37")
def test_no_device_of_a_closed_account_is_signed_in():
    guest = make_guest()
    here = begin(guest)
    guest.closed_at = NOON

    assert signing_in.find(here.key) is None


def test_a_device_that_signs_in_while_its_account_is_suspended_lets_nobody_in():
    guest = make_guest()
    suspensions.suspend(guest, because="規約違反", by=make_account(Role.OPERATOR).id, now=NOON)
    here = begin(guest)  # its password was checked just before

    assert signing_in.find(here.key) is None


def test_a_device_from_before_a_suspension_stays_out_when_it_is_lifted():
    guest, operator = make_guest(), make_account(Role.OPERATOR)
    here = begin(guest)

    suspensions.suspend(guest, because="規約違反", by=operator.id, now=NOON)
    suspensions.lift(guest, by=operator.id, now=NOON + MINUTE)

    assert signing_in.find(here.key) is None


def test_all_devices_but_one_of_one_person_are_signed_out():
    guest, other = make_guest(), make_guest()
    here, *_ = begin(guest), begin(guest), begin(guest)
    elsewhere = begin(other)

    assert signing_in.end_all(guest.id, now=NOON, but=here) == 2

    assert signing_in.devices_of(guest) == [here]
    assert signing_in.devices_of(other) == [elsewhere]


def test_nobody_signs_out_the_device_of_another():
    guest, other = make_guest(), make_guest()
    theirs = begin(other)

    assert not signing_in.end_device(guest.id, theirs.public_id, now=NOON)
    assert signing_in.find(theirs.key)


@pytest.mark.req("G37")
def test_the_job_forgets_devices_that_are_too_old_and_those_signed_out_long_ago(at):
    guest = make_guest()
    begin(guest)
    ended = begin(guest, now=NOON + policy.SIGN_IN_HOLDS - policy.SIGN_IN_KEPT - MINUTE)
    signing_in.end(ended, now=ended.signed_in_at)
    young_id = begin(guest, now=NOON + policy.SIGN_IN_HOLDS).id
    at(NOON + policy.SIGN_IN_HOLDS)
    session.commit()

    jobs.forget()
    assert len(session.scalars(select(SignIn)).all()) == 2  # the oldest holds until the last second

    at(NOON + policy.SIGN_IN_HOLDS + SECOND)
    jobs.forget()
    assert session.scalars(select(SignIn.id)).all() == [young_id]


@pytest.mark.req("G37")
def test_a_change_needs_the_password_and_signs_the_others_out():
    guest = make_guest()
    here, there = begin(guest), begin(guest)
    stolen = here.key

    changing_passwords.change(guest, current=PASSWORD, anew=ANEW, here=here, now=NOON)

    assert sign_in(guest.email, ANEW, role=Role.GUEST, now=NOON) is guest
    assert sign_in(guest.email, PASSWORD, role=Role.GUEST, now=NOON) is None
    assert signing_in.find(there.key) is None
    assert signing_in.find(stolen) is None  # a copy of this device's cookie
    assert signing_in.find(here.key) is here


@pytest.mark.req("G37")
@pytest.mark.committed
def test_an_old_password_lets_nobody_in_while_it_is_changed(at_once):
    guest = make_guest()
    here = begin(guest)
    email, guest_id, here_id = guest.email, guest.id, here.id

    def enter():
        account = sign_in(email, PASSWORD, role=Role.GUEST, now=NOON)
        return account and begin(account).key

    def change():
        account, device = session.get_one(Account, guest_id), session.get_one(SignIn, here_id)
        changing_passwords.change(account, current=PASSWORD, anew=ANEW, here=device, now=NOON)

    keys = at_once(enter, change, enter, enter)

    assert signing_in.find(session.get_one(SignIn, here_id).key)
    assert all(key is None or signing_in.find(key) is None for key in (keys[0], *keys[2:]))


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
            "Chrome 131 / Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "Edge 131 / Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17 / iOS 17",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox 133 / macOS",
        ),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/131.0 Mobile", "Chrome 131 / Android 14"),
        ("curl/8.5.0", "?"),
        ("", "?"),
        ("\x00\u202e" * 5000, "?"),
        ("Chrome/" + "9" * 5000, "Chrome 9999"),
    ],
)
def test_a_device_is_named_as_its_browser_says(user_agent, name):
    assert user_agents.name_of(user_agent) == name


def test_who_is_suspended_while_the_password_is_checked_does_not_come_in():
    guest = make_guest()
    session.refresh(guest)
    shut = update(Account).filter_by(id=guest.id).values(suspended_at=NOON)
    session.execute(shut, execution_options={"synchronize_session": False})
    assert guest.suspended_at is None  # as it was read before

    with pytest.raises(Refused, match="suspended"):
        signing_in.sign_in(guest.email, PASSWORD, role=Role.GUEST, now=NOON)
