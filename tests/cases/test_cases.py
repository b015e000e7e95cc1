"""Cases: who may object until when, what is opened by itself, what is proposed, what a decision does."""

import math
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.bookings import cancelling, completions, settlements
from app.bookings.models import CompletionKind, Notice, NoticeKind, Outcome
from app.cases import deciding, opening, queue
from app.cases.models import CaseKind
from app.db import session
from app.desk import casefile, jobs
from app.errors import Refused
from app.messages import thread
from app.points.models import PointEntry, Reason
from app.talks import reports, settling
from app.talks.models import Party, ReportReason
from tests.evidence import CAST, GUEST, points_of
from tests.factories import NOON, SECOND, make_guest, make_operator
from tests.reservations import START, attend, make_booking, moment, settle

DAY = timedelta(days=1)
ALL = [(0, 1_000)]  # there from the start until the room closes
WORDS = "15分待っても、入室がありませんでした。"


def completed(**how):
    """A booking of 3 slots that took place: 900 pt paid, 450 yen earned."""
    booking = make_booking(slots=3, **how)
    attend(booking, guest=ALL, cast=ALL)
    settle(booking)
    return booking


def unclear():
    """The cast came for a moment and the guest never: evidence does not say whose fault it was."""
    booking = make_booking(slots=3)
    attend(booking, cast=[(0, 60)])
    settle(booking)
    return booking


def case_of(booking):
    session.expire_all()
    [case] = queue.of_booking(booking)
    found = queue.find(case.public_id)
    assert found
    return found


def settlement_of(booking):
    found = settlements.find(booking.id)
    assert found
    return found


def settled_at(booking):
    return settlement_of(booking).settled_at


def object_to(booking, *, by=GUEST, words=WORDS, after=DAY):
    return opening.object_to(booking.id, by=by, words=words, now=settled_at(booking) + after)


def decide(case, *, returned, earned, said="記録を確認しました。", by=None, now=None):
    return deciding.decide(
        case.id,
        returned_points=returned,
        earned_yen=earned,
        said=said,
        by=by or make_operator().id,
        now=now or case.opened_at + DAY,
    )


def codes_of(refused):
    return refused.value.codes


# What opens by itself


def test_what_a_settlement_leaves_open_becomes_a_case_once():
    booking = unclear()
    opened_at = settled_at(booking) + 10 * SECOND

    assert [opening.open_due(opened_at), opening.open_due(opened_at + SECOND)] == [1, 0]

    case = case_of(booking)
    assert (case.kind, case.party, case.opened_at) == (CaseKind.UNCLEAR, None, opened_at)


@pytest.mark.req("D38")
def test_an_emergency_of_the_cast_becomes_a_case():
    booking = make_booking()
    cancelling.in_emergency(booking.id, words="停電", now=START - 30 * 60 * SECOND)
    session.flush()

    assert opening.open_due(START) == 1

    assert case_of(booking).kind is CaseKind.EMERGENCY


def test_what_is_clear_becomes_no_case():
    completed()
    cancelled = make_booking(start=START + DAY / 2)
    cancelling.by_cast(cancelled.id, words="", now=NOON)
    session.flush()

    assert opening.open_due(NOON + DAY) == 0


def test_an_objection_that_came_first_is_the_case():
    booking = unclear()
    object_to(booking, after=SECOND)

    assert opening.open_due(settled_at(booking) + 10 * SECOND) == 0
    assert case_of(booking).kind is CaseKind.OBJECTION


def test_a_case_that_is_decided_does_not_come_up_again():
    booking = unclear()
    opening.open_due(settled_at(booking))
    decide(case_of(booking), returned=900, earned=0)

    assert opening.open_due(settled_at(booking) + DAY) == 0


def test_the_job_opens_what_is_due(at, queue):
    booking = unclear()
    at(settled_at(booking) + 10 * SECOND)

    queue.do(jobs.open_cases)

    assert case_of(booking).opened_at == settled_at(booking) + 10 * SECOND


# Objecting


@pytest.mark.req("G28", "G29", "C45")
@pytest.mark.parametrize("by", [GUEST, CAST])
def test_each_of_the_two_can_object_and_their_words_are_kept(by):
    booking = completed()

    case = object_to(booking, by=by, words=f"  {WORDS}\n")

    assert (case.kind, case.party, case.words) == (CaseKind.OBJECTION, by, WORDS)
    assert (case.opened_at, case.decided_at) == (settled_at(booking) + DAY, None)


