from datetime import timedelta

from app.video import inbox, jobs
from tests.video.conftest import NOON
from tests.video.test_inbox import count, joined, receive


def test_the_inbox_is_emptied_of_what_was_read_two_weeks_ago(at):
    receive(joined(1), joined(2))
    inbox.mark_drained(inbox.undrained(1), now=NOON)

    at(NOON + timedelta(days=13))
    jobs.forget()
    assert count() == 2

    at(NOON + timedelta(days=15))
    jobs.forget()
    assert count() == 1
