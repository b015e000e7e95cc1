"""How long the product takes to start again, and what its processes weigh in memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median

import psutil

import run
from bench.figures import Figure, below
from bench.load import get, press

STARTS = 3
VISITS = 3_000  # before the memory is looked at
GOAL_SECONDS = 5
GOAL_MEGABYTES = 120
# `make run` keeps its data in the checkout; this is the same with data elsewhere.
START = """
import sys, pathlib, run
with run.product(pathlib.Path(sys.argv[1]), port=int(sys.argv[2])):
    print("up", flush=True)
    sys.stdin.read()
"""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with _product(Path(folder)):
            pass  # the first time: the engines, the tables, the demo
        seconds = []
        for _ in range(STARTS):
            with _product(Path(folder)) as (taken, port, starter):
                seconds.append(taken)
                _visit(port)
                memory = _settled(starter)
        yield below(
            GOAL_SECONDS, what="start of the product, data there", ours=median(seconds), unit="s"
        )
        for name in ("web", "worker"):
            yield below(
                GOAL_MEGABYTES, what=f"memory of a {name} process", ours=memory[name], unit="MB"
            )


@contextmanager
def _product(folder: Path) -> Iterator[tuple[float, int, psutil.Process]]:
    port = run.free_port()
    began = time.perf_counter()
    starter = subprocess.Popen(
        [sys.executable, "-c", START, str(folder), str(port)],
        cwd=run.HERE,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdin
    assert starter.stdout
    said = next((line for line in starter.stdout if line == "up\n"), "")
    assert said, "the product did not start"
    try:
        yield time.perf_counter() - began, port, psutil.Process(starter.pid)
    finally:
        starter.stdin.close()
        starter.wait(30)
        starter.stdout.close()


def _environment() -> dict[str, str]:
    """Ours, but with compiled modules kept, as Python does by itself."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _visit(port: int) -> None:
    numbers = count()
    press(port, (get(f"/casts?n={next(numbers) // 3}") for _ in range(VISITS)), seconds=10)


def _settled(starter: psutil.Process) -> dict[str, float]:
    """The memory once it no longer grows: the worker is started last."""
    before, now = {}, _megabytes(starter)
    while before != now:
        time.sleep(2)
        before, now = now, _megabytes(starter)
    return now


def _megabytes(starter: psutil.Process) -> dict[str, float]:
    """The largest process of each kind; the web's are those that Granian's own process started."""
    programs = starter.children()
    workers = [each for each in programs if each.cmdline()[-1] == "worker.py"]
    web = [
        each
        for program in programs
        if "granian" in program.cmdline()
        for each in program.children()
    ]
    return {
        kind: round(max(each.memory_info().rss for each in processes) / 1e6)
        for kind, processes in (("web", web), ("worker", workers))
    }
