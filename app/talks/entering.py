"""Entering a talk: who may, asking, the cast's answer, and what happens when none comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app import audit, policy
from app.casts import standby
from app.casts.models import Cast, State
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import blocks, closing, terms
from app.people.models import Account
from app.points.lots import purse_of
from app.talks import bounds, metering, minutes, recording
from app.talks.models import LIVE_STATES, Talk, TalkState
from app.video import rooms

BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The counter that a talk starts with: zero, or where the talk before it stopped (D5)."""

    shared: timedelta = timedelta(0)
    minutes: int = 0


def points_needed(cast: Cast) -> int:
    """The points a guest must hold to enter: five minutes of the price (G11)."""
    return policy.ENTRY_MINUTES * cast.price_points


def why_not_enter(guest: Account, cast: Cast, *, points: int, now: datetime) -> list[Problem]:
    """Everything between this guest and this cast's room, in words for the guest.

    A cast's page shows the list.
    """
    problems = []
    if guest.confirmed_at is None:
        problems.append(
            Problem(code="unconfirmed", text=N_("Please open the link in our mail to you first."))
        )
    problems += blocks.why_not_meet(guest.id, cast.account_id)
    if why := _not_ready(cast, now=now) or bounds.why_too_short(guest, cast, now=now):
        problems.append(why)
    needed = points_needed(cast)
    if points < needed:
        problems.append(
            Problem(
                code="too_few_points",
                text=N_(
                    "To enter you need points for %(minutes)s minutes, %(needed)s pt; you are"
                    " %(missing)s pt short. This keeps out visitors who do not mean to talk."
                ),
                values={
                    "minutes": policy.ENTRY_MINUTES,
                    "needed": f"{needed:,}",
                    "missing": f"{needed - points:,}",
                },
            )
        )
    return problems


def why_not_ask(
    guest: Account, cast: Cast, *, points: int, price_points: int, now: datetime
) -> list[Problem]:
    """Everything in the way of ringing at this cast now, at the price that the guest saw.

    The page before entering shows the list, and `ask` obeys it.
    """
    problems = why_not_enter(guest, cast, points=points, now=now)
    problems += terms.why_not_begin(guest.id, terms.OF_GUESTS, now=now)
    if live_talk_of_guest(guest.id):
        problems.append(Problem(code="in_a_talk", text=N_("You are in another talk.")))
    if price_points != cast.price_points:
        problems.append(
            Problem(
                code="price_changed",
                text=N_("The price has changed to %(price)s pt a minute. Please look again."),
                values={"price": f"{cast.price_points:,}"},
            )
        )
    return problems


def ask(guest: Account, cast_id: int, *, price_points: int, now: datetime) -> Talk:
    """Ring at a cast. Pressing twice rings once. Raises Refused with every reason why not.

    `price_points` is the price that the guest saw; at another price nothing begins.
    """
    closing.hold_open(guest.id)  # before the cast, as everything holds them
    cast = standby.get_locked(cast_id)
    live = live_talk_of_guest(guest.id)
    if live and live.cast_id == cast_id:
        return live
    points = purse_of(guest.id, now=now).points
    problems = why_not_ask(guest, cast, points=points, price_points=price_points, now=now)
    if problems:
        raise Refused(*problems)
    return _ring(guest, cast, now=now)


def _ring(guest: Account, cast: Cast, *, now: datetime) -> Talk:
    counter = _take_over(guest.id, cast.account_id, now=now)
    talk = Talk(
        guest_id=guest.id,
        cast_id=cast.account_id,
        state=TalkState.RINGING,
        price_points=cast.price_points,
        reward_yen=cast.reward_yen,
        asked_at=now,
        answer_by=now + policy.RING_TIME,
        ends_by=bounds.bound_of(guest.id, cast.account_id, now=now),
        carried=counter.shared,
        carried_minutes=counter.minutes,
    )
    try:
        with session.begin_nested():
            session.add(talk)
            session.flush()
    except IntegrityError as taken:
        if "uq_talk_one_of" not in str(taken.orig):
            raise
        raise Refused(Problem(code="in_a_talk", text=N_("You are in another talk."))) from taken
    standby.occupy(cast)
    return talk


def counter_of(guest_id: int, cast_id: int, *, now: datetime) -> Counter:
    """Where the counter starts: coming back within five minutes goes on with the old one (D5)."""
    before = session.scalars(_talk_before(guest_id, cast_id, now=now)).one_or_none()
    return _counter_after(before) if before else Counter()


