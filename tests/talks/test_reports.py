import pytest
from sqlalchemy import func, select

from app import policy
from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.talks import reports
from app.talks.models import EndedBy, Party, ReportReason, TalkReport, TalkState
from app.video import rooms
from tests.evidence import CAST, GUEST, at, charged, finish, make_room, points_of
from tests.factories import NOON, SECOND, make_cast, make_guest, ring


def report(talk, *, by=GUEST, reason=ReportReason.HARASSMENT, words="", second=130):
    person = talk.guest_id if by is GUEST else talk.cast_id
    return reports.report(talk.id, by=by, person=person, reason=reason, words=words, now=at(second))


def codes(talk, *, now):
    return [problem.code for problem in reports.why_not_report(talk, now=now)]


@pytest.mark.req("D4")
@pytest.mark.parametrize("party", Party)
def test_a_report_ends_the_talk_at_once_and_the_minute_cut_short_goes_back(party):
    room = make_room(points=1000)
    room.talk_until(130)
    assert points_of(room.talk) == 800

    report(room.talk, by=party)

    talk = room.talk
    assert (talk.state, talk.ended_by, talk.ended_at) == (
        TalkState.ENDED,
        EndedBy.REPORT,
        at(130),
    )
    assert rooms.find_room(room.name).closed_at == at(130)
    assert (charged(talk), points_of(talk)) == (100, 900)


def test_what_was_reported_is_kept_with_who_reported():
    room = make_room()
    report(room.talk, by=CAST, reason=ReportReason.CONTACT, words="  LINE を聞かれました。 ")

    [kept] = reports.of_talk(room.talk)
    assert (kept.party, kept.reason, kept.words) == (
        CAST,
        ReportReason.CONTACT,
        "LINE を聞かれました。",
    )
    note = session.query(AuditEntry).filter_by(did="talk.reported").one()
    assert (note.by, note.facts) == (room.talk.cast_id, {"reason": "contact"})
    assert [each.talk for each in reports.lately()] == [room.talk]


def test_a_second_press_reports_nothing_new():
    room = make_room()
    first = report(room.talk, words="first")

    again = report(room.talk, words="second", second=131)

    assert again.id == first.id
    assert session.scalar(select(func.count()).select_from(TalkReport)) == 1
    assert session.query(AuditEntry).filter_by(did="talk.reported").count() == 1


def test_both_may_report_and_neither_sees_the_others():
    room = make_room()
    report(room.talk, by=GUEST, words="from the guest")

    assert reports.find(room.talk, by=CAST) is None
    report(room.talk, by=CAST, words="from the cast", second=140)

    assert reports.find(room.talk, by=GUEST).words == "from the guest"
    assert {each.party for each in reports.of_talk(room.talk)} == {GUEST, CAST}
    assert room.talk.ended_at == at(130)


def test_after_the_end_a_report_is_kept_and_changes_nothing_else():
    room = make_room()
    room.talk_until(130)
    finish(room, "guest", 130)
    before = charged(room.talk)

    report(room.talk, by=CAST, second=600)

    assert (room.talk.ended_by, charged(room.talk)) == (EndedBy.GUEST, before)


def test_a_talk_can_be_reported_for_a_day_after_its_end():
    room = make_room()
    finish(room, "guest", 130)
    last = room.talk.ended_at + policy.REPORT_OPEN

    assert codes(room.talk, now=last) == []
    assert codes(room.talk, now=last + SECOND) == ["too_late"]
    with pytest.raises(Refused):
        report(room.talk, second=130 + 24 * 3600 + 1)


def test_a_ring_cannot_be_reported():
    talk = ring(make_guest(points=1000), make_cast())

    assert codes(talk, now=NOON) == ["not_begun"]