@pytest.mark.req("D17")
@pytest.mark.parametrize(
    ("after", "refused"), [(timedelta(0), False), (7 * DAY, False), (7 * DAY + SECOND, True)]
)
def test_objections_are_open_for_seven_days_to_the_second(after, refused):
    booking = completed()

    if refused:
        with pytest.raises(Refused) as why:
            object_to(booking, after=after)
        assert codes_of(why) == {"too_late"}
    else:
        assert object_to(booking, after=after).id


@pytest.mark.req("D17")
@pytest.mark.parametrize(("after", "refused"), [(7 * DAY, False), (7 * DAY + SECOND, True)])
def test_after_a_decision_the_other_has_seven_days_from_it(after, refused):
    booking = completed()
    object_to(booking, by=CAST, after=7 * DAY)
    case = case_of(booking)
    decide(case, returned=0, earned=booking.full_reward_yen)
    session.expire_all()
    decided_at = case_of(booking).decided_at

    problems = opening.why_not_object(
        booking, settlement_of(booking), by=GUEST, now=decided_at + after
    )

    assert [each.code for each in problems] == (["too_late"] if refused else [])


def test_before_it_is_settled_there_is_nothing_to_object_to():
    booking = make_booking()

    with pytest.raises(Refused) as why:
        opening.object_to(booking.id, by=GUEST, words=WORDS, now=booking.ends_at)

    assert codes_of(why) == {"not_settled"}


@pytest.mark.parametrize("how", ["guest", "cast"])
def test_what_was_cancelled_in_time_cannot_be_objected_to(how):
    booking = make_booking(start=START + DAY / 2)
    if how == "guest":
        cancelling.by_guest(booking.id, accepts_loss=False, now=NOON)
    else:
        cancelling.by_cast(booking.id, words="", now=NOON)
    session.flush()

    with pytest.raises(Refused) as why:
        object_to(booking)

    assert codes_of(why) == {"taken_back"}


def test_a_late_cancellation_can_be_objected_to_and_its_proposal_changes_nothing():
    booking = make_booking()
    cancelling.by_guest(booking.id, accepts_loss=True, now=NOON + 10 * SECOND)
    session.flush()

    object_to(booking)

    proposal = deciding.proposal_of(case_of(booking))
    settled = settlement_of(booking)
    assert settled.outcome is Outcome.GUEST_CANCELLED_LATE
    assert (proposal.returned_points, proposal.earned_yen) == (0, settled.earned_yen)


@pytest.mark.parametrize(("words", "code"), [(" \n", "no_words"), ("長" * 501, "too_long")])
def test_an_objection_says_something_and_not_a_novel(words, code):
    booking = completed()

    with pytest.raises(Refused) as why:
        object_to(booking, words=words)

    assert codes_of(why) == {code}
    assert object_to(booking, words="長" * 500).id


def test_pressing_twice_objects_once():
    booking = completed()

    first, second = object_to(booking), object_to(booking, after=DAY + SECOND)

    assert first.id == second.id
    assert len(queue.of_booking(booking)) == 1


def test_each_of_the_two_objects_once_even_after_the_decision():
    booking = completed()
    case = object_to(booking)
    with pytest.raises(Refused) as why:
        object_to(booking, words="もう一度")
    assert codes_of(why) == {"objected"}
    decide(case, returned=0, earned=450)

    with pytest.raises(Refused) as why:
        object_to(booking, words="納得できません", after=3 * DAY)
    assert codes_of(why) == {"objected"}
    assert object_to(booking, by=CAST, words="別の話です", after=3 * DAY).party is CAST


@pytest.mark.parametrize("first", ["unclear", "other"])
def test_while_a_case_is_open_a_second_one_is_kindly_refused(first):
    if first == "unclear":
        booking = unclear()
        opening.open_due(settled_at(booking))
    else:
        booking = completed()
        object_to(booking, by=CAST)

    with pytest.raises(Refused) as why:
        object_to(booking)

    assert codes_of(why) == {"open"}
    assert len(queue.of_booking(booking)) == 1


# The queue


