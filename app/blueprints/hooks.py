"""What other machines post to us: signed, kept once, answered at once. Reading it is a job's work."""

import logging

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app import clock, signatures
from app.errors import Refused
from app.jobs import later
from app.talks import jobs as talks
from app.video import inbox, wire

log = logging.getLogger(__name__)
bp = Blueprint("hooks", __name__, url_prefix="/hooks")


@bp.post("/video")
def video() -> ResponseReturnValue:
    request.max_content_length = wire.MESSAGE_BYTES
    received = inbox.receive(
        request.get_data(cache=False),
        request.headers.get(signatures.HEADER),
        secrets=current_app.config["SETTINGS"].video_event_secrets,
        now=clock.now(),
    )
    # Once is enough: the drain reads whatever waits, and the timetable what it missed.
    if received.kept and received.first:
        later(talks.drain)
    return {"kept": received.kept}


@bp.errorhandler(Refused)
def refuse(refusal: Refused) -> ResponseReturnValue:
    """Machines get codes and the bare text; the log gets who asked."""
    said = [{"code": each.code, "text": each.text % dict(each.values)} for each in refusal.problems]
    log.warning("%s refused from %s: %s", request.path, request.remote_addr, said)
    return {"problems": said}, refusal.status
