from app.points import statement
from app.points.models import Reason
from app.points.returning import give_back
from app.points.spending import Wanted, spend_many
from tests.factories import MINUTE, NOON, give_points, make_guest


def spend(guest, about, minute, *, points=100):
    wanted = Wanted(guest.id, points, about, f"{about}:minute:{minute}")
    spend_many([wanted], reason=Reason.TALK_MINUTE, now=NOON + minute * MINUTE)


def test_the_minutes_of_a_talk_are_one_line_newest_first():
    guest = make_guest(points=1000)
    for minute in (1, 2, 3):
        spend(guest, "talk:1", minute)
    spend(guest, "talk:2", 9)
    give_back("talk:1:minute:3", reason=Reason.MINUTE_RETURNED, key="talk:1:r", now=NOON)

    lines = statement.lines(guest.id)

    assert [(line.reason, line.about, line.points) for line in lines[:3]] == [
        (Reason.MINUTE_RETURNED, "talk:1", 100),
        (Reason.TALK_MINUTE, "talk:2", -100),
        (Reason.TALK_MINUTE, "talk:1", -300),
    ]
    assert (lines[3].reason, lines[3].points) == (Reason.PURCHASE, 1000)
    assert lines[2].at == NOON + 3 * MINUTE


def test_nobody_reads_anothers_lines():
    make_guest(points=100)

    assert statement.lines(make_guest().id) == []


def test_pages_follow_each_other_without_gap_or_repetition(monkeypatch):
    monkeypatch.setattr(statement, "PAGE", 3)
    guest = make_guest()
    for _ in range(8):
        give_points(guest, 1)

    pages, before = [], None
    while page := statement.lines(guest.id, before=before):
        pages.append(len(page))
        before = page[-1].last_id

    assert pages == [3, 3, 2]
