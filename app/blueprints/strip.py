"""A receipt's strip of minutes in words, for both sides of the talk."""

from datetime import timedelta

from flask_babel import gettext

from app.talks.receipts import Piece, Receipt
from app.web import clock_time

# A minute of the talk before, which this one goes on from, was paid there.
LOOKS = {"paid_before": "before"}


def cells_of(receipt: Receipt, *, worth: str) -> list[dict[str, object]]:
    """Cells for the macro minutes_strip; `worth` says what a charged minute costs or earns."""
    return [
        {
            "kind": LOOKS.get(piece.kind, piece.kind),
            "number": piece.minute,
            "said": f"{_when(piece)} {_what(piece, worth)}",
        }
        for piece in receipt.strip
    ]


def _when(piece: Piece) -> str:
    end_at = piece.start_at + timedelta(seconds=piece.seconds)
    return f"{clock_time(piece.start_at)}–{clock_time(end_at)}"


def _what(piece: Piece, worth: str) -> str:
    match piece.kind:
        case "free":
            return gettext("Free")
        case "paid":
            return gettext("Minute %(n)s, %(worth)s", n=piece.minute, worth=worth)
        case "paid_before":
            return gettext("Minute %(n)s, charged in the talk before", n=piece.minute)
        case "returned":
            return gettext("Minute %(n)s, returned", n=piece.minute)
    return {
        "guest": gettext("Clock stopped: the guest was not connected"),
        "cast": gettext("Clock stopped: the cast was not connected"),
    }.get(piece.because, gettext("Clock stopped: nobody was connected"))
