"""Debian's Prosody with our module, as the tests start, stop, kill and ask it."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

from app.video.posting import post
from run import free_port
from tests.engines_of_tests import SECRET
from tests.jitsi import focus
from tests.processes import wait_until

HERE = Path(__file__).parent
MODULES = HERE.parent.parent / "jitsi" / "prosody"
# PROSODY may name another one, as a command: "chroot /somewhere prosody".
PROSODY = shlex.split(os.environ.get("PROSODY", "")) or [shutil.which("prosody") or "prosody"]
HIBERNATION_SECONDS = 4
PATIENCE_SECONDS = 30

CONFIG = """
daemonize = false
run_as_root = true
data_path = "{folder}"
pidfile = "{folder}/prosody.pid"
plugin_paths = {{ "{tests}", "{ours}" }}
modules_enabled = {{ "saslauth"; "disco"; "ping"; "http"; "bosh"; "websocket" }}
modules_disabled = {{ "s2s"; "offline"; "register"; "admin_socket"; "admin_shell" }}
interfaces = {{ "127.0.0.1" }}; local_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}; c2s_direct_tls_ports = {{ }}; legacy_ssl_ports = {{ }}
http_ports = {{ {http} }}; https_ports = {{ }}
component_ports = {{ {component} }}; component_interfaces = {{ "127.0.0.1" }}
c2s_require_encryption = false; allow_unencrypted_plain_auth = true
consider_websocket_secure = true; consider_bosh_secure = true; cross_domain_websocket = true
http_default_host = "meet.jitsi"
network_backend = "epoll"
log = {{ {{ levels = {{ min = "debug" }}, to = "file", filename = "{folder}/prosody.log" }} }}
admins = {{ "focus@auth.meet.jitsi" }}
storage = {{ smacks_h = "memory" }}
smacks_hibernation_time = {hibernation}; smacks_max_unacked_stanzas = 5

VirtualHost "auth.meet.jitsi"
  authentication = "internal_plain"

VirtualHost "meet.jitsi"
  authentication = "ticket"
  app_secret = "{secret}"
  modules_enabled = {{ "smacks"; "talk"; "reload"; {more} }}
  talk_app_url = "{app_url}"
  talk_secret = "{event_secret}"
  talk_former_secret = "{former_secret}"
  talk_heartbeat_seconds = {heartbeat}

Component "muc.meet.jitsi" "muc"
  restrict_room_creation = true
  storage = "memory"
  muc_room_cache_size = 10000
  muc_room_locking = false
  muc_room_default_public_jids = true
  muc_tombstones = false

Component "breakout.meet.jitsi" "muc"
  restrict_room_creation = true
  storage = "memory"
  muc_room_locking = false

Component "focus.meet.jitsi"
  component_secret = "{component_secret}"
"""


class Prosody:
    """One Prosody, through as many lives as a test wants. Seconds are of its own clock."""

    def __init__(self, folder, *, app_url, speed=1, epoch=0, **options):
        self.folder, self.speed, self.epoch = Path(folder), speed, epoch
        self.http, self.c2s, self.component = free_port(), free_port(), free_port()
        self.options = {
            "app_url": app_url,
            "secret": SECRET,
            "event_secret": SECRET,
            "former_secret": "",
            "heartbeat": 10 / speed,
            "hibernation": HIBERNATION_SECONDS,
            "more": "",
            **options,
        }
        self.process = self.focus = None

    @property
    def environment(self):
        fast = {"CLOCK_SPEED": str(self.speed), "CLOCK_EPOCH": str(self.epoch)}
        return {**os.environ, **fast, "LUA_INIT": f"@{HERE / 'prosody' / 'fast_clock.lua'}"}

    def now(self):
        """The moment by its clock."""
        seconds = self.epoch + (time.time() - self.epoch) * self.speed
        return datetime.fromtimestamp(seconds, UTC)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http}"

    def start(self, *, with_focus=True):
        self.write_config()
        account = self.folder / "auth%2emeet%2ejitsi" / "accounts" / "focus.dat"
        account.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "certs").mkdir(exist_ok=True)
        account.write_text(f'return {{ ["password"] = "{focus.PASSWORD}"; }};')
        with (self.folder / "output").open("a") as output:
            command = [*PROSODY, "--config", str(self.folder / "prosody.cfg.lua")]
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env=self.environment
            )
        wait_until(self._answers, lambda: f"no answer: {self.log()[-3000:]}")
        if with_focus:
            self.focus = subprocess.Popen(
                [sys.executable, "-m", "tests.jitsi.focus", str(self.c2s), str(self.component)],
                stdout=subprocess.PIPE,
                text=True,
            )
            assert self.focus.stdout.readline() == "here\n", self.log()[-3000:]

    def write_config(self, **changed):
        self.options |= changed
        text = CONFIG.format(
            folder=self.folder,
            tests=HERE / "prosody",
            ours=MODULES,
            c2s=self.c2s,
            http=self.http,
            component=self.component,
            component_secret=focus.COMPONENT_SECRET,
            **self.options,
        )
        (self.folder / "prosody.cfg.lua").write_text(text)

    def _answers(self):
        assert self.process.poll() is None, (self.folder / "output").read_text()
        with suppress(OSError):
            return self.ask("/talk/presence", {})
        return None

    def stop(self):
        """As an administrator stops it."""
        self._end(self.process.terminate)

    def kill(self):
        self._end(self.process.kill)

    def freeze(self, *, seconds):
        """Let it do nothing for so long."""
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def _end(self, how):
        if self.focus:
            self.focus.kill()
            self.focus.wait()
            self.focus.stdout.close()
            self.focus = None
        if self.process:
            how()
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def reload(self):
        """Load our module anew, while everybody stays."""
        post(
            f"{self.url}/reload",
            b"",
            secret=SECRET,
            now=self.now(),
            patience_seconds=PATIENCE_SECONDS,
        )

    def ask(self, path, asked, *, secret=None, now=None, signed=None):
        """What it answers to a signed order. Raises HTTPError where it refuses."""
        body = json.dumps(asked).encode()
        answer = post(
            self.url + path,
            body,
            signed=signed or path.encode() + b"." + body,
            secret=secret or self.options["event_secret"],
            now=now or self.now(),
            patience_seconds=10,
        )
        return json.loads(answer)

    def refusal(self, path, asked, **options):
        """Why it refuses: status and problem."""
        try:
            self.ask(path, asked, **options)
        except HTTPError as refusal:
            return HTTPStatus(refusal.code), json.load(refusal)["problem"]
        raise AssertionError("it was obeyed")

    def order(self, room, *, version=1, **wanted):
        return self.ask("/talk/rooms", {"rooms": [{"room": room, "version": version, **wanted}]})

    def people(self, room):
        """By session who is in a room; None where there is no such room."""
        found = self.ask("/talk/presence", {})["rooms"]
        people = [each["people"] for each in found if each["room"] == room]
        return {each["session"]: each for each in people[0]} if people else None

    def log(self):
        path = self.folder / "prosody.log"
        return path.read_text() if path.exists() else ""
