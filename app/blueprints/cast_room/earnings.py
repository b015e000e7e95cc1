"""報酬: what each talk of a month earns, where it stands and when it is paid; by day, month and as a file."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_skeleton
from flask import Response, abort, render_template, request
from flask_babel import get_locale, gettext, ngettext

from app import clock, workdays
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.csv_files import csv_file
from app.blueprints.reward_words import LOOKS, REASONS, STATES
from app.clock import JAPAN
from app.guards import casts_only, me
from app.payouts import claim_lists, earned, ledger
from app.payouts.ledger import Earning
from app.talks import calling
from app.web import Answer

YEARS = range(2000, 9000)


@bp.get("/earnings")
@casts_only
def earnings() -> Answer:
    """A month, newest talk first; `before` is the end of the last talk of the page above."""
    now = clock.now()
    month = _month(now)
    lines = ledger.of_month(me().id, month, now=now, before=_before())
    return render_template(
        "cast_room/earnings.html",
        call=calling.call_of(me().id, now=now),
        month=month,
        month_words=month_words,
        this_month=now.astimezone(JAPAN).date().replace(day=1),
        previous=(month - workdays.DAY).replace(day=1),
        following=workdays.first_of_next(month),
        in_month=earned.in_month(me().id, month, now=now),
        in_year=earned.in_year(me().id, month.year),
        lines=lines,
        before=lines[-1].served_at if len(lines) >= ledger.PAGE else None,
        sums=ledger.open_of(me().id, now=now),
        unpaid=claim_lists.unpaid(me().id),
        states=STATES,
        looks=LOOKS,
        reasons=REASONS,
        midnight=clock.start_of,
    )


@bp.get("/earnings/file")
@casts_only
def earnings_file() -> Answer | Response:
    """The month as CSV, for the cast's own books."""
    now = clock.now()
    month = _month(now)
    lines = ledger.all_of_month(me().id, month, now=now)
    heads = [
        gettext("Ended at (Japan time)"),
        gettext("Guest"),
        gettext("Kind"),
        gettext("Minutes or slots"),
        gettext("Reward (yen)"),
        gettext("Returned to the guest (yen)"),
        gettext("Claimed (yen)"),
        gettext("State"),
        gettext("Reason"),
        gettext("Pay day"),
    ]
    return csv_file(f"earnings-{month:%Y-%m}", heads, [_cells(line) for line in lines])


def _cells(line: Earning) -> Sequence[object]:
    return (
        f"{line.served_at.astimezone(JAPAN):%Y-%m-%d %H:%M}",
        line.guest,
        gettext("Reserved") if line.booking_id else gettext("Walk-in"),
        units_words(line),
        line.counted_yen,
        line.returned_yen,
        line.claimed_yen,
        STATES[line.state],
        REASONS.get(line.reason, ""),
        line.pay_on or "",
    )


def units_words(line: Earning) -> str:
    if line.booking_id:
        return str(ngettext("%(num)s slot", "%(num)s slots", line.units))
    return str(ngettext("%(num)s minute", "%(num)s minutes", line.units))


def month_words(month: date) -> str:
    """2026年11月, or November 2026."""
    return str(format_skeleton("yMMMM", month, locale=get_locale()))


def _month(now: datetime) -> date:
    """The month that the address names, 2026-11; this month where it names none."""
    said = request.args.get("month")
    if said is None:
        return now.astimezone(JAPAN).date().replace(day=1)
    try:
        month = date.fromisoformat(f"{said}-01")
    except ValueError:
        abort(404)
    return month if month.year in YEARS else abort(404)


def _before() -> datetime | None:
    if "before" not in request.args:
        return None
    try:
        before = datetime.fromisoformat(request.args["before"])
    except ValueError:
        abort(404)
    return before if before.tzinfo and before.year in YEARS else abort(404)