def test_the_oldest_case_stands_at_the_top_with_its_age_and_promise():
    younger, older = completed(), completed(start=START + DAY / 6)
    object_to(older, after=SECOND)
    object_to(younger, after=DAY)

    seen = queue.waiting(NOON + 2 * DAY)

    assert [each.case.booking_id for each in seen] == [older.id, younger.id]
    assert seen[0].age == NOON + 2 * DAY - seen[0].case.opened_at
    assert seen[0].promised_at == seen[0].case.opened_at + 3 * DAY
    assert seen[0].case.booking.guest.nickname  # both people come along
    assert queue.count_open() == 2


@pytest.mark.req("G28")
@pytest.mark.parametrize(
    ("age", "overdue", "escalated"),
    [
        (3 * DAY, False, False),
        (3 * DAY + SECOND, True, False),
        (7 * DAY - SECOND, True, False),
        (7 * DAY, True, True),
    ],
)
def test_a_case_is_late_after_three_days_and_escalated_after_seven(age, overdue, escalated):
    case = object_to(completed())

    [seen] = queue.waiting(case.opened_at + age)

    assert (seen.is_overdue, seen.is_escalated) == (overdue, escalated)


def test_the_queue_is_of_one_kind_where_that_is_asked():
    object_to(completed())
    opening.open_due(settled_at(unclear_later()))

    kinds = {kind: len(queue.waiting(NOON + DAY, kind=kind)) for kind in CaseKind}

    assert kinds == {CaseKind.OBJECTION: 1, CaseKind.UNCLEAR: 1, CaseKind.EMERGENCY: 0}


def unclear_later():
    booking = make_booking(start=START + DAY / 12)
    attend(booking, cast=[(0, 60)])
    settle(booking)
    return booking


def test_a_decided_case_leaves_the_queue_for_the_list_below():
    case = object_to(completed())
    decide(case, returned=0, earned=450)

    assert queue.waiting(NOON + DAY) == []
    assert [each.id for each in queue.decided_lately()] == [case.id]
    assert queue.decided_lately(kind=CaseKind.UNCLEAR) == []


def test_a_case_is_found_by_its_public_name_only():
    case = object_to(completed())

    found = queue.find(case.public_id)

    assert found and found.id == case.id
    assert queue.find(str(case.id)) is None


# The proposal


def proposed(booking):
    proposal = deciding.proposal_of(case_of(booking))
    return proposal.returned_points, proposal.earned_yen, proposal.because.code


@pytest.mark.parametrize(
    ("guest", "cast", "expected"),
    [
        (ALL, ALL, (0, 450, "completed")),
        ([], ALL, (0, 450, "guest_absent")),
        (ALL, [], (900, 0, "cast_absent")),
        ([], [], (900, 0, "both_absent")),
        (ALL, [(150, 1_000)], (225, 338, "cast_late")),
    ],
)
def test_the_proposal_is_what_evidence_says_whatever_was_reported(guest, cast, expected):
    booking = make_booking(slots=3)
    attend(booking, guest=guest, cast=cast)
    kind = CompletionKind.DONE if expected[2].endswith("absent") else CompletionKind.NOT_HELD
    completions.file(booking.id, kind=kind, impression="。", stars=3, now=booking.ends_at)
    settled = settle(booking)
    assert settled and settled.outcome is Outcome.UNCLEAR
    opening.open_due(settled_at(booking))

    assert proposed(booking) == expected


@pytest.mark.req("D19")
@pytest.mark.parametrize(
    ("guest", "cast", "earned"),
    [
        ([], [(30, 269)], 0),  # a second less than half of the eight minutes
        ([(300, 1_000)], [(30, 269)], 0),
        ([(300, 1_000)], [(30, 270)], 450),
    ],
)
def test_where_evidence_does_not_say_the_guest_pays_nothing(guest, cast, earned):
    booking = make_booking(slots=3)
    attend(booking, guest=guest, cast=cast)
    settle(booking)
    opening.open_due(settled_at(booking))

    assert proposed(booking) == (900, earned, "apart")


