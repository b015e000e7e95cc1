"""`python -m bench [charges casts bookings closing batches file hooks rooms starting weight] [--write]`: measure, and print a table."""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

from app import clock
from bench import (
    banks_file,
    batches,
    bookings,
    casts,
    charges,
    closing,
    hooks,
    rooms,
    starting,
    weight,
)
from bench.figures import Figure, table

PARTS = {
    "charges": charges.measure,
    "casts": casts.measure,
    "bookings": bookings.measure,
    "closing": closing.measure,
    "hooks": hooks.measure,
    "rooms": rooms.measure,
    "file": banks_file.measure,
    "batches": batches.measure,
    "starting": starting.measure,
    "weight": weight.measure,
}


PAGE = Path(__file__).parent.parent / "docs" / "measured.md"
TEXT = """# Measured

What `make bench` found, each figure beside its floor: the least that does the same work on the
same server, measured in turns in the same run (medians). A floor is a hand-written minimum of the
same work, the same thing at a small size, or pgbench; `bench/` says which. Figures vary by a
quarter from run to run; the ratios vary less.

{table}

{machine}, {day}. `python -m bench --write` renews this page.
"""


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="part")
    asked.add_argument("--write", action="store_true", help=f"also into {PAGE.name}")
    options = asked.parse_args()
    found: list[Figure] = []
    began = time.perf_counter()
    for part in options.parts or PARTS:
        for figure in PARTS[part]():
            print(" · ".join(cell for cell in figure.cells if cell), flush=True)
            found.append(figure)
    print(f"\n{table(found)}\n\n{time.perf_counter() - began:.0f} s")
    if options.write:
        PAGE.write_text(
            TEXT.format(table=table(found), machine=_machine(), day=f"{clock.now():%Y-%m-%d}")
        )
    if any(figure.reached is False for figure in found):
        sys.exit(1)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
