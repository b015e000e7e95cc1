"""Walk-ins that their guest objects to, and the minutes that the office returns."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import leaving, policy
from app.audit import AuditEntry
from app.cases import queue, walk_ins
from app.cases.models import Case, CaseKind
from app.db import session
from app.desk import dossier, watching
from app.errors import Refused
from app.payouts.earnings import EARNED
from app.people.models import Account
from app.points.models import Kind, PointEntry, PointLot, Reason
from app.talks import metering, receipts, recording, replay
from app.talks.models import Party
from tests.evidence import GUEST, at, finish, make_room, points_of, remaining
from tests.factories import NOON, SECOND, give_points, make_cast, make_guest, make_operator

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WORDS = "途中から声が聞こえませんでした。"


def talked(*, minutes=3, points=10_000, how="guest leaves", **of_talk):
    """A walk-in of so many charged minutes at 100 pt, 50 yen for the cast."""
    room = make_room(points=points, **of_talk)
    end = 60 * minutes + 50
    room.talk_until(end)
    finish(room, how, end)
    session.refresh(room.talk)
    return room.talk


def object_to(talk, *, words=WORDS, after=HOUR):
    return walk_ins.object_to(talk.id, words=words, now=talk.ended_at + after)


def decide(case, minutes, *, keeps_reward=False, said="確認しました。", after=DAY, by=None):
    return walk_ins.decide(
        case.id,
        minutes=minutes,
        keeps_reward=keeps_reward,
        said=said,
        by=by or make_operator().id,
        now=case.opened_at + after,
    )


def codes_of(why):
    return set(why.value.codes)


def earned(talk):
    session.flush()
    return session.execute(select(EARNED).where(EARNED.c.talk_id == talk.id)).one()


# Objecting


@pytest.mark.req("G28", "G31")
def test_a_guest_objects_to_what_a_walk_in_cost():
    talk = talked()

    case = object_to(talk, words=f" {WORDS}\n")

    assert (case.kind, case.party, case.words) == (CaseKind.OBJECTION, Party.GUEST, WORDS)
    assert (case.talk_id, case.booking_id, case.decided_at) == (talk.id, None, None)
    assert queue.of_talk(talk) is case


def test_right_after_its_end_a_walk_in_can_be_objected_to():
    assert object_to(talked(), after=SECOND).id


@pytest.mark.req("D17")
@pytest.mark.parametrize(("late", "codes"), [(timedelta(0), set()), (SECOND, {"too_late"})])
def test_objections_are_open_for_seven_days_to_the_second(late, codes):
    talk = talked()

    problems = walk_ins.why_not_object(talk, now=talk.ended_at + policy.OBJECTION_OPEN + late)

    assert {problem.code for problem in problems} == codes


def test_a_running_talk_is_not_objected_to():
    room = make_room()
    room.talk_until(130)

    with pytest.raises(Refused) as why:
        walk_ins.object_to(room.talk_id, words=WORDS, now=at(131))

    assert codes_of(why) == {"not_ended"}


@pytest.mark.parametrize(("minutes", "how"), [(0, "guest leaves"), (1, "cast hangs up")])
def test_a_talk_that_costs_nothing_is_not_objected_to(minutes, how):
    talk = talked(minutes=minutes, how=how)
    if talk.minutes_kept:
        pytest.fail("this talk was to cost nothing")

    with pytest.raises(Refused) as why:
        object_to(talk)

    assert codes_of(why) == {"nothing_charged"}


@pytest.mark.parametrize(("words", "code"), [(" \n", "no_words"), ("長" * 501, "too_long")])
def test_an_objection_says_something_and_not_a_novel(words, code):
    with pytest.raises(Refused) as why:
        object_to(talked(), words=words)

    assert codes_of(why) == {code}


def test_pressing_twice_objects_once_and_other_words_are_refused():
    talk = talked()

    first, second = object_to(talk), object_to(talk, after=2 * HOUR)

    assert first.id == second.id
    with pytest.raises(Refused) as why:
        object_to(talk, words="もう一つあります。")
    assert codes_of(why) == {"objected"}
    decide(first, 0)
    with pytest.raises(Refused) as why:
        object_to(talk, words="納得できません。", after=3 * DAY)
    assert codes_of(why) == {"objected"}


@pytest.mark.parametrize("about", [{}, {"booking_id": 1, "talk_id": 1}])
def test_a_case_is_about_one_thing(about):
    case = Case(kind=CaseKind.OBJECTION, party=GUEST, words="。", opened_at=NOON, **about)
    session.add(case)

    with pytest.raises(IntegrityError, match="about_one"):
        session.flush()
    session.rollback()


# The queue


def test_walk_ins_wait_in_the_one_queue_with_both_people():
    talk = talked(guest=make_guest(points=10_000, nickname="みずいろ"), cast=make_cast(name="千景"))
    case = object_to(talk)

    [seen] = queue.waiting(case.opened_at + HOUR)

    assert (seen.case.guest.nickname, seen.case.cast.name) == ("みずいろ", "千景")
    assert (seen.case.starts_at, seen.case.ends_at) == (talk.answered_at, talk.ended_at)
    assert (seen.case.paid_points, queue.count_open()) == (300, 1)
    decide(case, 1)
    assert [each.id for each in queue.decided_lately()] == [case.id]
    found = queue.find(case.public_id)
    assert found and found.subject is talk


def test_the_case_stands_in_both_peoples_files_and_the_talks_record():
    talk = talked()
    case = object_to(talk)
    decide(case, 1, said="1分を返却します。")

    for account_id in (talk.guest_id, talk.cast_id):
        seen = dossier.of(session.get_one(Account, account_id))
        assert [each.id for each in seen.cases] == [case.id]
    log = watching.log_of(talk)
    assert {"opened_objection", "minute_returned", "case.decided"} <= {line.what for line in log}
    assert [line.said for line in log if line.what == "decided"] == ["1分を返却します。"]


def test_the_proposal_is_what_was_charged_and_returns_nothing():
    talk = talked()

    proposal = walk_ins.proposal_of(talk)

    assert proposal.minutes == 0
    because = proposal.because.text % proposal.because.values
    assert because == ("The record shows the two together for 3:50; 3 min were charged for that.")


# The decision


@pytest.mark.req("G31")
@pytest.mark.parametrize(
    ("minutes", "keeps_reward", "yen"),
    [
        (0, False, 150),
        (0, True, 150),
        (1, False, 100),
        (1, True, 150),
        (3, False, 0),
        (3, True, 150),
    ],
)
def test_a_decision_returns_minutes_and_says_what_the_cast_earns(minutes, keeps_reward, yen):
    talk = talked()
    case, operator = object_to(talk), make_operator()
    before = points_of(talk)

    decided = decide(
        case, minutes, keeps_reward=keeps_reward, said=" 返却します。 ", by=operator.id
    )

    assert points_of(talk) == before + 100 * minutes
    assert (decided.returned_points, decided.earned_yen) == (100 * minutes, yen)
    assert (decided.decided_by, decided.said) == (operator.id, "返却します。")
    assert (talk.minutes_kept, talk.minutes_refunded) == (3 - minutes, minutes)
    assert talk.minutes_borne == (minutes if keeps_reward else 0)
    assert talk.earned_yen == earned(talk).yen == yen
    assert replay.replay(talk).difference == 0
    note = session.scalars(select(AuditEntry).filter_by(did="case.decided")).one()
    assert (note.by, note.about, note.facts["minutes"]) == (operator.id, f"talk:{talk.id}", minutes)


def test_the_last_minutes_go_back_first_each_by_its_own_key():
    talk = talked()

    decide(object_to(talk), 2)

    returned = select(PointEntry.key).filter_by(reason=Reason.MINUTE_RETURNED)
    assert session.scalars(returned.order_by(PointEntry.id)).all() == [
        f"talk:{talk.id}:minute:3:return",
        f"talk:{talk.id}:minute:2:return",
    ]
    kinds = [piece.kind for piece in receipts.receipt_of(talk, now=at(2_000)).strip]
    assert kinds == ["free", "paid", "returned", "returned"]


@pytest.mark.req("G31", "D34")
def test_points_go_back_into_the_lots_that_they_came_from():
    guest = make_guest(points=250)
    first = session.scalars(select(PointLot).filter_by(guest_id=guest.id)).one()
    second = give_points(guest, 1_000, now=NOON + SECOND)
    talk = talked(points=0, guest=guest)
    assert (remaining(first), remaining(second)) == (0, 950)

    decide(object_to(talk), 2)

    assert (remaining(first), remaining(second)) == (150, 1_000)


@pytest.mark.req("D34")
def test_what_comes_back_too_late_to_be_used_comes_as_new_free_points():
    guest = make_guest()
    lot = give_points(guest, 1_000, expires_at=NOON + 4 * DAY)
    talk = talked(points=0, guest=guest)

    decide(object_to(talk), 1, after=2 * DAY)

    assert remaining(lot) == 700
    new = session.scalars(select(PointLot).filter_by(guest_id=guest.id, kind=Kind.FREE)).all()[-1]
    decided_at = talk.ended_at + HOUR + 2 * DAY
    assert (new.remaining, new.expires_at) == (100, decided_at + policy.COMPENSATION)


def test_a_second_press_gets_the_first_decision():
    talk = talked()
    case = object_to(talk)
    decide(case, 1)

    again = decide(case, 3, said="やっぱり全部")

    assert (again.returned_points, again.said) == (100, "確認しました。")
    assert talk.minutes_refunded == 1


@pytest.mark.parametrize(
    ("minutes", "said", "code"),
    [
        (-1, "。", "no_minutes"),
        (4, "。", "no_minutes"),
        (1, " \n", "nothing_said"),
        (1, "長" * 501, "too_long"),
    ],
)
def test_a_decision_stays_within_what_stands_and_says_why(minutes, said, code):
    talk = talked()
    case = object_to(talk)

    with pytest.raises(Refused) as why:
        decide(case, minutes, said=said)

    assert codes_of(why) == {code}
    assert (case.decided_at, talk.minutes_returned) == (None, 0)


@pytest.mark.parametrize(("late", "codes"), [(timedelta(0), {"not_final"}), (SECOND, set())])
def test_only_what_no_evidence_changes_any_more_is_decided(late, codes):
    talk = talked()

    problems = walk_ins.why_not_decide(
        talk, minutes=1, said="。", now=talk.ended_at + policy.LATE_EVIDENCE + late
    )

    assert {problem.code for problem in problems} == codes


def test_a_talk_that_was_set_aside_is_decided_once_it_is_mended():
    talk = talked()
    case = object_to(talk)
    talk.fault = "it broke"
    session.flush()

    with pytest.raises(Refused) as why:
        decide(case, 1)
    assert codes_of(why) == {"not_final"}

    talk.fault = None
    session.flush()
    assert decide(case, 1).returned_points == 100


def test_a_minute_that_the_metering_returned_is_no_minute_of_the_office():
    talk = talked(how="cast hangs up")
    assert (talk.minutes_charged, talk.minutes_returned) == (3, 1)

    decide(object_to(talk), 2)

    assert (talk.minutes_returned, talk.minutes_refunded) == (3, 2)
    assert replay.replay(talk).difference == 0


def test_counting_the_talk_again_takes_nothing_of_a_decision_back():
    talk = talked()
    decide(object_to(talk), 2, keeps_reward=True)

    for _ in range(2):
        metering.settle(talk, recording.presence_of(talk), now=at(100_000))

    assert (talk.minutes_kept, talk.minutes_refunded, talk.minutes_borne) == (1, 2, 2)


def test_evidence_that_shows_less_after_everything_went_back_only_changes_its_name():
    talk = talked()
    decide(object_to(talk), 3, keeps_reward=True)
    before = points_of(talk)
    talk.ended_by, talk.ended_at = "cast", at(170)  # as if it had been cut short

    metering.settle(talk, recording.presence_of(talk), now=at(100_000))

    assert (talk.minutes_returned, talk.minutes_refunded, talk.minutes_borne) == (3, 1, 1)
    assert points_of(talk) == before


def test_returned_points_let_the_talk_go_on_that_the_guest_is_in():
    guest = make_guest(points=1_500)
    talk = talked(points=0, guest=guest)
    case = object_to(talk)
    later = (case.opened_at + DAY - NOON).total_seconds()
    room = make_room(guest=guest, points=0, now=at(later - 100))
    room.talk_until(later - 20, start=later - 95)
    until = metering.lasts_until(room.talk, purse=metering.lots.purse_of(guest.id, now=at(later)))

    decide(case, 2)

    purse = metering.lots.purse_of(guest.id, now=at(later))
    assert metering.lasts_until(room.talk, purse=purse) - until == 2 * policy.MINUTE
    finish(room, "guest leaves", later + 10)


# What is paid


def test_what_is_in_dispute_is_on_hold_until_it_is_decided():
    talk = talked()
    assert not earned(talk).on_hold

    case = object_to(talk)
    assert earned(talk).on_hold
    decide(case, 1)

    line = earned(talk)
    assert (line.on_hold, line.units, line.yen, line.full_yen) == (False, 2, 100, 150)


@given(
    charged=st.integers(0, 5),
    how=st.sampled_from(["guest leaves", "cast hangs up", "operator"]),
    lots=st.lists(st.integers(30, 300), max_size=4),
    tries=st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=3),
)
@settings(max_examples=15)
def test_whatever_is_decided_never_more_goes_back_than_stands(undone, charged, how, lots, tries):
    with undone():
        guest = make_guest()
        for number, points in enumerate([*lots, 1_000]):
            give_points(guest, points, now=NOON - number * SECOND)
        talk = talked(minutes=charged, points=0, guest=guest, how=how)
        stood, total = talk.minutes_kept, sum(lots) + 1_000
        if not stood:
            with pytest.raises(Refused):
                object_to(talk)
            return
        case, operator, refunded = object_to(talk), make_operator(), 0
        for minutes, keeps_reward in tries:
            if not case.decided_at and minutes > stood:
                with pytest.raises(Refused):
                    decide(case, minutes, by=operator.id)
                continue
            refunded = refunded if case.decided_at else minutes
            decide(case, minutes, keeps_reward=keeps_reward, by=operator.id)
        assert (talk.minutes_refunded, talk.minutes_kept) == (refunded, stood - refunded)
        assert points_of(talk) == total - 100 * talk.minutes_kept
        assert talk.earned_yen == 50 * (talk.minutes_kept + talk.minutes_borne)
        assert talk.earned_yen == earned(talk).yen


# Leaving


@pytest.mark.req("D35")
def test_nobody_leaves_while_their_walk_in_is_in_dispute():
    talk = talked()
    case = object_to(talk)
    later = case.opened_at + 2 * DAY

    assert "open_case" in {each.code for each in leaving.why_not_leave(talk.guest_id, now=later)}
    assert "open_case" in {each.code for each in leaving.why_not_part(talk.cast_id)}

    decide(case, 0)
    assert leaving.why_not_leave(talk.guest_id, now=later) == []
    assert leaving.why_not_part(talk.cast_id) == []


def test_who_has_left_objects_to_nothing():
    talk = talked(points=500)
    leaving.leave(talk.guest_id, points_seen=200, accepts_loss=True, now=talk.ended_at + DAY)

    with pytest.raises(Refused) as why:
        object_to(talk, after=2 * DAY)

    assert codes_of(why) == {"closed"}
