"""Favourites: kept once, listed, and told of when they begin to stand by, at most so often."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app import letters, policy
from app.casts import favourites, profiles, search, standby
from app.casts.models import Favourite, State
from app.casts.search import Search
from app.db import session
from app.errors import Refused
from app.mail import Mail
from app.people import blocks, choices, closing
from app.people.blocks import Block
from app.people.choices import Topic
from app.people.models import Account
from tests.factories import MINUTE, NOON, SECOND, japan, make_cast, make_guest

HOUR = timedelta(hours=1)


@pytest.fixture
def guest():
    return make_guest(nickname="みずいろ")


@pytest.fixture
def cast():
    return make_cast(name="ひより", online=False)


def keep(guest, cast, *, tells=True, now=NOON):
    favourites.add(guest.id, cast.account_id, now=now)
    favourites.tell(guest.id, cast.account_id, wanted=tells, now=now)


def told(now):
    """Whom the job would write to, about whom."""
    due = [(each.guest.nickname, each.cast.name) for each in favourites.take_due(now)]
    session.flush()
    return due


def stand_by(cast, *, now):
    standby.stop(cast.account_id)
    standby.begin(cast.account_id, now=now)
    session.flush()


def test_a_heart_pressed_twice_is_one_favourite_and_gone_when_taken_off(guest, cast):
    favourites.add(guest.id, cast.account_id, now=NOON)
    favourites.add(guest.id, cast.account_id, now=NOON)
    other = make_cast()
    assert favourites.among(guest.id, [cast.account_id, other.account_id]) == {cast.account_id}

    favourites.remove(guest.id, cast.account_id)

    assert favourites.of(guest.id) == []


def test_those_who_can_talk_now_stand_first_in_the_list_and_others_are_not_in_it(guest, cast):
    ready = make_cast(name="れん")
    make_cast(name="だれか")
    for each in (cast, ready):
        favourites.add(guest.id, each.account_id, now=NOON)

    assert [cast.name for cast, _ in favourites.of(guest.id)] == ["れん", "ひより"]
    page = search.find(Search(favourites_of=guest.id, sort="new"))
    assert {each.name for each in page.casts} == {"れん", "ひより"}
    assert search.find(Search(favourites_of=make_guest().id)).casts == []


def block(one, other):
    blocks.block(session.get_one(Account, one), session.get_one(Account, other), now=NOON)


@pytest.mark.parametrize("by", ["guest", "cast"])
def test_who_is_blocked_is_neither_kept_nor_listed_nor_told_of(guest, cast, by):
    keep(guest, cast)
    pair = (guest.id, cast.account_id)
    block(*(pair if by == "guest" else reversed(pair)))
    stand_by(cast, now=NOON + HOUR)

    assert favourites.of(guest.id) == []
    assert told(NOON + HOUR) == []
    with pytest.raises(Refused) as refused:
        favourites.add(guest.id, cast.account_id, now=NOON)
    assert refused.value.codes == {"cannot_meet"}

    others = make_guest(nickname="ほかの人")
    keep(others, cast)
    assert [each.name for each, _ in favourites.of(others.id)] == ["ひより"]


def test_a_cast_whom_the_office_has_shut_out_is_no_favourite_meanwhile(guest, cast):
    keep(guest, cast)
    stand_by(cast, now=NOON + HOUR)
    cast.hidden_at = NOON + HOUR

    assert favourites.of(guest.id) == []
    assert told(NOON + HOUR) == []
    with pytest.raises(Refused) as refused:
        favourites.add(guest.id, cast.account_id, now=NOON)
    assert refused.value.codes == {"cannot_meet"}

    cast.hidden_at = None
    assert [each.name for each, _ in favourites.of(guest.id)] == ["ひより"]


def test_there_is_an_end_to_how_many(guest, cast, monkeypatch):
    monkeypatch.setattr(policy, "MOST_FAVOURITES", 1)
    favourites.add(guest.id, make_cast().account_id, now=NOON)

    with pytest.raises(Refused) as refused:
        favourites.add(guest.id, cast.account_id, now=NOON)

    assert refused.value.codes == {"too_many"}


def test_whoever_left_keeps_nobody(guest, cast):
    closing.close(guest, now=NOON)

    with pytest.raises(Refused) as refused:
        favourites.add(guest.id, cast.account_id, now=NOON)

    assert refused.value.codes == {"closed"}


def test_a_guest_hears_once_of_a_stand_by_that_began_since_they_asked(guest, cast):
    keep(guest, cast)
    keep(make_guest(), cast, tells=False)
    assert told(NOON) == []

    stand_by(cast, now=NOON + MINUTE)

    assert told(NOON + MINUTE) == [("みずいろ", "ひより")]
    assert told(NOON + 2 * MINUTE) == []


def test_a_stand_by_of_before_is_no_news(guest):
    keep(guest, make_cast(now=NOON), now=NOON + SECOND)

    assert told(NOON + MINUTE) == []


def test_at_most_one_mail_in_twelve_hours_and_the_next_only_of_a_new_stand_by(guest, cast):
    morning = japan(2026, 11, 22, 9)
    keep(guest, cast, now=morning)
    stand_by(cast, now=morning)
    assert told(morning)

    stand_by(cast, now=morning + HOUR)
    assert told(morning + policy.FAVOURITE_AGAIN - SECOND) == []
    assert told(morning + policy.FAVOURITE_AGAIN) == [("みずいろ", "ひより")]
    assert told(morning + 2 * policy.FAVOURITE_AGAIN) == []


@pytest.mark.parametrize(
    ("hours", "heard"),
    [(None, range(9, 23)), ((18, 20), (18, 19)), ((22, 2), (22, 23, 0, 1))],
    ids=["usual", "evening", "past midnight"],
)
def test_only_in_the_hours_that_the_guest_chose(guest, cast, hours, heard):
    if hours:
        wanted = dict.fromkeys(Topic, True)
        first, until = hours
        choices.keep(guest, wanted, tell_from=first, tell_until=until, now=NOON)
    midnight = japan(2026, 11, 23)
    keep(guest, cast, now=midnight)
    stand_by(cast, now=midnight)

    def hears(hour):
        found = bool(told(midnight + hour * HOUR))
        favourites.find(guest.id, cast.account_id).told_at = None
        session.flush()
        return found

    assert {hour for hour in range(24) if hears(hour)} == set(heard)


def test_who_went_off_again_is_not_told_of(guest, cast):
    keep(guest, cast)
    stand_by(cast, now=NOON)
    standby.stop(cast.account_id)
    session.flush()

    assert told(NOON + MINUTE) == []


@pytest.mark.parametrize(
    ("locale", "subject", "stop"),
    [
        ("ja", "【サシトーク】ひよりさんが待機を始めました", "このメールを止める"),
        ("en", "Sashitalk: ひより stands by now", "To stop these mails about ひより"),
    ],
)
def test_the_mail_says_who_and_how_to_stop_it(at, queue, guest, cast, locale, subject, stop):
    guest.locale = locale
    keep(guest, cast)
    stand_by(cast, now=NOON)
    at(NOON)

    queue.do(letters.tell_of_favourites)
    queue.do(letters.tell_of_favourites)

    mail = session.scalars(select(Mail)).one()
    assert (mail.to, mail.subject, mail.account_id) == (guest.email, subject, guest.id)
    assert stop in mail.body and f"/casts/{cast.public_id}" in mail.body
    assert mail.stop_url and mail.stop_url in mail.body
    assert mail.not_after == NOON + policy.FAVOURITE_TOLD_WITHIN


def test_who_switched_these_mails_off_gets_none_and_is_not_asked_about_again(
    at, queue, guest, cast
):
    choices.switch_off(guest.id, Topic.FAVOURITES, now=NOON)
    keep(guest, cast)
    stand_by(cast, now=NOON)
    at(NOON)

    queue.do(letters.tell_of_favourites)

    assert session.scalars(select(Mail)).one().to == ""
    assert session.scalars(select(Favourite.told_at)).one() == NOON


@pytest.mark.parametrize("who", ["the guest blocks", "the cast blocks", "the cast is hidden"])
def test_who_cannot_be_met_is_neither_listed_nor_told_of_and_comes_back(guest, cast, who):
    keep(guest, cast)
    her = session.get_one(Account, cast.account_id)
    match who:
        case "the guest blocks":
            blocks.block(guest, her, now=NOON)
        case "the cast blocks":
            blocks.block(her, guest, now=NOON)
        case "the cast is hidden":
            profiles.hide(cast.account_id, now=NOON)
    cast.state, cast.active_at = State.ONLINE, NOON + MINUTE
    session.flush()

    assert favourites.of(guest.id) == []
    assert told(NOON + MINUTE) == []

    session.execute(delete(Block))
    cast.hidden_at = None
    stand_by(cast, now=NOON + 2 * MINUTE)

    assert [each.name for each, _ in favourites.of(guest.id)] == ["ひより"]
    assert told(NOON + 2 * MINUTE) == [("みずいろ", "ひより")]
