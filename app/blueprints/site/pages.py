"""The pages around it: how it works, questions, the call system, becoming a cast.

Prose stands in one template for each language; its numbers come from policy.py and the price rows.
"""

from flask import Blueprint, render_template, request
from flask_babel import get_locale, ngettext

from app import clock, policy
from app.blueprints.shelf import kept_a_moment
from app.blueprints.site.asking import Asked
from app.casts import ranks
from app.payouts import conditions
from app.purchases import packs
from app.web import span

bp = Blueprint("site", __name__)

LONGEST_QUESTION = 100  # characters
SECONDS_OF_MINUTE = 60


@bp.get("/guide")
@kept_a_moment
def guide() -> str:
    return page("guide")


@bp.get("/faq")
@kept_a_moment
def faq() -> str:
    """Questions and answers; `q` leaves those that have all of its words (G55)."""
    return _questions("faq")


@bp.get("/call-system")
@kept_a_moment
def call_system() -> str:
    return page("call_system")


@bp.get("/environment")
@kept_a_moment
def environment() -> str:
    """What devices are needed, and whether this one will do (G50 to G54, D37)."""
    return page("environment")


@bp.get("/casting/faq")
@kept_a_moment
def cast_faq() -> str:
    return _questions("cast_faq")


@bp.get("/casting")
@kept_a_moment
def about_casting() -> str:
    return page("about_casting")


@bp.get("/casting/guide")
@kept_a_moment
def cast_guide() -> str:
    return page("cast_guide")


@bp.get("/jobs")
@kept_a_moment
def jobs() -> str:
    return page("jobs")


def page(name: str, **more: object) -> str:
    """A page of this folder in the reader's language, with the figures that such pages name."""
    today = clock.now().astimezone(clock.JAPAN).date()
    holding = ranks.prices_now(today=today)
    return render_template(
        f"site/{name}.{get_locale()}.html",
        prices={rank: ranks.price_of(rank, today=today) for rank in holding},
        packs=[(points, packs.price_yen(points)) for points in packs.PACKS],
        free_time=free_time(),
        cast_bears_fee=conditions.cast_bears_fee(),
        **more,
    )


def free_time() -> str:
    """The time before charging starts, in words: 1 minute."""
    seconds = int(policy.FREE_TIME.total_seconds())
    minutes, rest = divmod(seconds, SECONDS_OF_MINUTE)
    if rest:
        return span(policy.FREE_TIME)
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


def _questions(name: str) -> str:
    return page(name, asked=Asked(request.args.get("q", "")[:LONGEST_QUESTION]))
