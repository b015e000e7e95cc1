"""請求集計・申請: what can be claimed, the sum of it, claiming, and the claims so far (C52–C56)."""

from collections.abc import Sequence

from flask import abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext

from app import clock
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.claim_screen import ClaimScreen
from app.blueprints.reward_words import REASONS
from app.casts import bank_accounts
from app.errors import Problem, Refused
from app.guards import casts_only, me
from app.payouts import claim_lists, claims, ledger, payday
from app.talks import calling
from app.web import Answer, go, undone


@bp.get("/claims")
@casts_only
def claims_index() -> Answer:
    """What can be claimed and what waits for something else, and the claims so far."""
    now = clock.now()
    before = _before()
    lines = claim_lists.page(me().id, before=before)
    sums = ledger.open_of(me().id, now=now)
    return render_template(
        "cast_room/claims.html",
        call=calling.call_of(me().id, now=now),
        sums=sums,
        why_not=claims.why_not_claim(sums.payable, now=now),
        reasons=REASONS,
        lines=lines,
        is_first=before is None,
        pay_on=payday.of_claim(now.astimezone(clock.JAPAN).date()),
        before=lines[-1].claim.public_id if len(lines) == claim_lists.PAGE else None,
        account_problems=bank_accounts.why_not_work(me().id),
        midnight=clock.start_of,
    )


@bp.get("/claims/total")
@casts_only
def total() -> Answer:
    """集計する: the final screen, with the sum as of now; its button claims."""
    return _total()


@bp.post("/claims")
@casts_only
def make_claim() -> Answer:
    """請求する: claim what the final screen said. Pressing twice claims once."""
    now = clock.now()
    screen = ClaimScreen.read(request.form.get("form_key", ""), _secret(), person=me(), now=now)
    if screen is None:
        flash(gettext("That page was open for too long. Here is the list as it is now."))
        return go(url_for(".total"))
    try:
        made = claims.claim(me().id, shown=screen.talks, form_key=screen.key, by=me().id, now=now)
    except Refused as refusal:
        return _total(undone(refusal)), Refused.status
    return go(url_for(".show_claim", public_id=made.public_id))


@bp.get("/claims/<public_id>")
@casts_only
def show_claim(public_id: str) -> Answer:
    line = claim_lists.find(public_id, cast_id=me().id) or abort(404)
    return render_template(
        "cast_room/claim.html",
        call=calling.call_of(me().id, now=clock.now()),
        line=line,
        items=claim_lists.items_of(line.claim),
        account_problems=bank_accounts.why_not_work(me().id),
        midnight=clock.start_of,
    )


def _total(changed: Sequence[Problem] = ()) -> str:
    now = clock.now()
    earnings = ledger.claimable(me().id, now=now)
    screen = ClaimScreen.of(earnings, cast=me(), now=now)
    return render_template(
        "cast_room/claim_total.html",
        call=calling.call_of(me().id, now=now),
        earnings=earnings,
        yen=ledger.yen_of(earnings),
        signed=screen.sign(_secret()),
        made_at=now,
        pay_on=payday.of_claim(now.astimezone(clock.JAPAN).date()),
        changed=changed,
        why_not=claims.why_not_claim(earnings, now=now),
        account_problems=bank_accounts.why_not_work(me().id),
        midnight=clock.start_of,
    )


def _before() -> int | None:
    """The id of the claim that ends the page above, if the address names one."""
    if "before" not in request.args:
        return None
    line = claim_lists.find(request.args["before"], cast_id=me().id) or abort(404)
    return line.claim.id


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)
