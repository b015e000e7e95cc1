"""The whole way of money, step by step, for tests that mix its steps in any order.

Talks are given, judged, objected to and decided; what they earn is claimed, closed, brought into
batches, paid, sent back and paid again; meanwhile prices, ranks, accounts, taxes and fees change.
What is refused has not happened.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from app import workdays
from app.bookings import cancelling, settlements
from app.bookings.models import Booking
from app.books import months
from app.cases import deciding, opening, queue, walk_ins
from app.cases.models import Case
from app.casts import account_reviews, bank_accounts, invitations, prices, ranks
from app.casts.models import Cast, Rank
from app.clock import JAPAN, start_of
from app.db import session
from app.errors import Problem, Refused
from app.payouts import (
    batches,
    claims,
    closing,
    fee_rows,
    ledger,
    planning,
    returning,
    withholding,
)
from app.payouts.models import (
    BatchState,
    Payout,
    PayoutBatch,
    ReturnReason,
    WithholdingClass,
)
from app.people.models import Account
from app.points import expiry
from app.talks.models import Party, Talk
from tests import factories, paying, reservations, wages
from tests.factories import NOON

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOSES = timedelta(hours=3)  # in the night, when the jobs of the day go
ALL = [(0.0, 1_000.0)]  # there from the start until the room closes
PRICES = ((1_111, 45), (4_700, 51), (9_999, 61))  # points a minute, and the cast's share of them
ATTENDED = {
    "completed": {"guest": ALL, "cast": ALL},
    "cast_late": {"guest": ALL, "cast": [(60.0, 1_000.0)]},
    "guest_absent": {"cast": ALL},
    "cast_absent": {"guest": ALL},
    "unclear": {"cast": [(0.0, 60.0)]},
    "both_absent": {},
}
CANCELLED = ("by_guest", "by_guest_late", "by_cast", "in_emergency")
MINUTES = (2, 1, 3, 0)
_NOTHING_THERE = Problem(code="nothing_there", text="There is no such thing yet.")

Row = TypeVar("Row", Payout, PayoutBatch)
Thing = TypeVar("Thing")
Subject = tuple[str, int]  # "talk" or "booking", and its id


class House:
    """Two casts, one guest who never lacks points, and two operators. It is noon to begin with."""

    def __init__(self) -> None:
        factories.make_fees()
        factories.make_remitter()
        self.now = NOON
        self.operators = [factories.make_operator().id for _ in range(2)]
        self.guest_id = factories.make_guest().id
        made = [factories.make_cast(rank=rank) for rank in (Rank.BLUE, Rank.BLACK)]
        self.casts = [each.account_id for each in made]
        self.shown: list[tuple[int, str, dict[str, int]]] = []
        self.worth: dict[Subject, list[int]] = {}  # what each was to earn, from first to last
        for number in (0, 1):
            self.change_price(number + 4)
        self.night(0)

    @property
    def today(self) -> date:
        return self.now.astimezone(JAPAN).date()

    def cast(self, number: int) -> Cast:
        return session.get_one(Cast, self.casts[number % 2], populate_existing=True)

    def do(self, name: str, number: int) -> bool:
        """Whether it happened."""
        point = session.begin_nested()
        verb: Callable[[int], object] = getattr(self, name)
        try:
            verb(number)
            session.flush()
        except Refused:
            point.rollback()
            session.expire_all()
            return False
        point.commit()
        session.expire_all()
        return True

    # Talks

    def talk(self, number: int) -> None:
        cast, minutes = self.cast(number), MINUTES[number // 2 % len(MINUTES)]
        self._buy((minutes + 10) * cast.price_points)
        guest = session.get_one(Account, self.guest_id)
        talk = wages.talk_told_late(cast, minutes=minutes, now=self.now, guest=guest)
        assert talk.minutes_charged == minutes
        self.worth["talk", talk.id] = [minutes * cast.reward_yen]
        self.now += HOUR

    def last_talk_of_the_month(self, number: int) -> None:
        """It begins a minute before the month's end; by its length it ends before or after that."""
        end = start_of(workdays.first_of_next(self.today))
        self._go_on(end - MINUTE)
        self.talk(number)

    def reserve(self, number: int) -> None:
        """One that is attended somehow, and judged by what its evidence shows."""
        booking = self._book(number)
        how = ATTENDED[list(ATTENDED)[number % len(ATTENDED)]]
        reservations.attend(booking, **how, told_late=True)  # type: ignore[arg-type]
        session.refresh(booking)
        self.now = booking.report_until + timedelta(seconds=1)
        reservations.settle(booking)
        self._settled(booking)

    def cancel(self, number: int) -> None:
        booking = self._book(number)
        match CANCELLED[number % len(CANCELLED)]:
            case "by_guest":
                cancelling.by_guest(booking.id, accepts_loss=False, now=booking.free_cancel_until)
            case "by_guest_late":
                soon = booking.starts_at - MINUTE
                cancelling.by_guest(booking.id, accepts_loss=True, now=soon)
            case "by_cast":
                at = booking.cast_cancel_until
                cancelling.by_cast(booking.id, words="都合です。", now=at)
            case "in_emergency":
                soon = booking.starts_at - MINUTE
                cancelling.in_emergency(booking.id, words="停電です。", now=soon)
        self._settled(booking)
        self.now = booking.ends_at

    def _book(self, number: int) -> Booking:
        """Two slots at a full hour; time has come to its start."""
        cast = self.cast(number)
        made_at = self.now.replace(minute=0, second=0) + HOUR
        self.now = made_at + 3 * HOUR
        self._buy(2 * cast.slot_points, at=made_at)
        return reservations.make_booking(
            guest=session.get_one(Account, self.guest_id),
            cast=cast,
            slots=2,
            start=self.now,
            now=made_at,
            published=2,
        )

    def _settled(self, booking: Booking) -> None:
        session.flush()
        settlement = settlements.find(booking.id)
        assert settlement
        self.worth["booking", booking.id] = [settlement.earned_yen]

    def _buy(self, points: int, *, at: datetime | None = None) -> None:
        guest = session.get_one(Account, self.guest_id)
        factories.give_points(guest, points, now=at or self.now)
        session.flush()

    # Cases

    def object(self, number: int) -> None:
        """To the number-th latest walk-in or reservation, by the guest or the cast."""
        kind, subject_id = self._nth(list(self.worth)[::-1], number // 2)
        if kind == "talk":
            walk_ins.object_to(subject_id, words="ちがいます。", now=self.now)
        else:
            by = list(Party)[number % 2]
            opening.object_to(subject_id, by=by, words="ちがいます。", now=self.now)

    def decide(self, number: int) -> None:
        """More, less, or as it was; of walk-ins with the reward kept or not."""
        opening.open_due(self.now)
        case = self._nth(queue.waiting(self.now), number // 4).case
        (self._decide_walk_in if case.talk_id else self._decide_booking)(case, number)

    def _decide_walk_in(self, case: Case, number: int) -> None:
        talk = session.get_one(Talk, case.talk_id)
        back, keeps = number % (talk.minutes_kept + 1), number % 2 == 1
        walk_ins.decide(
            case.id,
            minutes=back,
            keeps_reward=keeps,
            said="確認しました。",
            by=self.operators[0],
            now=self.now,
        )
        values = self.worth["talk", talk.id]
        values.append(values[-1] - (0 if keeps else back * talk.reward_yen))

    def _decide_booking(self, case: Case, number: int) -> None:
        booking = session.get_one(Booking, case.booking_id)
        settlement = deciding.settlement_of(case)
        earned = booking.full_reward_yen * (number % 4) // 3
        returned = max(settlement.returned_points, booking.points * (number % 3) // 2)
        deciding.decide(
            case.id,
            returned_points=returned,
            earned_yen=earned,
            said="確認しました。",
            by=self.operators[0],
            now=self.now,
        )
        self.worth["booking", booking.id].append(earned)

    # What is claimed

    def show(self, number: int) -> None:
        cast_id = self.casts[number % 2]
        listed = ledger.claimable(cast_id, now=self.now)
        self.shown.append((cast_id, factories.new_key(), claims.shown_of(listed)))

    def press(self, number: int) -> None:
        """Claim by a list, which may be an old one, or one that was claimed by before."""
        cast_id, key, shown = self._nth(self.shown[::-1], number)
        made = claims.claim(cast_id, shown=shown, form_key=key, by=cast_id, now=self.now)
        assert made.yen == sum(shown.values())

    def claim(self, number: int) -> None:
        self.show(number)
        self.press(0)

    def night(self, _number: int) -> None:
        """The jobs of a night: cases, prices, ranks, points, the closing of months, their freezing."""
        self._go_on(start_of(self.today + DAY) + CLOSES + MINUTE)
        opening.open_due(self.now)
        ranks.apply_due(self.today)
        invitations.apply_due(self.now)
        ranks.apply_due(self.today)
        expiry.expire_due(self.now)
        while closing.begin_due(self.now):
            while closing.close_batch(self.now):
                pass
        session.expire_all()
        months.close_due(self.now)

    def month(self, number: int) -> None:
        """On to the night that closes this month."""
        self._go_on(start_of(workdays.first_of_next(self.today) - DAY) + CLOSES)
        self.night(number)

    # What is paid

    def pay_day(self, number: int) -> None:
        """On to the day for which most is promised, and its batch is made."""
        day = planning.proposed_day(planning.waiting(), today=self.today)
        if day is None:
            raise Refused(_NOTHING_THERE)
        self._go_on(paying.on(day))
        self.make(number)

    def make(self, number: int) -> None:
        day = self.today
        while not workdays.is_bank_day(day):
            day += DAY
        batches.make(day, by=self.operators[number % 2], now=self.now)

    def approve(self, number: int) -> None:
        """By either operator, also by the one who must not."""
        batch = self._one_of(PayoutBatch, number // 2)
        by = self.operators[number % 2]
        batches.approve(batch.id, by=by, now=self.now)
        assert by != batch.made_by

    def go_on(self, number: int) -> None:
        batch = self._one_of(PayoutBatch, number)
        if batch.state is BatchState.MADE:
            other = next(each for each in self.operators if each != batch.made_by)
            batches.approve(batch.id, by=other, now=self.now)
        elif batch.state is BatchState.APPROVED:
            batches.hand_out(batch.id, by=self.operators[0], now=self.now)
            batches.accept(batch.id, by=self.operators[0], now=self.now)
        elif batch.state is BatchState.ACCEPTED:
            self._mark_paid(batch)
        else:
            self.pay_day(number)

    def _mark_paid(self, batch: PayoutBatch) -> None:
        self._go_on(paying.on(batch.pay_on))
        by = self.operators[0]
        batches.mark_paid(batch.id, paid_on=batch.pay_on, by=by, now=self.now)

    def take_out(self, number: int) -> None:
        payout = self._one_of(Payout, number)
        batches.take_out(payout.id, by=self.operators[0], now=self.now)

    def withdraw(self, number: int) -> None:
        batch = self._one_of(PayoutBatch, number)
        batches.withdraw(batch.id, by=self.operators[0], now=self.now, bank_lacks_file=True)

    def give_back(self, number: int) -> None:
        payout = self._one_of(Payout, number)
        reason = list(ReturnReason)[number % len(ReturnReason)]
        words = {"reason": reason, "returned_on": self.today}
        returning.give_back(payout.id, **words, by=self.operators[1], now=self.now)

    # What changes meanwhile

    def change_account(self, number: int) -> None:
        factories.make_bank_account(self.cast(number), now=self.now)

    def confirm(self, number: int) -> None:
        account = bank_accounts.find(self.casts[number % 2])
        assert account
        account_reviews.accept(account.id, by=self.operators[0], now=self.now)

    def change_price(self, number: int) -> None:
        points, percent = PRICES[number // 2 % len(PRICES)]
        prices.add(
            rank=(Rank.BLUE, Rank.BLACK)[number % 2],
            holds_from=self.today + DAY,
            price_points=points,
            reward_percent=percent,
            slot_points=3 * points - number,
            by=self.operators[0],
            now=self.now,
        )

    def change_rank(self, number: int) -> None:
        cast = self.cast(number)
        rank = Rank.BLACK if cast.rank is Rank.BLUE else Rank.BLUE
        words = {"rank": rank, "holds_from": self.today + DAY, "words": ""}
        made = invitations.invite(cast.account_id, **words, by=self.operators[0], now=self.now)
        invitations.answer(made.id, accepts=True, by=cast.account_id, now=self.now)

    def change_tax(self, number: int) -> None:
        tax_class = list(WithholdingClass)[number // 2 % len(WithholdingClass)]
        words = {"tax_class": tax_class, "holds_from": self.today + number % 3 * DAY}
        cast_id = self.casts[number % 2]
        withholding.write(cast_id, **words, by=self.operators[0], now=self.now)

    def change_fee(self, number: int) -> None:
        fee = fee_rows.Fee(
            from_yen=(0, 5_000, 30_000)[number % 3],
            fee_yen=(0, 110, 145, 330, 660)[number % 5],
            holds_from=self.today + number % 2 * DAY,
        )
        fee_rows.add(fee, by=self.operators[0], now=self.now)

    def change_bearer(self, number: int) -> None:
        factories.make_remitter(cast_bears_fee=number % 2 == 0, now=self.now)

    # The end

    def finish(self) -> None:
        """Everybody does their work: cases are decided, months closed, and what waits is paid."""
        self.night(0)
        while self.do("decide", 0):
            pass
        for batch in session.scalars(select(PayoutBatch).order_by(PayoutBatch.id)).all():
            if batch.state in {BatchState.MADE, BatchState.APPROVED}:
                batches.withdraw(batch.id, by=self.operators[0], now=self.now, bank_lacks_file=True)
            elif batch.state is BatchState.ACCEPTED:
                self._mark_paid(batch)
        self.month(0)
        self.do("confirm", 0)
        self.do("confirm", 1)
        while self.do("pay_day", 0):
            for step in ("approve", "accept", "mark_paid"):
                assert self.do("go_on", 0), step
        self.month(0)

    def _go_on(self, until: datetime) -> None:
        self.now = max(self.now, until)

    def _one_of(self, table: type[Row], number: int) -> Row:
        """The number-th latest of what there is."""
        found = session.scalars(select(table).order_by(table.id.desc()).offset(number).limit(1))
        one = found.one_or_none()
        if one is None:
            raise Refused(_NOTHING_THERE)
        return one

    def _nth(self, of: Sequence[Thing], number: int) -> Thing:
        if not of:
            raise Refused(_NOTHING_THERE)
        return of[number % len(of)]