@pytest.mark.req("D16", "G31")
@pytest.mark.parametrize(
    ("cast", "reported", "held"),  # seconds; held: of 480, which begin with the 30th
    [
        ((0, 270), 270, 240),
        ((0, 150), 150, 120),  # no outage, though both were gone before half of it
        ((150, 270), 270, 120),  # late
        ((0, 200), 270, 170),  # first to go, and what came after counts once
        ((0, 20), 20, 0),  # before it began
    ],
)
def test_a_talk_that_a_report_ended_is_charged_as_far_as_it_was_held(cast, reported, held):
    booking = make_booking(slots=3)
    room = attend(booking, guest=[(0, reported)], cast=[cast], until=reported)
    assert room
    reports.report(
        room.talk_id,
        by=GUEST,
        person=booking.guest_id,
        reason=ReportReason.OTHER,
        words="",
        now=moment(booking, reported),
    )
    settled = settle(booking)
    assert settled and settled.outcome is Outcome.UNCLEAR
    opening.open_due(settled_at(booking))

    returned = math.ceil(900 * (480 - held) / 480)
    assert proposed(booking) == (returned, math.ceil((900 - returned) / 2), "cut_short")
    minutes, seconds = divmod(480 - held, 60)
    assert f"shows {minutes}:{seconds:02} of it as not held" in because(booking)


@pytest.mark.parametrize(("came", "earned"), [(31, 0), (30, 450)])
def test_who_met_and_were_both_gone_are_not_told_that_they_never_met(came, earned):
    booking = make_booking(slots=3)
    attend(booking, guest=[(200, 270)], cast=[(came, 270)])
    settle(booking)
    opening.open_due(settled_at(booking))

    assert proposed(booking) == (900, earned, "broke_off")
    assert "the two together for 1:10, less than half" in because(booking)
    assert ("The cast was there" in because(booking)) == (earned > 0)


def because(booking):
    problem = deciding.proposal_of(case_of(booking)).because
    return problem.text % problem.values


@pytest.mark.req("D38")
def test_of_an_emergency_nothing_more_moves():
    booking = make_booking()
    cancelling.in_emergency(booking.id, words="停電", now=START - 30 * 60 * SECOND)
    session.flush()
    opening.open_due(START)

    assert proposed(booking) == (100 * 3, 0, "cast_emergency")


def test_no_proposal_takes_back_what_was_returned():
    booking = make_booking(slots=3)
    attend(booking, guest=ALL, cast=[(150, 1_000)])
    completions.file(
        booking.id, kind=CompletionKind.TROUBLE, impression="。", stars=3, now=booking.ends_at
    )
    settled = settle(booking)
    assert settled and settled.outcome is Outcome.TROUBLE
    object_to(booking, by=CAST)

    assert proposed(booking) == (900, 338, "cast_late")


# The decision


@pytest.mark.req("G31")
def test_a_decision_returns_points_sets_what_is_earned_and_tells_both():
    booking = completed()
    case = object_to(booking)
    before, operator = points_of_guest(booking), make_operator()

    decided = decide(case, returned=300, earned=300, said=" 3分の1を返却します。 ", by=operator.id)

    settled = settlement_of(booking)
    assert points_of_guest(booking) == before + 300
    assert (settled.returned_points, settled.earned_yen) == (300, 300)
    assert settled.decided_at == decided.decided_at == case.opened_at + DAY
    assert (decided.returned_points, decided.earned_yen) == (300, 300)
    assert (decided.decided_by, decided.said) == (operator.id, "3分の1を返却します。")
    told = session.scalars(select(Notice).filter_by(kind=NoticeKind.DECIDED, number=case.id))
    assert {notice.account_id for notice in told} == {booking.guest_id, booking.cast_id}
    assert settling.problems() == []
    assert "case.decided" in {line.what for line in casefile.log_of(booking)}


def points_of_guest(booking):
    return points_of(booking, now=NOON + 2 * DAY)


@pytest.mark.req("G31")
def test_a_second_press_returns_the_first_decision():
    booking = completed()
    case = object_to(booking)
    decide(case, returned=300, earned=300)
    points = points_of_guest(booking)

    again = decide(case, returned=900, earned=0, said="やっぱり全部")

    assert (again.returned_points, again.said) == (300, "記録を確認しました。")
    assert points_of_guest(booking) == points
    assert settlement_of(booking).returned_points == 300


@pytest.mark.parametrize(
    ("returned", "earned", "said", "code"),
    [
        (224, 338, "。", "taken_back"),
        (901, 338, "。", "too_much"),
        (225, -1, "。", "no_reward"),
        (225, 451, "。", "no_reward"),
        (225, 338, " \n", "nothing_said"),
        (225, 338, "長" * 501, "too_long"),
    ],
)
def test_a_decision_stays_within_what_was_paid_and_says_why(returned, earned, said, code):
    booking = make_booking(slots=3)
    attend(booking, guest=ALL, cast=[(150, 1_000)])
    settle(booking)
    case = object_to(booking)

    with pytest.raises(Refused) as why:
        decide(case, returned=returned, earned=earned, said=said)

    assert codes_of(why) == {code}
    assert case_of(booking).decided_at is None


