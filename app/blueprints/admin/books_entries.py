"""What stands behind a figure of the books: entries, lots, talks, payouts, by page or as a file."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import abort, render_template, request, url_for
from flask_babel import lazy_gettext as _

from app import clock
from app.blueprints.admin.books import FRAME, KINDS, LINES, STATES, today
from app.blueprints.admin.talks import bp
from app.blueprints.csv_files import csv_file
from app.books import listing, unused
from app.books.listing import PAGE, WHOLE, EntryLine, LotLine, PayoutLine, RewardLine
from app.books.movements import Line
from app.clock import Span
from app.guards import operators_only
from app.points.models import Kind
from app.web import Answer

FIRST_DAY = date(2000, 1, 1)
OLDEST_MARK = "~"  # between the moment and the number of a page's last talk


@bp.get("/books/entries")
@operators_only
def books_entries() -> Answer:
    """Movements of points: of some days, one kind and some lines, as the address says."""
    kind, lines = _kind(), _lines()
    found = listing.entries(
        _span(), kind=kind, lines=lines, limit=PAGE, before=request.args.get("before", type=int)
    )
    return render_template(
        "admin/books/entries.html",
        found=found,
        kind=kind,
        chosen=lines,
        kinds=KINDS,
        lines=LINES,
        older=_older(found[-1].id) if len(found) == PAGE else None,
        **_frame(),
    )


@bp.get("/books/entries.csv")
@operators_only
def books_entries_file() -> Answer:
    span, kind, lines = _span(), _kind(), _lines()

    def page(before: int | None) -> Sequence[EntryLine]:
        return listing.entries(span, kind=kind, lines=lines, before=before, limit=WHOLE)

    head = (
        *(_("Entry"), _("Time"), _("Line"), _("Kind"), _("Lot"), _("Guest"), _("For"), _("Points")),
        _("Yen"),
    )
    found = listing.whole(page, lambda line: line.id)
    cells = (
        (
            *(each.id, _moment(each.at), LINES[each.line], KINDS[each.kind], each.lot_id),
            *(each.nickname, each.about, each.points, each.yen),
        )
        for each in found
    )
    return csv_file(f"books-entries-{_first()}-{_last()}", head, cells)


@bp.get("/books/rewards/<state>")
@operators_only
def books_rewards(state: str) -> Answer:
    """Talks and reservations with the yen that stand so."""
    before, now = _mark(), clock.now()
    found = listing.rewards(_state(state), _span(), now=now, limit=PAGE, before=before)
    older = _older(_mark_of(found[-1])) if len(found) == PAGE else None
    return render_template(
        "admin/books/rewards.html",
        found=found,
        state=state,
        states=STATES,
        older=older,
        **_frame(),
    )


@bp.get("/books/rewards/<state>.csv")
@operators_only
def books_rewards_file(state: str) -> Answer:
    span, now, wanted = _span(), clock.now(), _state(state)

    def page(before: tuple[datetime, int] | None) -> Sequence[RewardLine]:
        return listing.rewards(wanted, span, now=now, before=before, limit=WHOLE)

    found = listing.whole(page, lambda line: (line.served_at, line.number))
    cells = (
        (
            *(_moment(each.served_at), each.cast),
            f"talk:{each.talk_id}" if each.talk_id else f"booking:{each.booking_id}",
            each.yen,
        )
        for each in found
    )
    head = (_("End of the talk"), _("Cast"), _("Talk"), _("Yen"))
    return csv_file(f"books-rewards-{state}-{_first()}-{_last()}", head, cells)


@bp.get("/books/lots")
@operators_only
def books_lots() -> Answer:
    """Lots with unused paid points at the end of a day that end in one month."""
    day, month = _day("day", today()), _month()
    after = request.args.get("after", 0, type=int)
    found = listing.lots(day, month=month, limit=PAGE, after=after)
    more = _older(found[-1].id, name="after") if len(found) == PAGE else None
    return render_template(
        "admin/books/lots.html", found=found, day=day, month=month, more=more, **_frame()
    )


@bp.get("/books/lots.csv")
@operators_only
def books_lots_file() -> Answer:
    day, month = _day("day", today()), _month()

    def page(after: int | None) -> Sequence[LotLine]:
        return listing.lots(day, month=month, after=after or 0, limit=WHOLE)

    head = (
        *(_("Lot"), _("Guest"), _("Bought"), _("Hold until"), _("Points of the lot")),
        *(_("Unused"), _("Yen")),
    )
    cells = (
        (
            *(each.id, each.nickname, _moment(each.bought_at), _moment(each.holds_until)),
            *(each.issued, each.points, each.yen),
        )
        for each in listing.whole(page, lambda line: line.id)
    )
    return csv_file(f"books-lots-{day}-{month:%Y-%m}", head, cells)


@bp.get("/books/payouts")
@operators_only
def books_payouts() -> Answer:
    """Payouts that the bank carried out on some days, also those that came back."""
    found = listing.payouts(
        _first(), _last(), limit=PAGE, before=request.args.get("before", type=int)
    )
    older = _older(found[-1].id) if len(found) == PAGE else None
    return render_template("admin/books/payouts.html", found=found, older=older, **_frame())


@bp.get("/books/payouts.csv")
@operators_only
def books_payouts_file() -> Answer:
    first, last = _first(), _last()

    def page(before: int | None) -> Sequence[PayoutLine]:
        return listing.payouts(first, last, before=before, limit=WHOLE)

    head = (
        *(_("Day"), _("Cast"), _("State"), _("Claimed"), _("Income tax withheld")),
        *(_("Fee taken from the cast"), _("Fee of the bank"), _("Sent")),
    )
    cells = (
        (
            *(each.on, each.cast, _("came back") if each.came_back else _("paid out")),
            *(each.claimed, each.withheld, each.fee, each.bank_fee, each.sent),
        )
        for each in listing.whole(page, lambda line: line.id)
    )
    return csv_file(f"books-payouts-{first}-{last}", head, cells)


def _frame() -> dict[str, object]:
    """What every list has: its days, and the address of the same list as a file."""
    given = {name: values for name, values in request.args.lists() if name not in _PLACES}
    arguments = {**(request.view_args or {}), **given}
    file = url_for(f"{request.endpoint}_file", **arguments)
    return {"first": _first(), "last": _last(), "from_start": "first" not in request.args} | {
        "file": file,
        **FRAME,
    }


_PLACES = ("before", "after")  # of a page in its list


def _older(mark: object, *, name: str = "before") -> str:
    """The address of the next page of the same list."""
    given = {key: values for key, values in request.args.lists() if key not in _PLACES}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **given, name: mark})


def _span() -> Span:
    return Span(clock.start_of(_first()), unused.end_of_day(_last()))


def _first() -> date:
    return _day("first", FIRST_DAY)


def _last() -> date:
    return _day("last", today())


def _month() -> date:
    return _day("month", today().replace(day=1)).replace(day=1)


def _day(name: str, otherwise: date) -> date:
    """A day of the address; what is none was not made by a page of ours."""
    try:
        day = date.fromisoformat(request.args.get(name, otherwise.isoformat()))
    except ValueError:
        abort(404)
    return day if 2000 <= day.year < 2100 else abort(404)


def _kind() -> Kind | None:
    named = request.args.get("kind")
    if not named:
        return None
    return Kind(named) if named in set(Kind) else abort(404)


def _lines() -> list[Line]:
    named = request.args.getlist("line")
    return [Line(name) for name in named] if set(named) <= set(Line) else abort(404)


def _state(named: str) -> str:
    return named if named in STATES else abort(404)


def _mark() -> tuple[datetime, int] | None:
    """The last talk of the page above."""
    given = request.args.get("before")
    if not given:
        return None
    moment, _mark, number = given.partition(OLDEST_MARK)
    try:
        return datetime.fromisoformat(moment).astimezone(clock.JAPAN), int(number)
    except ValueError:
        abort(404)


def _mark_of(line: RewardLine) -> str:
    return f"{line.served_at.isoformat()}{OLDEST_MARK}{line.number}"


def _moment(at: datetime) -> str:
    """Time in Japan, as a spreadsheet reads it."""
    return f"{at.astimezone(clock.JAPAN):%Y-%m-%d %H:%M:%S}"
