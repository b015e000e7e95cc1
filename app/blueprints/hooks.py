"""What payment gateways post to us: signed, and of effect once."""

import logging

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from app import clock
from app.blueprints.inlet import said
from app.errors import Refused
from app.purchases import settling
from app.purchases.gateways import GATEWAYS, sandbox
from app.purchases.models import OrderState
from app.talks import metering

log = logging.getLogger(__name__)
PAYMENT_NOTICE_BYTES = 10_000
bp = Blueprint("hooks", __name__, url_prefix="/hooks")


@bp.post("/payments/<gateway>")
def payment(gateway: str) -> ResponseReturnValue:
    """A gateway tells how a payment went. What we cannot place is kept for the operator."""
    settings = current_app.config["SETTINGS"]
    if gateway != settings.payments:  # the sandbox, say, where real money is taken
        abort(404)
    request.max_content_length = PAYMENT_NOTICE_BYTES
    now = clock.now()
    notice = GATEWAYS[gateway].read_notice(
        request.get_data(cache=False),
        request.headers.get(sandbox.HEADER),
        secrets=(settings.payment_notice_secret,),
        now=now,
    )
    order = settling.settle(notice, now=now)
    if order and order.state is OrderState.PAID:
        metering.balance_changed(order.guest_id, now=now)
    return {"settled": order is not None}


@bp.errorhandler(Refused)
def refuse(refusal: Refused) -> ResponseReturnValue:
    """Machines get codes and the bare text; the log gets who asked."""
    problems = said(refusal)
    log.warning("%s refused from %s: %s", request.path, request.remote_addr, problems)
    return {"problems": problems}, refusal.status
