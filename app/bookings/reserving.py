"""Reserving: who may, and taking slots and points in one transaction (G20–G26).

Both people's rows are held while it is decided, so two who press at the same moment come one
after the other; the tables refuse an overlap even to whoever forgets that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app import policy
from app.bookings.models import Booking
from app.bookings.terms import Terms, is_on_grid
from app.db import rows, session, unguessable
from app.errors import N_, Problem, Refused
from app.people import closing
from app.people.blocks import CANNOT_MEET
from app.people.terms import OF_GUESTS, why_not_begin
from app.points.models import Reason
from app.points.spending import Wanted, spend_held


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What must be known of guest, cast and schedule to say whether a booking can be made."""

    confirmed: bool  # the guest's address
    price_points: int  # of a slot, today
    reward_yen: int
    free_slots: int  # of those wanted
    is_elsewhere: bool  # the guest has booked another talk at that time
    is_blocked: bool  # one by the other, or one of the two by the office
    points: int  # the guest's
    pressed: int | None  # the booking that this very screen has made already
    pressed_by: int | None


# The guest before the cast, as everything that moves points locks them.
_HOLD = text("""
    WITH guest AS MATERIALIZED (SELECT id FROM account WHERE id = :guest_id AND closed_at IS NULL
                                 FOR NO KEY UPDATE)
    SELECT talk_cast.account_id FROM guest
    JOIN talk_cast ON talk_cast.account_id = :cast_id FOR NO KEY UPDATE OF talk_cast
""")

_FACTS = text("""
    SELECT guest.confirmed_at IS NOT NULL AS confirmed, talk_cast.slot_points AS price_points,
        talk_cast.slot_reward_yen AS reward_yen,
        (SELECT count(*) FROM slot
         WHERE cast_id = :cast_id AND starts_at >= :starts_at AND starts_at < :ends_at
           AND booking_id IS NULL) AS free_slots,
        EXISTS (SELECT FROM booking
                WHERE guest_id = :guest_id AND state <> 'cancelled'
                  AND tstzrange(starts_at, ends_at) && tstzrange(:starts_at, :ends_at)) AS is_elsewhere,
        EXISTS (SELECT FROM block
                WHERE (blocker_id, blocked_id) IN ((:guest_id, :cast_id), (:cast_id, :guest_id))
               ) OR talk_cast.hidden_at IS NOT NULL OR guest.suspended_at IS NOT NULL AS is_blocked,
        (SELECT coalesce(sum(remaining), 0) FROM point_lot
         WHERE guest_id = :guest_id AND remaining > 0 AND expires_at > :now) AS points,
        pressed.id AS pressed, pressed.guest_id AS pressed_by
    FROM account AS guest, talk_cast LEFT JOIN booking AS pressed ON pressed.form_key = :form_key
    WHERE guest.id = :guest_id AND talk_cast.account_id = :cast_id
""")

_MAKE = text("""
    WITH made AS (
        INSERT INTO booking (public_id, guest_id, cast_id, state, slots, price_points, reward_yen,
                             starts_at, ends_at, talk_starts_at, talk_ends_at, free_cancel_until,
                             cast_cancel_until, report_until, form_key, shown, booked_at,
                             extended)
        VALUES (:public_id, :guest_id, :cast_id, 'confirmed', :slots, :price_points, :reward_yen,
                :starts_at, :ends_at, :talk_starts_at, :talk_ends_at, :free_cancel_until,
                :cast_cancel_until, :report_until, :form_key, CAST(:shown AS jsonb), :now, 0)
        RETURNING id
    ), claimed AS (
        UPDATE slot SET booking_id = made.id FROM made
        WHERE slot.cast_id = :cast_id AND starts_at >= :starts_at AND starts_at < :ends_at
          AND slot.booking_id IS NULL
        RETURNING slot.starts_at
    ), told AS (
        INSERT INTO booking_notice (booking_id, account_id, kind, number, at)
        SELECT made.id, account_id, 'booked', 0, :now
        FROM made, unnest(ARRAY[:guest_id, :cast_id]\\:\\:bigint[]) AS account_id
    )
    SELECT made.id, (SELECT count(*) FROM claimed) FROM made
""")

TAKEN = Problem(
    code="taken",
    text=N_("Somebody else was a moment faster. Please choose another time; nothing was taken."),
)


def why_not_reserve(terms: Terms, facts: Facts, *, now: datetime) -> list[Problem]:
    """Everything between this guest and this booking, in words for the guest.

    `terms` are those that the guest saw. The pages before the press show the list.
    """
    problems = []
    if not facts.confirmed:
        problems.append(
            Problem(code="unconfirmed", text=N_("Please open the link in our mail to you first."))
        )
    if facts.is_blocked:
        problems.append(CANNOT_MEET)
    problems += why_not_at(terms.starts_at, slots=terms.slots, now=now)
    if facts.free_slots < terms.slots:
        problems.append(TAKEN)
    if facts.is_elsewhere:
        text = N_("You have booked another talk at that time.")
        problems.append(Problem(code="elsewhere", text=text))
    if facts.price_points != terms.price_points:
        problems.append(_price_changed(facts.price_points))
    if facts.points < terms.points:
        problems.append(_too_few_points(terms.points, facts.points))
    return problems


