"""The payouts of one day, from their making to the day on which the bank has paid them (C57, C58).

Each step holds the batch's row, so of two operators who press at once the first has done it, and
the other is told how the batch stands. A second press of the same person changes nothing.
"""

from datetime import date, datetime

from sqlalchemy import exists, select, update

from app import audit, clock, workdays
from app.db import session
from app.errors import N_, Problem, Refused
from app.payouts import approving, banks_file, planning, remitters, statements
from app.payouts.left_out import LeftOut
from app.payouts.models import (
    BatchState,
    Claim,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    Remitter,
)
from app.payouts.planning import Planned

_STANDS = {
    BatchState.MADE: N_("This batch has not been approved yet."),
    BatchState.APPROVED: N_("This batch has been approved meanwhile. Please look at it again."),
    BatchState.ACCEPTED: N_("The bank has accepted this batch already. Please look at it again."),
    BatchState.PAID: N_("This batch is marked as paid already."),
    BatchState.WITHDRAWN: N_("This batch was withdrawn. Its claims wait for another batch."),
}


def why_not_make(pay_on: date, *, now: datetime) -> list[Problem]:
    """Why no batch can be made for this day; an empty list where one can."""
    problems = approving.why_not_pay_on(pay_on, now=now)
    if remitters.current() is None:
        text = N_("Who pays is not written down yet. Please fill in the settings of payouts first.")
        problems.append(Problem(code="no_remitter", text=text))
    return problems


def make(pay_on: date, *, by: int, now: datetime, form_key: str | None = None) -> PayoutBatch:
    """Bring all claims due until a day into payouts, one a cast. What cannot be paid waits on."""
    claims = _hold_waiting(pay_on)
    wanted = select(PayoutBatch).where(PayoutBatch.form_key == form_key)
    if form_key and (made := session.scalars(wanted).one_or_none()):
        return made
    problems, remitter = why_not_make(pay_on, now=now), remitters.current()
    if problems or remitter is None:
        raise Refused(*problems)
    planned = planning.plan(claims, pay_on=pay_on, remitter=remitter)
    if all(each.reason for each in planned):
        raise Refused(_NOTHING_CAN_BE_PAID if planned else _NOTHING_WAITS)
    batch = PayoutBatch(
        pay_on=pay_on, remitter_id=remitter.id, made_by=by, made_at=now, form_key=form_key
    )
    session.add(batch)
    session.flush()
    payouts = _enter(batch, planned)
    _note("made", batch, by=by, now=now, payouts=payouts)
    return batch


def take_out(payout_id: int, *, by: int, now: datetime) -> Payout:
    """Leave one cast out of a batch that is not approved yet; the claims wait for the next."""
    payout = session.get_one(Payout, payout_id)
    batch = hold(payout.batch_id)
    session.refresh(payout)
    if payout.state is PayoutState.WITHDRAWN:
        return payout
    refuse_unless(batch, BatchState.MADE)
    _free([payout.id], PayoutState.WITHDRAWN)
    _note("taken_out", batch, by=by, now=now, payout=payout.id, cast=payout.cast_id)
    session.refresh(payout)
    return payout


def approve(batch_id: int, *, by: int, now: datetime) -> PayoutBatch:
    """A second person stands for it: everything is looked at once more, and the file is written."""
    batch = hold(batch_id)
    if batch.state is BatchState.APPROVED and batch.approved_by == by:
        return batch
    refuse_unless(batch, BatchState.MADE)
    if batch.made_by == by:
        raise Refused(_ANOTHER_PERSON)
    if problems := approving.why_not_approve(batch, now=now):
        raise Refused(*problems)
    payouts = approving.payouts_of(batch)
    remitter = session.get_one(Remitter, batch.remitter_id)
    batch.file = banks_file.write(
        remitter, batch.pay_on, [approving.transfer_of(payout) for payout in payouts]
    )
    batch.file_sha256 = approving.hash_of(batch.file)
    batch.state, batch.approved_by, batch.approved_at = BatchState.APPROVED, by, now
    for payout, facts in zip(payouts, statements.facts_of(batch, payouts, now=now), strict=True):
        payout.statement = facts
    _note("approved", batch, by=by, now=now, sha256=batch.file_sha256, payouts=len(payouts))
    return batch


