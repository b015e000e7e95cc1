"""A receipt in words, for both sides of the talk: the strip of minutes, what happened, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from app import clock
from app.talks.models import EndedBy, Party, Talk
from app.talks.receipts import Piece, Receipt

# A minute of the talk before, which this one goes on from, was paid there.
LOOKS = {"paid_before": "before"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the macro minutes_strip, and the same as a line of a table."""

    kind: str  # free, paid, returned, stopped or before
    number: str
    at: str  # 20:14:09
    span: str  # how long
    what: str
    worth: str  # of a minute that stands

    @property
    def said(self) -> str:
        return f"{self.at} {self.what}{', ' if self.worth else ''}{self.worth}"


def cells_of(receipt: Receipt, *, worth: str) -> list[Cell]:
    """The strip, piece by piece; `worth` says what a charged minute costs or earns."""
    return [_cell(piece, worth) for piece in receipt.strip]


def _cell(piece: Piece, worth: str) -> Cell:
    return Cell(
        kind=LOOKS.get(piece.kind, piece.kind),
        number="…" if piece.goes_on else str(piece.minute or ""),
        at=second(piece.start_at),
        span=span(piece.seconds),
        what=_what(piece),
        worth=worth if piece.kind == "paid" and not piece.goes_on else "",
    )


def _what(piece: Piece) -> str:
    if piece.kind == "stopped":
        return _whose_stop(piece)
    if piece.minute is None:
        return gettext("Free")
    if piece.kind == "paid" and piece.goes_on:
        return gettext("Minute %(n)s, the rest", n=piece.minute)
    return {
        "paid": gettext("Minute %(n)s", n=piece.minute),
        "free": gettext("Minute %(n)s, not charged", n=piece.minute),
        "returned": gettext("Minute %(n)s, returned", n=piece.minute),
        "paid_before": gettext("Minute %(n)s, charged in the talk before", n=piece.minute),
    }[piece.kind]


def _whose_stop(piece: Piece) -> str:
    return {
        "guest": gettext("Clock stopped: the guest was not connected"),
        "cast": gettext("Clock stopped: the cast was not connected"),
    }.get(piece.because, gettext("Clock stopped: nobody was connected"))


def notes_of(receipt: Receipt, *, viewer: Party) -> list[str]:
    """What happened in this talk, in sentences for one of the two."""
    if not receipt.shared:
        return [gettext("You two were never connected, so nothing was charged.")]
    return list(_notes(receipt, viewer))


def _notes(receipt: Receipt, viewer: Party) -> Iterator[str]:
    talk = receipt.talk
    if talk.carried and viewer is Party.GUEST:
        yield gettext("You came back within 5 minutes, so the clock of the talk before went on.")
    elif talk.carried:
        yield gettext(
            "The guest came back within 5 minutes, so the clock of the talk before went on."
        )
    for stop in receipt.stops:
        yield _stopped(stop, _other(talk, viewer), viewer)
    if talk.minutes_returned > talk.minutes_refunded:
        yield _returned(receipt, viewer)
    if talk.minutes_refunded:
        yield gettext("The office has returned %(n)s min of this talk.", n=talk.minutes_refunded)
    if talk.minutes_borne and viewer is Party.CAST:
        yield gettext("You are paid for %(n)s min of them all the same.", n=talk.minutes_borne)
    if talk.minutes_waived:
        yield gettext(
            "Minutes whose record came too late were not charged: %(n)s.", n=talk.minutes_waived
        )


def _stopped(stop: Piece, other: str, viewer: Party) -> str:
    values = {"time": second(stop.start_at), "span": span(stop.seconds), "name": other}
    if stop.because == viewer:
        return gettext(
            "From %(time)s the clock stood still for %(span)s: your connection was lost.", **values
        )
    if stop.because == "both":
        return gettext(
            "From %(time)s the clock stood still for %(span)s: the connection was lost.", **values
        )
    return gettext(
        "From %(time)s the clock stood still for %(span)s: %(name)s's connection was lost.",
        **values,
    )


def _returned(receipt: Receipt, viewer: Party) -> str:
    """Which minutes the metering took back, and why: cut short, and not by the guest (D4).

    Those that the office returned are the last that stood before.
    """
    talk = receipt.talk
    stood = talk.carried_minutes + talk.minutes_kept + talk.minutes_refunded
    numbers = {
        piece.minute
        for piece in receipt.strip
        if piece.kind == "returned" and (piece.minute or 0) > stood
    }
    if not numbers or talk.ended_by in {None, EndedBy.GUEST}:
        return gettext(
            "The whole record shows %(n)s min less together than first charged; they were returned.",
            n=talk.minutes_returned - talk.minutes_refunded,
        )
    values = {
        "minutes": ", ".join(str(n) for n in sorted(filter(None, numbers))),
        "name": _other(talk, viewer),
    }
    if talk.ended_by and talk.ended_by.value == viewer:
        return gettext("Minute %(minutes)s was returned: it was cut short when you left.", **values)
    if talk.ended_by is EndedBy.CAST:
        return gettext(
            "Minute %(minutes)s was returned: it was cut short when %(name)s left.", **values
        )
    if talk.ended_by is EndedBy.LOST:
        return gettext(
            "Minute %(minutes)s was returned: it was cut short when the connection was lost.",
            **values,
        )
    return gettext(
        "Minute %(minutes)s was returned: it was cut short by the end of the talk.", **values
    )


def ending_of(talk: Talk, *, viewer: Party) -> str:
    """How the talk ended, for one of the two."""
    if talk.ended_by and talk.ended_by.value == viewer:
        return gettext("You left")
    left = gettext("%(name)s left", name=_other(talk, viewer))
    return {
        EndedBy.GUEST: left,
        EndedBy.CAST: left,
        EndedBy.BALANCE: gettext("The points were used up"),
        EndedBy.LOST: gettext("The connection did not come back for 5 minutes"),
        EndedBy.REPORT: gettext("A report ended it"),
        EndedBy.OPERATOR: gettext("The office ended it"),
        EndedBy.NEXT_RESERVATION: gettext("A reserved talk was about to start"),
        EndedBy.TIME: gettext("The reserved time was over"),
        None: gettext("The talk is still going on."),
    }[talk.ended_by]


def _other(talk: Talk, viewer: Party) -> str:
    return talk.cast.name if viewer is Party.GUEST else talk.guest.nickname


def second(at: datetime) -> str:
    """A moment in Japan to the second: 20:17:40."""
    return f"{at.astimezone(clock.JAPAN):%H:%M:%S}"


def span(seconds: float) -> str:
    """A length in words: 42 s, 1 min, 1 min 12 s."""
    minutes, rest = divmod(timedelta(seconds=round(seconds)).seconds, 60)
    if not minutes:
        return gettext("%(seconds)s s", seconds=rest)
    if not rest:
        return gettext("%(minutes)s min", minutes=minutes)
    return gettext("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
