import pytest
from sqlalchemy import select

from app import letters
from app.db import session
from app.errors import Refused
from app.mail import Mail, MailState
from app.people import choices, closing
from app.people.choices import Topic
from app.people.models import MailChoices, Role
from tests.factories import NOON, give_points, japan, make_account, make_guest

NONE = dict.fromkeys(Topic, False)


def test_who_has_chosen_nothing_gets_every_mail():
    guest = make_guest()

    assert all(choices.wants(guest.id, topic) for topic in Topic)
    session.flush()
    assert session.scalars(select(MailChoices)).all() == []


def test_what_is_chosen_is_kept_and_can_be_changed():
    guest = make_guest()

    choices.keep(guest, NONE | {Topic.EXPIRY: True}, tell_from=20, tell_until=23, now=NOON)
    choices.keep(guest, NONE, now=NOON)

    session.expire_all()
    kept = choices.of(guest.id)
    assert not any(choices.wants(guest.id, topic) for topic in Topic)
    assert (kept.tell_from, kept.tell_until) == (20, 23)


def test_a_cast_chooses_among_their_own_mails_only():
    cast = make_account(Role.CAST)

    choices.keep(cast, NONE, now=NOON)

    wanted = {topic for topic in Topic if choices.wants(cast.id, topic)}
    assert wanted == set(Topic) - {Topic.REMINDERS, Topic.MESSAGES}


def test_a_span_without_an_hour_is_refused():
    assert [each.code for each in choices.why_not_hours(9, 9)] == ["same_hour"]
    assert choices.why_not_hours(22, 2) == []


def test_a_closed_account_chooses_nothing():
    guest = make_guest()
    closing.close(guest, now=NOON)

    with pytest.raises(Refused):
        choices.keep(guest, NONE, now=NOON)


@pytest.mark.parametrize("left", [False, True], ids=["does not want it", "has left"])
def test_a_reminder_that_nobody_wants_is_not_written_and_not_looked_for_again(at, left):
    guest = make_guest()
    give_points(guest, 500, now=japan(2026, 11, 22, 12))
    if left:
        closing.close(guest, now=NOON)
    else:
        choices.switch_off(guest.id, Topic.EXPIRY, now=NOON)
    session.commit()
    at(japan(2027, 2, 16))

    letters.remind()  # ends, though nobody is told

    mail = session.scalars(select(Mail)).one()
    assert (mail.to, mail.body, mail.state) == ("", "", MailState.WITHDRAWN)


def test_every_mail_that_can_be_switched_off_is_one_of_ours(app):
    templates = app.jinja_env.list_templates()

    assert set(letters.TOPICS.values()) == set(Topic)
    assert all(f"mail/{name}.txt" in templates for name in letters.TOPICS)
