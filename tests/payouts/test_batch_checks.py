"""Each check of the books of payouts finds what it is there for, and nothing in good books."""

import pytest
from sqlalchemy import text, update

from app.casts import account_reviews
from app.db import session
from app.payouts import approving, checks, returning
from app.payouts.models import BatchState, PayoutBatch, ReturnReason
from tests import paying
from tests.factories import make_cast, make_operator
from tests.paying import PAY_DAY, make_batch, make_claim, payouts_of

HARM = {
    "the claims in it add up to": "UPDATE payout SET claimed_yen = claimed_yen + 1,"
    " transfer_yen = transfer_yen + 1",
    "of another cast": "UPDATE payout SET cast_id = (SELECT max(account_id) FROM talk_cast)"
    " WHERE id = (SELECT min(id) FROM payout)",
    "its claims are held otherwise": "UPDATE payout_claim SET live = false WHERE live",
    "in a batch that is": "UPDATE payout SET state = 'waiting' WHERE state = 'paid'",
    "its stamps say otherwise": "UPDATE payout_batch SET accepted_at = NULL WHERE state = 'paid'",
    "when, why": "UPDATE payout SET returned_on = NULL WHERE state = 'returned'",
    "without the facts": "UPDATE payout SET statement = NULL",
    "does not fit its SHA-256": "UPDATE payout_batch SET file_sha256 = 'no'"
    " WHERE file_sha256 IS NOT NULL",
    "pays something else": "UPDATE payout SET transfer_yen = transfer_yen - 1,"
    " withheld_yen = withheld_yen + 1",
    "is paid by 2 payouts": "UPDATE payout SET state = 'paid', returned_at = NULL"
    " WHERE state = 'returned'",
}

APPROVED = PayoutBatch.state == BatchState.APPROVED


@pytest.fixture(name="_books")
def _some_of_each():
    batch = make_batch(make_claim(), make_claim(), state=BatchState.PAID)
    returned = payouts_of(batch)[0]
    operator = make_operator().id
    words = {"reason": ReturnReason.OTHER, "returned_on": PAY_DAY}
    returning.give_back(returned.id, **words, by=operator, now=paying.on(PAY_DAY))
    account_reviews.accept(returned.bank_account_id, by=operator, now=paying.on(PAY_DAY))
    make_batch(make_claim(), state=BatchState.PAID)
    make_batch(make_claim(), state=BatchState.APPROVED)
    make_batch(make_claim(), state=BatchState.WITHDRAWN)
    make_cast()
    session.flush()


@pytest.mark.usefixtures("_books")
def test_good_books_have_nothing_to_say():
    assert checks.problems() == []


@pytest.mark.usefixtures("_books")
def test_what_does_not_agree_is_said():
    unheard = {words for words, act in HARM.items() if not _is_said(words, text(act))}
    garbage = {"file": b"none of the banks' making"}
    garbage["file_sha256"] = approving.hash_of(garbage["file"])
    if not _is_said("its file cannot be read", update(PayoutBatch).where(APPROVED).values(garbage)):
        unheard.add("its file cannot be read")

    assert unheard == set()


def _is_said(words, act):
    harm = session.begin_nested()
    session.execute(act)
    session.expire_all()
    said = checks.problems()
    harm.rollback()
    session.expire_all()
    return any(words in each for each in said)