def hand_out(batch_id: int, *, by: int, now: datetime) -> bytes:
    """The file for the bank, the same bytes each time, and a line in the audit that it was taken.

    It names whole account numbers. One that the bank must not have any more is not handed out.
    """
    batch = hold(batch_id)
    refuse_unless(batch, BatchState.APPROVED, BatchState.ACCEPTED, BatchState.PAID)
    if batch.state is BatchState.APPROVED:
        _refuse_changed_accounts(batch)
    if batch.forgotten_at:
        raise Refused(_FILE_IS_FORGOTTEN)
    file = batch.file
    assert file is not None
    if approving.hash_of(file) != batch.file_sha256:
        raise Refused(_FILE_IS_BROKEN)
    batch.downloaded_at = batch.downloaded_at or now
    _note("downloaded", batch, by=by, now=now, sha256=batch.file_sha256)
    return file


def accept(batch_id: int, *, by: int, now: datetime) -> PayoutBatch:
    """The bank has taken the file: from here on the batch cannot be withdrawn.

    That is a fact, whatever became of the accounts since it was downloaded. To refuse it would send
    somebody to withdraw what the bank is about to pay, and the claims would be paid twice.
    """
    batch = hold(batch_id)
    if batch.state is BatchState.ACCEPTED and batch.accepted_by == by:
        return batch
    refuse_unless(batch, BatchState.APPROVED)
    if batch.downloaded_at is None:
        raise Refused(_NEVER_DOWNLOADED)
    batch.state, batch.accepted_by, batch.accepted_at = BatchState.ACCEPTED, by, now
    _note("accepted", batch, by=by, now=now)
    return batch


def mark_paid(batch_id: int, *, paid_on: date, by: int, now: datetime) -> PayoutBatch:
    """The bank has paid, on this day: what has not come back is paid (C57)."""
    batch = hold(batch_id)
    if batch.state is BatchState.PAID and (batch.paid_by, batch.paid_on) == (by, paid_on):
        return batch
    refuse_unless(batch, BatchState.ACCEPTED)
    if problems := _why_not_paid_on(paid_on, batch, now=now):
        raise Refused(*problems)
    batch.state, batch.paid_by = BatchState.PAID, by
    batch.paid_at, batch.paid_on = now, paid_on
    session.flush()
    waits = (Payout.batch_id == batch.id) & (Payout.state == PayoutState.WAITING)
    session.execute(update(Payout).where(waits).values(state=PayoutState.PAID))
    _note("paid", batch, by=by, now=now, paid_on=paid_on.isoformat())
    return batch


def withdraw(
    batch_id: int, *, by: int, now: datetime, bank_lacks_file: bool = False
) -> PayoutBatch:
    """Give a batch up before the bank has it; its claims wait for another.

    Once the file has left the house, whoever withdraws says that the bank lacks it: its transfers
    would be paid twice.
    """
    batch = hold(batch_id)
    if batch.state is BatchState.WITHDRAWN:
        return batch
    refuse_unless(batch, BatchState.MADE, BatchState.APPROVED)
    if batch.downloaded_at and not bank_lacks_file:
        text = N_("The file was downloaded. Please make sure first that the bank does not have it.")
        raise Refused(Problem(code="bank_may_have_it", about="bank_lacks_file", text=text))
    batch.state, batch.withdrawn_by, batch.withdrawn_at = BatchState.WITHDRAWN, by, now
    session.flush()
    wanted = select(Payout.id).where(Payout.batch_id == batch.id)
    _free(list(session.scalars(wanted)), PayoutState.WITHDRAWN)
    _note("withdrawn", batch, by=by, now=now)
    return batch


def hold(batch_id: int) -> PayoutBatch:
    """Steps of one batch come one after the other."""
    held = {"key_share": True}
    return session.get_one(PayoutBatch, batch_id, with_for_update=held, populate_existing=True)


def refuse_unless(batch: PayoutBatch, *states: BatchState) -> None:
    """Say how the batch stands, where somebody else was faster."""
    if batch.state not in states:
        raise Refused(Problem(code=f"is_{batch.state}", text=_STANDS[batch.state]))