def _take_over(guest_id: int, cast_id: int, *, now: datetime) -> Counter:
    """The counter for a talk that begins now.

    The talk before is complete with this. Presence of it that comes later charges nobody, or one
    minute could be paid in both.
    """
    held = _talk_before(guest_id, cast_id, now=now).with_for_update()
    before = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if before is None:
        return Counter()
    before.resumed = True
    return _counter_after(before)


def _talk_before(guest_id: int, cast_id: int, *, now: datetime) -> Select[Talk]:
    return (
        select(Talk)
        .where(
            Talk.guest_id == guest_id,
            Talk.cast_id == cast_id,
            Talk.state == TalkState.ENDED,
            Talk.booking_id.is_(None),  # a reserved talk was paid otherwise, and hands nothing on
            Talk.ended_at >= now - policy.RESUME_WINDOW,
        )
        .order_by(Talk.id.desc())
        .limit(1)
    )


def _counter_after(before: Talk) -> Counter:
    assert before.ended_by
    shared = before.carried + recording.presence_of(before).shared(until=before.ended_at)
    return Counter(
        shared=minutes.carried_on(shared, before.ended_by),
        minutes=before.carried_minutes + before.minutes_measured,
    )


def accept(talk: Talk, *, now: datetime) -> None:
    """The cast answers: the room opens. Raises Refused where the ring is over."""
    _still_ringing(talk, now=now)
    standby.answer(talk.cast_id)
    room = rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=now)
    talk.state, talk.answered_at, talk.room = TalkState.RUNNING, now, room.name
    talk.ends_by = bounds.bound_of(talk.guest_id, talk.cast_id, now=now)
    session.flush()
    audit.note("talk.accepted", about=f"talk:{talk.id}", by=talk.cast_id, now=now)
    metering.set_closing(talk, now=now)


def decline(talk: Talk, *, now: datetime) -> None:
    """The cast says no, kindly; nothing is charged, and it is no miss."""
    _still_ringing(talk, now=now)
    talk.state = TalkState.DECLINED
    standby.answer(talk.cast_id)
    standby.release(talk.cast_id, talked=False, now=now)


def withdraw(talk: Talk, *, now: datetime) -> None:
    """The guest does not wait any longer. A ring that is over stays as it is."""
    if talk.state is TalkState.RINGING:
        talk.state = TalkState.WITHDRAWN
        standby.release(talk.cast_id, talked=False, now=now)


def miss_due(now: datetime) -> int:
    """End rings that nobody answered in time; the second in a row takes the cast offline."""
    due = session.scalars(
        select(Talk)
        .where(Talk.state == TalkState.RINGING, Talk.answer_by <= now)
        .order_by(Talk.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for talk in due:
        talk.state = TalkState.MISSED
        standby.miss(talk.cast_id)
    return len(due)


def live_talk_of_guest(guest_id: int) -> Talk | None:
    wanted = select(Talk).where(Talk.guest_id == guest_id, Talk.state.in_(LIVE_STATES))
    return session.scalars(wanted).one_or_none()


def live_talk_of_cast(cast_id: int) -> Talk | None:
    wanted = select(Talk).where(Talk.cast_id == cast_id, Talk.state.in_(LIVE_STATES))
    return session.scalars(wanted).one_or_none()


def _still_ringing(talk: Talk, *, now: datetime) -> None:
    if talk.state is not TalkState.RINGING or now > talk.answer_by:
        raise Refused(Problem(code="ring_over", text=N_("This guest is not waiting any more.")))


_WORDS = {
    State.IN_TALK: N_("This cast is in a talk at the moment."),
    State.WRAP_UP: N_("This cast has just finished a talk. Please wait a minute."),
    State.SOON_RESERVED: N_("A reserved talk of this cast is about to start."),
    State.OFFLINE: N_("This cast is offline at the moment."),
}


def _not_ready(cast: Cast, *, now: datetime) -> Problem | None:
    """Only a cast who stands by, and whose page is open, can be entered (G9)."""
    silent = cast.beat_at is None or cast.beat_at < now - policy.STANDBY_TTL
    state = State.OFFLINE if cast.state is State.ONLINE and silent else cast.state
    if state is State.ONLINE:
        return None
    return Problem(code=state.value, text=_WORDS[state])
