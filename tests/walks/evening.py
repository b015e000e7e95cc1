"""An evening for walks: time goes by, other machines send what they send, and the worker works."""

import json
from datetime import timedelta

from app import account_letters, letters, signatures
from app.bookings import jobs as bookings
from app.desk import jobs as desk
from app.purchases.gateways import sandbox
from app.talks import jobs as talks
from tests.engines_of_tests import SECRET
from tests.evidence import BOTH
from tests.factories import NOON

JOBS = (
    *(talks.drain, talks.charge, talks.end, talks.bind, talks.settle),
    *(bookings.mark_soon, bookings.remind, desk.open_cases, letters.tell_of_bookings),
    account_letters.send_password_links,
)


class Evening:
    def __init__(self, at, queue, client):
        self.at, self.queue, self.client = at, queue, client
        self.now = NOON
        at(NOON)

    def pass_by(self, seconds):
        self.come_to(self.now + timedelta(seconds=seconds))

    def come_to(self, moment):
        assert moment >= self.now, "time does not go back"
        self.now = moment
        self.at(self.now)
        self.work()

    def work(self):
        self.queue.jobs.clear()
        for job in JOBS:
            self.do(job)

    def do(self, job):
        """One of the slower jobs, whose turn has come."""
        self.queue.do(job)

    def post(self, path, body, header):
        """Another machine tells us something, signed."""
        headers = {header: signatures.sign(body, secret=SECRET, now=self.now)}
        answer = self.client.post(path, data=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json

    def bring_payment_notices(self):
        notices = sandbox.notices_due(self.now)
        return [self.post("/hooks/payments/sandbox", n, sandbox.HEADER) for n in notices]

    def tell(self, room):
        """The video server sends what happened in a room."""
        events = [{k: v for k, v in e.items() if k != "boot"} for e in room.untold]
        room.untold = []
        message = json.dumps({"boot": room.boot, "events": events}).encode()
        return self.post("/hooks/video", message, signatures.HEADER)


def stay_together(evening, room, seconds):
    """Both are in the room for so long; the server says so every ten seconds."""
    start = (evening.now - NOON).total_seconds()
    room.join(*BOTH, at=start)
    evening.tell(room)
    for second in range(10, seconds + 1, 10):
        room.beat(start + second)
        evening.pass_by(10)
        evening.tell(room)
        evening.work()
