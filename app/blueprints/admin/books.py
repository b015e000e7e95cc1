"""The operator's books: sales by month, the trial balance, and unused points; each opens to its entries."""

from datetime import date, datetime, timedelta

from flask import render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, ValidationError

from app import clock, policy
from app.blueprints.admin.talks import bp
from app.blueprints.csv_files import csv_file
from app.blueprints.fields import Day, of_this_century
from app.books import balance, months, rewards, unused
from app.books.balance import PointBalance
from app.books.months import Month
from app.books.movements import ISSUES, TAKES, Line
from app.guards import operators_only
from app.points.models import Kind
from app.web import Answer

CHARTED = 12  # months
DAY = timedelta(days=1)
LINES = {
    Line.BOUGHT: _("Bought"),
    Line.GIVEN: _("Given by the office"),
    Line.COMPENSATED: _("Given in place of points that came back too late"),
    Line.USED: _("Used"),
    Line.RETURNED: _("Returned to guests"),
    Line.EXPIRED: _("Expired"),
    Line.GIVEN_UP: _("Given up by guests who left"),
    Line.MOVED: _("Replaced by free points"),
    Line.UNKNOWN: _("Unknown"),
}
KINDS = {Kind.PAID: _("Paid points"), Kind.FREE: _("Free points")}
STATES = {
    "earned": _("Earned, as it stands now"),
    "borne": _("Borne by the house"),
    "pending": _("Not final yet"),
    "on_hold": _("On hold"),
    "payable": _("Can be claimed"),
    "claimed": _("Claimed, in no payout yet"),
    "in_payout": _("In a payout"),
    "paid": _("Paid out"),
}
WHERE_REWARDS_STAND = ("pending", "on_hold", "payable", "claimed", "in_payout", "paid")


def _has_come(_form: FlaskForm, given: Day) -> None:
    if given.data and given.data > today():
        raise ValidationError(_("This day is still to come."))


class DayForm(FlaskForm):  # type: ignore[misc]
    """The day at whose end one looks, from the address."""

    class Meta:  # noqa: D106 - it only asks
        csrf = False

    day = Day(
        _("At the end of"),
        validators=[InputRequired(_("Please give a day.")), of_this_century, _has_come],
    )


@bp.get("/books")
@operators_only
def books() -> Answer:
    """Sales, payouts and seals by month, the newest first."""
    return render_template("admin/books/months.html", **_months())


@bp.get("/books/months.csv")
@operators_only
def books_file() -> Answer:
    head = (
        *(_("Month"), _("State"), _("Used"), _("Expired"), _("Replaced by free points")),
        *(_("Sales"), _("Tax within"), _("Rewards"), _("Transfer fees of the house")),
        *(_("Left to the house"), _("Sent to casts"), _("Income tax withheld")),
        *(_("Transfer fees of casts"), _("Fees of the bank"), "SHA-256"),
    )
    return csv_file("books-months", head, map(_line_of, months.listed(clock.now())))


@bp.get("/books/balance")
@operators_only
def books_balance() -> Answer:
    """The trial balance at the end of a day: today's as of now."""
    form, day, status = _asked_day()
    points = balance.of_points(until_of(day))
    return render_template(
        "admin/books/balance.html",
        form=form,
        day=day,
        points=points,
        rewards=_rewards(day),
        kinds=KINDS,
        lines=LINES,
        issues=ISSUES,
        takes=TAKES,
        states=STATES,
        stands=WHERE_REWARDS_STAND,
        **FRAME,
    ), status


@bp.get("/books/balance.csv")
@operators_only
def books_balance_file() -> Answer:
    _form, day, _status = _asked_day()
    points = balance.of_points(until_of(day))
    stands = _rewards(day)
    lines = [line for side in points.values() for line in _lines_of(side)]
    lines += [("", STATES[name], None, getattr(stands, name)) for name in STATES]
    head = (_("Kind"), _("Line"), _("Points"), _("Yen"))
    return csv_file(f"books-balance-{day}", head, lines)


@bp.get("/books/unused")
@operators_only
def books_unused() -> Answer:
    """Unused paid points at the end of a day, by the month of their last day (facts: Japan 3.3)."""
    form, day, status = _asked_day()
    found = unused.at_end_of(day)
    return render_template(
        "admin/books/unused.html",
        form=form,
        found=found,
        balanced=balance.of_points(until_of(day))[Kind.PAID].unused.points,
        report_days=unused.report_days(clock.now()),
        alarm_yen=policy.UNUSED_ALARM_YEN,
        law_yen=policy.UNUSED_LAW_YEN,
        **FRAME,
    ), status


@bp.get("/books/unused.csv")
@operators_only
def books_unused_file() -> Answer:
    _form, day, _status = _asked_day()
    lines = [
        (f"{each.month:%Y-%m}", each.lots, each.points, each.yen)
        for each in unused.at_end_of(day).by_expiry
    ]
    head = (_("Month of the last day"), _("Lots"), _("Points"), _("Yen"))
    return csv_file(f"books-unused-{day}", head, lines)


def today() -> date:
    return clock.now().astimezone(clock.JAPAN).date()


def until_of(day: date) -> datetime | None:
    """The end of a day; of today there is none yet, and all that is stored counts."""
    return unused.end_of_day(day) if day < today() else None


def last_day_of(month: date) -> date:
    """The last day of a month, or today."""
    return min((month + 31 * DAY).replace(day=1) - DAY, today())


def _asked_day() -> tuple[DayForm, date, int]:
    """The day of the address, today if it names none; 422 for what is no day that has come."""
    if "day" not in request.args:
        return DayForm(formdata=None, day=today()), today(), 200
    form = DayForm(formdata=request.args)
    return (form, form.day.data, 200) if form.validate() else (form, today(), 422)


def _rewards(day: date) -> rewards.RewardBalance:
    return rewards.balance(now=clock.now(), until=until_of(day))


def _months() -> dict[str, object]:
    listed = months.listed(clock.now())
    before = max(CHARTED - len(listed), 0)  # months in which there was no house yet
    charted = [0] * before + [month.sales.total for month in listed[:CHARTED][::-1]]
    return {"months": listed, "charted": charted, **FRAME}


def _line_of(month: Month) -> tuple[object, ...]:
    each, closed = month.sales, month.closed
    return (
        *(f"{month.month:%Y-%m}", _("frozen") if closed else _("still open")),
        *(each.used, each.expired, each.moved, each.total, each.tax, each.rewards),
        *(each.house_fees, each.margin, each.sent, each.withheld, each.cast_fees),
        *(each.bank_fees, closed.sha256 if closed else ""),
    )


def _lines_of(side: PointBalance) -> list[tuple[object, ...]]:
    kind = KINDS[side.kind]
    return [
        (kind, _("Issued"), side.issued.points, side.issued.yen),
        *((kind, LINES[line], side[line].points, side[line].yen) for line in (*ISSUES, *TAKES)),
        (kind, _("Unused"), side.unused.points, side.unused.yen),
        (kind, _("Difference"), side.difference.points, side.difference.yen),
    ]


FRAME: dict[str, object] = {"last_day_of": last_day_of, "begins": clock.start_of, "Line": Line}
