from app.people import calendars
from tests.factories import NOON, make_guest


def test_a_key_opens_the_feed_of_its_owner_until_it_is_renewed():
    guest, other = make_guest(), make_guest()
    old = guest.calendar_key

    assert calendars.find_by_key(old) is guest
    calendars.renew_key(guest)

    assert calendars.find_by_key(old) is None
    assert calendars.find_by_key(guest.calendar_key) is guest
    assert calendars.find_by_key(other.calendar_key) is other


def test_a_closed_account_has_no_feed():
    guest = make_guest()
    guest.closed_at = NOON

    assert calendars.find_by_key(guest.calendar_key) is None
