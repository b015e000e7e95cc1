"""What Caddy lets through: the real one, with our own files, before a stand-in for the app."""

import http.server
import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection

import pytest

from run import free_port
from tests.deploy.conftest import HERE


class App(http.server.BaseHTTPRequestHandler):
    """Says what reached it."""

    def do_POST(self):
        body = f"{self.path} {self.headers['X-Forwarded-Port']} {self.headers['X-Forwarded-For']}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *said):
        pass


class Proxy:
    def __init__(self, ports, log):
        self.ports = ports
        self.log = log

    def ask(self, site, path, **headers):
        """Ask for exactly this path, as no browser would."""
        with closing(HTTPConnection("127.0.0.1", self.ports[site], timeout=20)) as connection:
            connection.request("POST", path, body=b"", headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def app_port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def run_caddy(app_port, tmp_path_factory):
    """run_caddy(): Caddy with our files."""
    if not shutil.which("caddy"):
        pytest.skip("caddy is missing, so nobody has tried its files: apt install caddy")
    running = []

    def run(*, senders="192.0.2.1", upstreams=""):  # not where these tests come from
        folder = tmp_path_factory.mktemp("caddy")
        ports = {name: free_port() for name in ("app", "meet", "admin")}
        environment = {
            "PATH": os.environ["PATH"],
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "CADDY_ADMIN": f"127.0.0.1:{ports['admin']}",
            "ACME_EMAIL": "keeper@talk.example",
            "SITES": "*",
            "BASE_HOST": f"http://127.0.0.1:{ports['app']}",
            "JITSI_HOST": f"http://127.0.0.1:{ports['meet']}",
            "VIDEO_SENDERS": senders,
            "WEB_UPSTREAMS": f"127.0.0.1:{app_port} {upstreams}",
        }
        with (folder / "log").open("w") as log:
            command = ["caddy", "run", "--config", HERE / "proxy" / "Caddyfile"]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        running.append(process)
        _wait_for(ports["meet"])
        return Proxy(ports, folder / "log")

    yield run
    for process in running:
        process.terminate()
        process.wait(20)


def _wait_for(port):
    by = time.monotonic() + 20
    while time.monotonic() < by:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("Caddy does not answer")


@pytest.fixture(scope="module")
def proxy(run_caddy):
    return run_caddy()


@pytest.mark.parametrize(
    "path", ["/", "/casts", "/hooks/payments/stripe", "/healthz", "/hooksmith"]
)
def test_people_and_the_payment_gateway_reach_the_app(proxy, path):
    status, said = proxy.ask("app", path)

    assert status == 200
    assert said.startswith(f"{path} ")


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/video",
        "/hooks/video/",
        "/HOOKS/video",
        "//hooks/video",
        "/hooks//video",
        "/hooks%2Fvideo",
        "/hooks/payments/../video",
        "/hooks/payments/%2e%2e/video",
        "/hooks",
        "/hooks/anything",
    ],
)
def test_no_stranger_reaches_another_hook(proxy, path):
    assert proxy.ask("app", path) == (404, "")


def test_a_video_server_elsewhere_may_be_let_in(run_caddy):
    proxy = run_caddy(senders="192.0.2.1 127.0.0.1")

    assert proxy.ask("app", "/hooks/video")[0] == 200


def test_a_web_process_that_is_away_is_passed_by(run_caddy):
    proxy = run_caddy(upstreams=f"127.0.0.1:{free_port()}")

    assert {proxy.ask("app", "/")[0] for _ in range(5)} == {200}


@pytest.mark.parametrize("path", ["/talk", "/talk/end", "/TALK/rooms", "//talk/end", "/talk%2Fend"])
def test_no_stranger_reaches_the_orders_of_prosody(proxy, path):
    assert proxy.ask("meet", path) == (404, "")


def test_jitsi_itself_is_passed_on(proxy):
    status, _ = proxy.ask("meet", "/external_api.js")

    assert status == 502  # asked for, but here is no such host


def test_the_app_is_told_who_asked_and_believes_no_port_of_his(proxy):
    headers = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Port": "99"}

    _, said = proxy.ask("app", "/", **headers)

    assert said == "/ None 127.0.0.1"


def test_a_ticket_does_not_stand_in_the_log(proxy):
    proxy.ask("meet", "/room?jwt=a-ticket&lang=ja")

    log = proxy.log.read_text()
    assert "/room?" in log
    assert "lang=ja" in log
    assert "a-ticket" not in log


def test_only_the_named_sites_are_served(installed):
    alone = installed.services("jitsi/compose.yaml")["caddy"]["environment"]
    whole = installed.services("compose.yaml")["caddy"]["environment"]

    assert (alone["SITES"], whole["SITES"]) == ("meet", "*")
    sites = {file.stem for file in (HERE / "proxy" / "sites").iterdir()}
    assert sites == {"app", "meet"}
