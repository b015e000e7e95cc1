"""The sandbox gateway's messenger: it brings the notices to our hook as a real gateway would."""

import logging
import urllib.request

from app import clock, signatures
from app.config import Settings
from app.jobs import periodic, transaction
from app.purchases.gateways import sandbox

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10


@periodic
def send_sandbox_notices() -> None:
    """Post what the sandbox has to say, and send again later what nobody answered.

    No transaction is open while we wait for the answer.
    """
    settings = Settings.read()
    if settings.payments != sandbox.GATEWAY.name:
        return
    with transaction():
        notices = sandbox.notices_due(clock.now())
    for notice in notices:
        if _is_taken(notice, settings):
            with transaction():
                sandbox.answered(notice, now=clock.now())


def _is_taken(notice: bytes, settings: Settings) -> bool:
    secret, now = settings.payment_notice_secret, clock.now()
    request = urllib.request.Request(  # noqa: S310 - our own BASE_URL
        f"{settings.base_url}/hooks/payments/{sandbox.GATEWAY.name}",
        data=notice,
        headers={
            "Content-Type": "application/json",
            sandbox.HEADER: signatures.sign(notice, secret=secret, now=now),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError as fault:
        log.warning("a payment notice was not taken and will be sent again: %s", fault)
        return False
