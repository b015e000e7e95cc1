"""The closings of months: what they claimed, what is waited for and why, what is late."""

from datetime import date

from babel.dates import format_skeleton
from flask import flash, render_template, url_for
from flask_babel import get_locale, gettext

from app import clock, policy
from app.blueprints.admin.talks import bp
from app.guards import me, operators_only
from app.jobs import later
from app.payouts import closing, closing_watch, jobs
from app.web import Answer, go


@bp.get("/closings")
@operators_only
def closings() -> Answer:
    now = clock.now()
    late_since = closing_watch.late_since(now)
    return render_template(
        "admin/closings.html",
        months=closing_watch.months(),
        waiting=closing_watch.waiting(now),
        held=closing_watch.held(),
        late_since=late_since if late_since and now - late_since > policy.CLOSING_LATE else None,
        breaks_promise=closing_watch.breaks_promise(now),
        unpaid=closing_watch.count_unpaid(now),
        today=now.astimezone(clock.JAPAN).date(),
        month_name=_month_name,
        start_of=clock.start_of,
    )


@bp.post("/closings")
@operators_only
def close_now() -> Answer:
    """Begin the closing or a round now, without waiting. Pressed while one runs, it begins none."""
    if closing.begin_due(clock.now(), by=me().id):
        flash(gettext("It has begun. The figures below grow as it goes on."))
    else:
        flash(gettext("It is being done already. The figures below grow as it goes on."))
    later(jobs.close_months)
    return go(url_for(".closings"))


def _month_name(month: date) -> str:
    return format_skeleton("yMMMM", month, locale=get_locale())