def _hold_waiting(pay_on: date) -> list[Claim]:
    """Hold the claims that wait, and ask again which still do: two batches share none."""
    pays = exists().where(PayoutClaim.claim_id == Claim.id, PayoutClaim.live)
    wanted = select(Claim.id).where(Claim.pay_on <= pay_on, ~pays).order_by(Claim.id)
    held = set(session.scalars(wanted.with_for_update(key_share=True)))
    return [each for each in planning.waiting(until=pay_on) if each.id in held]


def _enter(batch: PayoutBatch, planned: list[Planned]) -> int:
    """Write down who is paid and who is left out; how many are paid."""
    session.add_all(
        LeftOut(
            batch_id=batch.id,
            cast_id=each.cast.account_id,
            yen=each.claimed_yen,
            reason=each.reason,
        )
        for each in planned
        if each.reason
    )
    paid = [each for each in planned if not each.reason]
    codes = planning.new_codes([each.account for each in paid if each.account])
    payouts = [
        approving.payout_of(batch, each, new_code=codes[each.cast.account_id]) for each in paid
    ]
    session.add_all(payouts)
    session.flush()
    session.add_all(
        PayoutClaim(payout_id=payout.id, claim_id=claim.id)
        for payout, each in zip(payouts, paid, strict=True)
        for claim in each.claims
    )
    session.flush()
    return len(payouts)


def _free(payout_ids: list[int], state: PayoutState) -> None:
    """Payouts that pay nothing after all: their claims wait again."""
    session.execute(update(Payout).where(Payout.id.in_(payout_ids)).values(state=state))
    of_these = PayoutClaim.payout_id.in_(payout_ids)
    session.execute(update(PayoutClaim).where(of_these).values(live=False))


def _refuse_changed_accounts(batch: PayoutBatch) -> None:
    if problems := approving.why_accounts_stop(batch):
        raise Refused(*problems, _WITHDRAW_IT)


def _why_not_paid_on(paid_on: date, batch: PayoutBatch, *, now: datetime) -> list[Problem]:
    if paid_on < batch.pay_on:
        text = N_("The bank pays on %(day)s at the earliest.")
        values = {"day": batch.pay_on.isoformat()}
        return [Problem(code="too_early", about="paid_on", text=text, values=values)]
    if paid_on > now.astimezone(clock.JAPAN).date():
        text = N_("This day is still to come.")
        return [Problem(code="to_come", about="paid_on", text=text)]
    if not workdays.is_bank_day(paid_on):
        return [Problem(code="no_bank_day", about="paid_on", text=approving.NO_BANK_DAY)]
    return []


def _note(did: str, batch: PayoutBatch, *, by: int, now: datetime, **facts: object) -> None:
    session.flush()
    audit.note(f"payout_batch.{did}", about=f"payout_batch:{batch.id}", by=by, now=now, **facts)


_NOTHING_WAITS = Problem(
    code="nothing_waits",
    text=N_("No claim waits for this day. Perhaps somebody has made the batch already."),
)
_NOTHING_CAN_BE_PAID = Problem(
    code="nothing_can_be_paid",
    text=N_("Of the claims that wait none can be paid yet; the list says why of each."),
)
_ANOTHER_PERSON = Problem(
    code="same_person",
    text=N_("You have made this batch yourself. Another person has to look at it and approve it."),
)
_WITHDRAW_IT = Problem(
    code="withdraw_it",
    text=N_(
        "The file is not valid any more. Unless the bank has it already, please withdraw the batch"
        " and make a new one."
    ),
)
_FILE_IS_FORGOTTEN = Problem(
    code="file_is_forgotten",
    text=N_("The time of these books is over, and the file has been deleted."),
)
_FILE_IS_BROKEN = Problem(
    code="file_is_broken",
    text=N_("The stored file does not fit its SHA-256. Please do not send it; withdraw the batch."),
)
_NEVER_DOWNLOADED = Problem(
    code="never_downloaded",
    text=N_("Nobody has downloaded the file yet, so the bank cannot have it."),
)
