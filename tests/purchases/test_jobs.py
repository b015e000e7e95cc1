import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app import signatures
from app.db import session
from app.purchases import jobs, orders
from app.purchases.gateways import sandbox
from tests.factories import NOON, make_guest

SECRET = "only-for-tests-and-at-least-32-characters"


class Hook(BaseHTTPRequestHandler):
    """A house that writes down what it is told, and answers as it is asked to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, body, self.headers[sandbox.HEADER]))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def house(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.told, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("BASE_URL", f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def paid_order():
    order = orders.confirm(
        make_guest().id,
        points=500,
        price_yen=500,
        form_key="one screen",
        shown={},
        gateway="sandbox",
        back_to="/points",
        now=NOON,
    )
    sandbox.GATEWAY.begin(order)
    sandbox.choose_card(order.public_id, sandbox.Card.GOOD, now=NOON)
    session.commit()
    return order.public_id


def test_a_notice_is_posted_signed_and_not_again_once_taken(house, paid_order, at):
    at(NOON)
    jobs.send_sandbox_notices()
    at(NOON + sandbox.AGAIN_AFTER)
    jobs.send_sandbox_notices()

    [(path, body, signature)] = house.told
    assert path == "/hooks/payments/sandbox"
    assert paid_order.encode() in body
    signatures.check(body, signature, secrets=[SECRET], now=NOON)


def test_a_notice_that_was_not_taken_is_sent_again_later(house, paid_order, at):
    house.answer = 500
    at(NOON)
    jobs.send_sandbox_notices()
    jobs.send_sandbox_notices()
    assert len(house.told) == 1

    house.answer = 200
    at(NOON + sandbox.AGAIN_AFTER)
    jobs.send_sandbox_notices()
    assert len(house.told) == 2


def test_a_house_that_is_away_is_no_fault(paid_order, at, monkeypatch):
    at(NOON)
    monkeypatch.setenv("BASE_URL", "http://127.0.0.1:9")

    jobs.send_sandbox_notices()

    assert len(sandbox.notices_due(NOON + sandbox.AGAIN_AFTER)) == 1


def test_there_is_no_messenger_where_people_really_pay(house, paid_order, at, monkeypatch):
    at(NOON)
    monkeypatch.setenv("PAYMENTS", "stripe")

    jobs.send_sandbox_notices()

    assert house.told == []
