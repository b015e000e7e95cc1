"""`make run`: the whole product on one machine, from the engines to the demo data.

What it keeps lies below one folder (var/), so two checkouts run side by side.
"""

import fcntl
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path

import psutil

from app import demo, engines
from app.people.models import Role
from tools import translations

HERE = Path(__file__).parent
PYTHON = sys.executable
START_SECONDS = 60  # how long the web may take to answer
CRASH_SECONDS = 2  # a process that lives no longer than this is not started again
STOP_SECONDS = 8  # how long a process may take to end by itself
DOORS = {Role.GUEST: "/login", Role.CAST: "/cast/login", Role.OPERATOR: "/operator/login"}
SECRETS = (
    "SECRET_KEY",
    "VIDEO_EVENT_SECRETS",
    "VIDEO_TOKEN_SECRET",
    "PAYMENT_NOTICE_SECRET",
    "VAULT_KEYS",
    "MARKS_KEY",
)
GRANIAN = (
    *(PYTHON, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
    *("--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"),
    *("--log-level", "warning", "wsgi:app"),
)
# Below those that a system takes for connections going out, any of which may come between finding a
# port and listening on it; and from a place by chance, so that two processes do not meet.
PORTS = range(20_000, 32_768)
_ports = islice(cycle(PORTS), secrets.randbelow(len(PORTS)), None)
# glibc would give each thread a heap of its own, ten megabytes for nothing behind Python's one lock.
LEAN = {"MALLOC_ARENA_MAX": "1"}
# Both commands in one process: importing the house twice would take a second more.
PREPARE = (
    *(PYTHON, "-c"),
    "from flask.cli import cli; cli(['db', 'upgrade'], standalone_mode=False); cli(['demo'])",
)


class CannotRun(SystemExit):
    """Why the product cannot start here, for the person at the keyboard."""


class Product:
    """The processes of the product; one that dies is started again."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, tuple[str, ...]] = {}
        self.started_at: dict[str, float] = {}

    @property
    def url(self) -> str:
        return self.environment["BASE_URL"]

    def start(self, name: str, *command: str) -> None:
        """Start a process in a group of its own, so that Ctrl-C reaches only us."""
        self.processes[name] = subprocess.Popen(
            command, cwd=HERE, env=self.environment, process_group=0
        )
        self.commands[name] = command
        self.started_at[name] = time.monotonic()
        self._remember()

    def prepare(self) -> None:
        """Bring the tables up to date and fill an empty house."""
        done = subprocess.run(PREPARE, cwd=HERE, env=self.environment, process_group=0, check=False)
        if done.returncode:
            raise CannotRun("The database could not be prepared; the words above say why.")

    def wait_until_up(self) -> None:
        by = time.monotonic() + START_SECONDS
        while time.monotonic() < by and self.processes["web"].poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310
                return
            time.sleep(0.05)
        raise CannotRun("The web process does not answer; its words above say why.")

    def restart_the_dead(self) -> None:
        for name, process in list(self.processes.items()):
            if process.poll() is None:
                continue
            if time.monotonic() - self.started_at[name] < CRASH_SECONDS:
                raise CannotRun(f"{name} ends as soon as it starts; its words above say why.")
            print(f"{name} ended ({process.returncode}); starting it again", flush=True)
            _end_group(process.pid, signal.SIGKILL)
            self.start(name, *self.commands[name])

    def stop(self) -> None:
        groups = [process.pid for process in self.processes.values()]
        for group in groups:
            _end_group(group, signal.SIGTERM)
        by = time.monotonic() + STOP_SECONDS
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, by - time.monotonic()))
        for process in self.processes.values():
            _end_group(process.pid, signal.SIGKILL)
            process.wait()
        (self.folder / "processes.json").unlink(missing_ok=True)

    def _remember(self) -> None:
        """Write down what runs, so that the next start can end what a killed one left."""
        alive = {p.pid: psutil.Process(p.pid).create_time() for p in self.processes.values()}
        (self.folder / "processes.json").write_text(json.dumps(alive))


@contextmanager
def product(folder: Path, *, port: int, **settings: str) -> Iterator[Product]:
    """The product with its engines, data and demo, answering at its port while this is open."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as closing:
        closing.enter_context(_only_one(folder))
        _end_what_was_left(folder)
        _refuse_taken(port)
        translations.compile_all()
        urls = closing.enter_context(engines.running(folder / "engines"))
        environment = _environment(folder, urls, port, settings)
        running = Product(folder, environment)
        closing.callback(running.stop)
        running.start("web", *GRANIAN, "--port", str(port))
        running.prepare()
        running.wait_until_up()  # the others would only take its time
        running.start("worker", PYTHON, "worker.py")
        running.start("timetable", PYTHON, "worker.py", "--timetable")
        if environment.get("VIDEO_BACKEND", "embedded") == "embedded":  # else Prosody sends
            running.start("video", PYTHON, "-m", "flask", "video-bridge")
        running.start("demo", PYTHON, "-m", "flask", "demo", "--stay")
        yield running


def _environment(
    folder: Path, urls: engines.Engines, port: int, settings: dict[str, str]
) -> dict[str, str]:
    """The settings of all processes; `make flask` reads them from the file that this leaves.

    Secrets are made once. A fast clock (CLOCK_SPEED) goes on from its first start.
    """
    file = folder / "env"
    old = (
        dict(pair.split("=", 1) for pair in shlex.split(file.read_text())) if file.exists() else {}
    )
    speed = settings.get("CLOCK_SPEED") or os.environ.get("CLOCK_SPEED", "1")
    epoch = old.get("CLOCK_EPOCH") if old.get("CLOCK_SPEED") == speed else None
    own = {
        **{name: _secret(name, old) for name in SECRETS},
        "CLOCK_SPEED": speed,
        "CLOCK_EPOCH": epoch or str(int(time.time())),
        "FLASK_APP": "wsgi:app",
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        **settings,
    }
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in own.items()))
    return {**os.environ, **LEAN, **own}


