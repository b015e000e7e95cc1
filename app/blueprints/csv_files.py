"""Tables as CSV files that spreadsheets open: UTF-8 with its mark, and no cell that they would compute."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

COMPUTES = ("=", "+", "-", "@", "\t", "\r")  # what a cell of text may not begin with


def csv_file(name: str, head: Sequence[object], lines: Iterable[Sequence[object]]) -> Response:
    """The answer with which the browser saves a file of this name.

    It is written whole before it is sent, so that a fault half way is a fault, and no short file.
    """
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_safe(cell) for cell in head])
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")  # Excel needs it
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _safe(cell: object) -> object:
    """Numbers as they are; text that a spreadsheet would take for a formula, behind an apostrophe."""
    if cell is None or isinstance(cell, int):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(COMPUTES) else text