def why_not_at(starts_at: datetime, *, slots: int, now: datetime) -> list[Problem]:
    """Why this time cannot be booked now, whoever asks (G23, D1, D2, D12)."""
    if not is_on_grid(starts_at) or not 1 <= slots <= policy.MOST_SLOTS:
        return [Problem(code="no_such_time", text=N_("Please choose a time of the schedule."))]
    if now > starts_at - policy.BOOKING_CLOSES:
        text = N_("Booking ends %(minutes)s minutes before the start. Please choose a later time.")
        minutes = policy.BOOKING_CLOSES // policy.MINUTE
        return [Problem(code="too_late", text=text, values={"minutes": minutes})]
    if now < starts_at - policy.BOOKING_OPENS:
        text = N_("Booking opens %(hours)s hours before the start.")
        hours = policy.BOOKING_OPENS // (60 * policy.MINUTE)
        return [Problem(code="too_early", text=text, values={"hours": hours})]
    return []


def facts_of(
    guest_id: int,
    cast_id: int,
    *,
    starts_at: datetime,
    slots: int,
    now: datetime,
    form_key: str | None = None,
) -> Facts:
    """The facts as they stand; of a screen that was pressed, also what it has made before."""
    found = rows(
        _FACTS,
        guest_id=guest_id,
        cast_id=cast_id,
        starts_at=starts_at,
        ends_at=starts_at + slots * policy.SLOT,
        now=now,
        form_key=form_key,
    )
    return Facts(**found[0]._mapping)  # noqa: SLF001 - the columns are named as the facts are


def reserve(
    guest_id: int,
    cast_id: int,
    *,
    starts_at: datetime,
    slots: int,
    price_points: int,
    form_key: str,
    shown: Mapping[str, str],
    now: datetime,
) -> int:
    """Take the slots and the points (G26), once for each final screen; returns the booking's id.

    `price_points` is the price of a slot that the guest saw, `shown` what the screen said. Raises
    Refused with every reason why not.
    """
    if not rows(_HOLD, guest_id=guest_id, cast_id=cast_id):
        raise Refused(closing.CLOSED)
    facts = facts_of(
        guest_id, cast_id, starts_at=starts_at, slots=slots, now=now, form_key=form_key
    )
    if facts.pressed:
        if facts.pressed_by != guest_id:
            raise Refused(Problem(code="start_again", text=N_("Please choose the time again.")))
        return facts.pressed
    terms = Terms(
        starts_at=starts_at, slots=slots, price_points=price_points, reward_yen=facts.reward_yen
    )
    problems = why_not_reserve(terms, facts, now=now)
    if problems := problems + why_not_begin(guest_id, OF_GUESTS, now=now):
        raise Refused(*problems)
    booking_id = _make(guest_id, cast_id, terms, form_key=form_key, shown=shown, now=now)
    paid = Wanted(guest_id, terms.points, f"booking:{booking_id}", paid_key(booking_id))
    if spend_held([paid], reason=Reason.BOOKING, now=now):
        raise Refused(_too_few_points(terms.points, facts.points))
    return booking_id


def paid_key(booking_id: int) -> str:
    """The key under which the points of a booking were taken."""
    return f"booking:{booking_id}:paid"


def get(booking_id: int) -> Booking:
    return session.get_one(Booking, booking_id, populate_existing=True)


def _make(
    guest_id: int,
    cast_id: int,
    terms: Terms,
    *,
    form_key: str,
    shown: Mapping[str, str],
    now: datetime,
) -> int:
    made = rows(
        _MAKE,
        public_id=unguessable(),
        guest_id=guest_id,
        cast_id=cast_id,
        slots=terms.slots,
        price_points=terms.price_points,
        reward_yen=terms.reward_yen,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        talk_starts_at=terms.talk_starts_at,
        talk_ends_at=terms.talk_ends_at,
        free_cancel_until=terms.free_cancel_until,
        cast_cancel_until=terms.cast_cancel_until,
        report_until=terms.report_until,
        form_key=form_key,
        shown=json.dumps(shown, ensure_ascii=False),
        now=now,
    )
    booking_id, claimed = made[0]
    if claimed != terms.slots:  # taken back by the cast at this very moment
        raise Refused(TAKEN)
    return int(booking_id)


def _price_changed(price_points: int) -> Problem:
    return Problem(
        code="price_changed",
        text=N_("The price has changed to %(price)s pt a slot. Please look again."),
        values={"price": f"{price_points:,}"},
    )


def _too_few_points(needed: int, points: int) -> Problem:
    return Problem(
        code="too_few_points",
        text=N_("This booking costs %(needed)s pt; you are %(missing)s pt short."),
        values={"needed": f"{needed:,}", "missing": f"{needed - points:,}"},
    )
