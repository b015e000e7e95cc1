"""`python -m bench [charges casts hooks starting weight] [--write]`: measure, and print a table."""

import argparse
import sys
import time

from bench import casts, charges, hooks
from bench.figures import Figure, table

PARTS = {"charges": charges.measure, "casts": casts.measure, "hooks": hooks.measure}


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="part")
    asked.add_argument("--write", action="store_true")
    options = asked.parse_args()
    found: list[Figure] = []
    began = time.perf_counter()
    for part in options.parts or PARTS:
        for figure in PARTS[part]():
            print(" · ".join(cell for cell in figure.cells if cell), flush=True)
            found.append(figure)
    print(f"\n{table(found)}\n\n{time.perf_counter() - began:.0f} s")
    if any(figure.reached is False for figure in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
