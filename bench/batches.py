"""A batch of ten thousand payouts: made, looked at and approved; beside one of a tenth."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime

import psycopg

from app import clock, workdays
from app.casts import banks
from app.casts.bank_models import AccountKind, BankAccount
from app.db import session
from app.jobs import transaction
from app.payouts import approving, batch_lists, batches, fee_rows, remitters
from app.vault import vault
from bench import crowd
from bench.figures import Figure, at_most, below
from bench.house import house

MANY, FEW = 10_000, 1_000
TALKS = 100  # of each claim
GOAL_SECONDS, GOAL_LOOK_SECONDS = 20, 5
GOAL_LINEAR = 1.5

_LEGAL_NAMES = """
    INSERT INTO legal_name (account_id, family_name, given_name, family_kana, given_kana)
    SELECT account_id, '山田', '花子', 'ヤマダ', 'ハナコ' FROM talk_cast
"""
_CLAIMS = """
    INSERT INTO claim (public_id, cast_id, kind, items, yen, claimed_at, pay_on)
    SELECT md5(%(count)s || 'claim' || account_id), account_id, 'closing', %(talks)s,
           %(talks)s * 150, now(), %(pay_on)s
    FROM talk_cast ORDER BY account_id LIMIT %(count)s
"""
# Of talks that nobody looks for: what a batch pays stands in the claims.
_ITEMS = """
    INSERT INTO claim_item (claim_id, talk_id, served_at, units, yen)
    SELECT claim.id, claim.id * 1000 + n, now() - n * interval '7 hours', 3, 150
    FROM claim, generate_series(1, %(talks)s) AS n
    WHERE NOT EXISTS (SELECT FROM claim_item WHERE claim_id = claim.id)
"""


def measure() -> Iterator[Figure]:
    with house() as made, made.connect() as connection:
        now = clock.now()
        _people(connection, now)
        few = _Batch(connection, FEW, now=now)
        many = _Batch(connection, MANY, now=now)
    what = f"a batch of {MANY:,} payouts and {MANY * TALKS:,} talks"
    yield below(GOAL_SECONDS, what=f"making {what}", ours=many.make, unit="s")
    yield below(GOAL_LOOK_SECONDS, what="asking what speaks against it", ours=many.look, unit="s")
    yield below(GOAL_SECONDS, what="approving it: file and statements", ours=many.approve, unit="s")
    yield at_most(
        GOAL_LINEAR,
        what=f"a payout of it made and approved, beside one of {FEW:,}",
        ours=[(many.make + many.approve) / MANY * 1e3],
        floor=[(few.make + few.approve) / FEW * 1e3],
        unit="ms",
    )


class _Batch:
    """So many casts with a claim each, paid in one batch; and how long each step took."""

    def __init__(self, connection: psycopg.Connection, casts: int, *, now: datetime) -> None:
        pay_on = _next_bank_day(now.astimezone(clock.JAPAN).date())
        _claims(connection, casts, pay_on)
        maker, other = _operators(connection)
        self.make = _timed(lambda: batches.make(pay_on, by=maker, now=now))
        with transaction():
            batch, totals = batch_lists.lately()[0]
            batch_id = batch.id
            assert totals.payouts == casts, totals
        self.look = _timed(lambda: _look(batch_id, now=now))
        self.approve = _timed(lambda: batches.approve(batch_id, by=other, now=now))


def _look(batch_id: int, *, now: datetime) -> None:
    problems = approving.why_not_approve(batches.hold(batch_id), now=now)
    assert not problems, problems[:3]


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    with transaction():
        act()
    return time.perf_counter() - began


def _people(connection: psycopg.Connection, now: datetime) -> None:
    crowd.casts(connection, MANY, sentences=0)
    connection.execute(_LEGAL_NAMES)
    connection.execute(crowd.ACCOUNTS, {"role": "operator", "count": 2})
    cast_ids = [row[0] for row in connection.execute("SELECT account_id FROM talk_cast")]
    with transaction():
        _settings(now)
        session.add_all(_accounts(cast_ids, now))


def _claims(connection: psycopg.Connection, count: int, pay_on: date) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.execute(_CLAIMS, {"count": count, "talks": TALKS, "pay_on": pay_on})
    connection.execute(_ITEMS, {"talks": TALKS})
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


def _settings(now: datetime) -> None:
    ours = remitters.Settings(
        code="1234567890",
        name="カ）テストウンエイ",
        bank_code="0001",
        branch_code="001",
        account_number="1234567",
        cast_bears_fee=True,
    )
    remitters.write(ours, by=None, now=now)
    today = now.astimezone(clock.JAPAN).date()
    for from_yen, fee_yen in ((0, 110), (30_000, 330)):
        fee_rows.add(
            fee_rows.Fee(from_yen=from_yen, fee_yen=fee_yen, holds_from=today), by=None, now=now
        )


def _accounts(cast_ids: list[int], now: datetime) -> Iterator[BankAccount]:
    """Of casts at many banks: one after the other has another."""
    places = [
        (bank.code, branch.code)
        for words in ("", "shi", "to", "ka")
        for bank in banks.search_banks(words)
        for branch in banks.search_branches(bank.code, "")
    ]
    for number, cast_id in enumerate(cast_ids):
        bank_code, branch_code = places[number * 7919 % len(places)]
        yield BankAccount(
            account_id=cast_id,
            bank_code=bank_code,
            bank_name="銀行",
            branch_code=branch_code,
            branch_name="支店",
            kind=AccountKind.ORDINARY,
            number=f"{number:07}",
            number_mark=vault.mark(f"{bank_code}:{branch_code}:{number}"),
            holder="ﾔﾏﾀﾞ ﾊﾅｺ",
            holder_ok=True,
            added_at=now,
        )


def _operators(connection: psycopg.Connection) -> tuple[int, int]:
    found = connection.execute("SELECT id FROM account WHERE role = 'operator' ORDER BY id")
    first, second = (row[0] for row in found)
    return first, second


def _next_bank_day(day: date) -> date:
    while not workdays.is_bank_day(day):
        day += workdays.DAY
    return day