@pytest.mark.parametrize(("returned", "earned"), [(225, 0), (225, 450), (900, 0), (900, 450)])
def test_the_limits_of_a_decision_are_within_it(returned, earned):
    booking = make_booking(slots=3)
    attend(booking, guest=ALL, cast=[(150, 1_000)])
    settle(booking)

    decided = decide(object_to(booking), returned=returned, earned=earned)

    assert (decided.returned_points, decided.earned_yen) == (returned - 225, earned)


def test_a_second_case_counts_what_the_first_returned():
    booking = completed()
    decide(object_to(booking), returned=300, earned=300)
    second = object_to(booking, by=CAST, after=3 * DAY)

    with pytest.raises(Refused) as why:
        decide(second, returned=299, earned=450)
    assert codes_of(why) == {"taken_back"}
    decide(second, returned=400, earned=250)

    settled = settlement_of(booking)
    assert (settled.returned_points, settled.earned_yen) == (400, 250)
    entries = select(PointEntry).filter_by(about=booking.about, reason=Reason.BOOKING_RETURNED)
    assert [entry.delta for entry in session.scalars(entries)] == [300, 100]


@given(
    acts=st.lists(
        st.tuples(st.sampled_from([GUEST, CAST]), st.integers(0, 900), st.integers(0, 450)),
        max_size=4,
    )
)
@settings(max_examples=15)
def test_however_they_object_and_the_office_decides_the_books_agree(acts, undone):
    with undone():
        booking, operator = completed(), make_operator()
        returned, objected = 0, Counter()
        for number, (party, points, yen) in enumerate(acts):
            after = timedelta(hours=number + 1)
            if objected[party]:
                with pytest.raises(Refused):
                    object_to(booking, by=party, words=f"{number}", after=after)
                continue
            case = object_to(booking, by=party, after=after)
            objected[party] += 1
            if points < returned:
                with pytest.raises(Refused):
                    decide(case, returned=points, earned=yen, by=operator.id)
            returned = max(points, returned)
            decide(case, returned=returned, earned=yen, by=operator.id)
            assert settlement_of(booking).earned_yen == yen
        assert settlement_of(booking).returned_points == returned
        assert points_of_guest(booking) == 10_000 - 900 + returned


# The file


def test_the_file_tells_everything_in_order_and_no_word_of_a_message():
    guest = make_guest(points=10_000)
    booking = make_booking(guest=guest, slots=3)
    thread.write(
        booking.id, by=GUEST, words="よろしくお願いします", knows_warning=False, now=NOON + SECOND
    )
    attend(booking, guest=ALL, cast=[(150, 1_000)])
    completions.file(
        booking.id, kind=CompletionKind.DONE, impression="秘密", stars=3, now=booking.ends_at
    )
    settle(booking)
    decide(object_to(booking), returned=300, earned=300)

    log = casefile.log_of(booking)

    assert [line.at for line in log] == sorted(line.at for line in log)
    said = {(line.source, line.what): line for line in log}
    for wanted in (
        ("booking", "booked"),
        ("booking", "cast_late"),
        ("presence", "joined"),
        ("presence", "closed"),
        ("messages", "message"),
        ("notices", "notice_settled"),
        ("report", "done"),
        ("case", "opened_objection"),
        ("case", "decided"),
        ("audit", "case.decided"),
    ):
        assert wanted in said
    assert said["notices", "notice_decided"].people == (Party.CAST, Party.GUEST)
    assert [line.said for line in log if line.what == "booking_returned"] == ["+225 pt", "+75 pt"]
    assert "よろしくお願いします" not in str(log)


def test_of_messages_and_money_the_axis_knows_the_moments_only():
    booking = completed()
    thread.write(booking.id, by=CAST, words="また", knows_warning=False, now=booking.ends_at)

    ticks = casefile.ticks_of(casefile.log_of(booking))

    assert ("money", booking.booked_at) in ticks
    assert ("message", booking.ends_at) in ticks
