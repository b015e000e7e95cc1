"""What a video server posts to a running house, signed as a real one signs."""

import json
import time
import urllib.request

from app import signatures
from app.clock import now


def tell(house, *, room, people):
    """All of these are in the room, and seen."""
    at = time.time()
    inside = [{"person": who, "session": f"{room}-{who}"} for who in people]
    happened = [{"kind": "joined", "room": room, **each} for each in inside]
    seen = [{**each, "idle": 1} for each in inside]
    happened.append({"kind": "heartbeat", "rooms": [{"room": room, "people": seen}]})
    events = [
        {"id": f"{room}-{seq}", "seq": seq, "at": at, **each} for seq, each in enumerate(happened)
    ]
    body = json.dumps({"boot": room, "events": events}).encode()
    secret = house.environment["VIDEO_EVENT_SECRETS"].split(",")[0]
    headers = {
        "Content-Type": "application/json",
        signatures.HEADER: signatures.sign(body, secret=secret, now=now()),
    }
    url = f"{house.url}/hooks/video"
    posted = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - ours
    with urllib.request.urlopen(posted, timeout=10) as answer:  # noqa: S310 - the same
        assert answer.status < 300
