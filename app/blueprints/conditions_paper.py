"""A notice of conditions as it is shown, to its cast and to the office."""

from datetime import date

from flask_babel import format_date, get_locale
from flask_babel import lazy_gettext as _

from app.payouts.condition_reading import Standing, Told

STANDINGS = {
    Standing.HOLDS: _("holds now"),
    Standing.AHEAD: _("holds from that day"),
    Standing.OVER: _("replaced by a later notice"),
}


def on(day: date | str) -> str:
    """A day in words, also as it is frozen in a notice."""
    return str(format_date(date.fromisoformat(day) if isinstance(day, str) else day, "long"))


def paper_of(told: Told) -> dict[str, object]:
    """What the form of a notice needs, and the form itself: the words of its time."""
    notice = told.notice
    return {
        "form": f"conditions/form{notice.content['terms']['form']}.{get_locale()}.html",
        "content": notice.content,
        "before": told.before.content["terms"] if told.before else None,
        "changed": told.changed,
        "holds_from": notice.holds_from,
        "on": on,
    }