def _secret(name: str, old: dict[str, str]) -> str:
    return os.environ.get(name) or old.get(name) or secrets.token_urlsafe(32)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"Another `make run` uses {folder}; stop that one first.") from None
        yield


def _end_what_was_left(folder: Path) -> None:
    """End the processes of an earlier run that was killed; we hold the lock, so nobody needs them."""
    file = folder / "processes.json"
    left = json.loads(file.read_text()) if file.exists() else {}
    ended = []
    for pid, created_at in left.items():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(pid))
            if process.create_time() == created_at:
                ended += [process, *process.children(recursive=True)]
                _end_group(process.pid, signal.SIGKILL)
    by = time.monotonic() + STOP_SECONDS
    while any(map(_is_alive, ended)) and time.monotonic() < by:
        time.sleep(0.05)  # only then is the port free again


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _end_group(group: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, how)


def _refuse_taken(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as fault:
            raise CannotRun(
                f"Port {port} is not free ({fault.strerror}). Choose another: make run PORT={port + 1}"
            ) from None


def free_port() -> int:
    """A port of this machine on which nobody listens; never the same one twice."""
    return next(filter(_is_free, _ports))


def _is_free(port: int) -> bool:
    with socket.socket() as listener, suppress(OSError):
        listener.bind(("127.0.0.1", port))
        return True
    return False


def main() -> None:
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.default_int_handler)
    began = psutil.Process().create_time()
    with (
        suppress(KeyboardInterrupt),
        product(HERE / "var", port=int(os.environ.get("PORT", "5000"))) as running,
    ):
        print(f"\n  {running.url}   ({time.time() - began:.1f} s; Ctrl-C stops all)\n")
        for role, email in [*demo.LOGINS.items(), (Role.OPERATOR, demo.SECOND_OPERATOR)]:
            print(f"  {role:9} {email:22} {demo.PASSWORD}   {running.url}{DOORS[role]}")
        print(flush=True)
        try:
            while True:
                time.sleep(0.5)
                running.restart_the_dead()
        finally:
            # One Ctrl-C is enough; a second one must not interrupt the stopping.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("stopping ...", flush=True)


if __name__ == "__main__":
    main()
